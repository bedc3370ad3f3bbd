"""Specimens built to try a wording or a skeleton."""

from __future__ import annotations

from dataclasses import dataclass
from zipfile import BadZipFile

from app import documents
from app.documents import checks
from app.documents.checks import Check
from app.policy import papers as catalogue
from app.policy.flow import NotAllowed
from app.services.papers.templates import SKELETON_PREFIX, own_skeleton, own_wording, read_skeleton
from models.papers import Wording

TRIAL_NUMBER = "云工信〔2027〕7号"


@dataclass(frozen=True)
class Trial:
    """A specimen built with a wording and a skeleton, and its layout checks."""

    content: bytes
    checks: list[Check]

    @property
    def faults(self) -> list[Check]:
        return [check for check in self.checks if not check.ok]


def trial_of(version: Wording) -> Trial:
    """Return the specimen of a stored version. Raises NotAllowed naming the fault."""
    if version.target.startswith(SKELETON_PREFIX):
        return try_skeleton(
            version.target.removeprefix(SKELETON_PREFIX), read_skeleton(version.attachment_id)
        )
    return try_wording(version.target, version.text)


def try_wording(kind: str, text: str | None) -> Trial:
    """Build a specimen with this wording and the skeleton in force. Raises NotAllowed naming the fault."""
    return _trial(kind, text, own_skeleton(catalogue.KINDS[kind].family))


def try_skeleton(family: str, content: bytes | None) -> Trial:
    """Build a specimen of the family's first kind with this skeleton. Raises NotAllowed naming the fault."""
    kind = next(kind.code for kind in catalogue.KINDS.values() if kind.family == family)
    return _trial(kind, own_wording(kind), content)


def _trial(kind: str, text: str | None, skeleton: bytes | None) -> Trial:
    row, inputs = catalogue.KINDS[kind], documents.specimen(kind)
    mark = documents.Verification("SPECIMEN2345", "https://example.invalid/verify/SPECIMEN2345")
    number = TRIAL_NUMBER if row.series else None
    try:
        content = documents.build(
            kind, inputs, number=number, verification=mark, wording=text, skeleton=skeleton
        )
    except (documents.WordingError, documents.SkeletonError) as error:
        raise NotAllowed(str(error)) from error
    except (KeyError, ValueError, AttributeError, BadZipFile) as error:
        raise NotAllowed("模板不能用来生成公文：缺少页面、页眉或样式，请在系统提供的模板上修改。") from error
    return Trial(content, checks.check(content, kind_family=row.family))
