"""Official documents 公文: built from a skeleton and wording, the same bytes for the same inputs."""

from pathlib import Path

from app.documents.kinds import specimen
from app.documents.layout import wording as _wording
from app.documents.layout.skeletons import SkeletonError
from app.documents.layout.verification import Verification
from app.documents.layout.wording import WordingError
from app.documents.output.engine import build, cases, check_wording, placeholders, text_of, title_of
from app.documents.output.missing_placeholders import blanks
from app.documents.output.preview import PreviewError, available, preview_pdf

standard_wording = _wording.standard
EVIDENCE_CHECKER = (
    Path(__file__).parent / "output" / "evidence_check.py"
)  # shipped in evidence bundles, runs alone

__all__ = [
    "EVIDENCE_CHECKER",
    "PreviewError",
    "SkeletonError",
    "Verification",
    "WordingError",
    "available",
    "blanks",
    "build",
    "cases",
    "check_wording",
    "placeholders",
    "preview_pdf",
    "specimen",
    "standard_wording",
    "text_of",
    "title_of",
]
