"""Official documents 公文: built from a skeleton and wording, the same bytes for the same inputs."""

from pathlib import Path

from app.documents.kinds import specimen
from app.documents.layout.amending import amended
from app.documents.layout.skeletons import FOLDER as SKELETON_FOLDER
from app.documents.layout.skeletons import SkeletonError
from app.documents.layout.verification import Verification
from app.documents.layout.wording import WordingError
from app.documents.layout.wording import standard as standard_wording
from app.documents.output.engine import build, cases, check_wording, placeholders, text_of, title_of
from app.documents.output.missing_placeholders import missing_placeholders
from app.documents.output.preview import PreviewError, available, preview_pdf

# Shipped in evidence bundles, where it runs alone.
EVIDENCE_CHECKER = Path(__file__).parent / "output" / "evidence_check.py"

__all__ = [
    "EVIDENCE_CHECKER",
    "PreviewError",
    "SKELETON_FOLDER",
    "SkeletonError",
    "Verification",
    "WordingError",
    "amended",
    "available",
    "build",
    "cases",
    "check_wording",
    "missing_placeholders",
    "placeholders",
    "preview_pdf",
    "specimen",
    "standard_wording",
    "text_of",
    "title_of",
]
