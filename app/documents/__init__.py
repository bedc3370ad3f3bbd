"""Official documents 公文: built from a skeleton and wording, the same bytes for the same inputs."""

from app.documents import wording as _wording
from app.documents.blanks import blanks
from app.documents.engine import build, cases, check_wording, placeholders, text_of, title_of
from app.documents.preview import PreviewError, available, preview_pdf
from app.documents.skeletons import SkeletonError
from app.documents.specimens import specimen
from app.documents.verification import Verification
from app.documents.wording import WordingError

standard_wording = _wording.standard

__all__ = [
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
