"""Wording and skeletons that the bureau edits: prepared by the city, approved by its lead, every version kept."""

from __future__ import annotations

import difflib
from functools import lru_cache

from bson import ObjectId

from app import documents
from app.documents.layout.skeletons import FOLDER
from app.policy import papers as catalogue
from app.policy.terms import ProposalState
from app.services.core import files, scope
from app.services.core.by import By
from models.files import Attachment
from models.papers import Wording

SKELETON_PREFIX = "skeleton:"
FAMILIES = {"red_head": "文件头模板", "letter": "信函模板", "plain": "无文头模板"}


def template_targets() -> dict[str, str]:
    """Everything that has versions: each kind's wording, each family's skeleton, with its name."""
    return {kind.code: kind.label for kind in catalogue.KINDS.values()} | {
        SKELETON_PREFIX + family: label for family, label in FAMILIES.items()
    }


def version_in_force(target: str) -> Wording | None:
    """The version in force; None while the one that the project ships is."""
    return (
        Wording.objects(target=target, state=ProposalState.APPROVED.value)
        .order_by("-decided_at", "-id")
        .first()
    )


def own_wording(kind: str) -> str | None:
    """The bureau's own wording of a kind, None: as shipped."""
    own = version_in_force(kind)
    return own.text if own else None


def own_skeleton_id(family: str) -> ObjectId | None:
    """The file of the bureau's own skeleton of a family, None: as shipped."""
    own = version_in_force(SKELETON_PREFIX + family)
    return own.attachment_id if own else None


@lru_cache(maxsize=8)  # a stored file never changes; the letters of a batch share one
def read_skeleton(key: ObjectId | None) -> bytes | None:
    """The bytes of a skeleton file. Raises NotAllowed when it is not what was stored."""
    return files.content(Attachment.objects.get(pk=key)) if key else None


def own_skeleton(family: str) -> bytes | None:
    """The bureau's own skeleton of a family that is in force, None: as shipped."""
    return read_skeleton(own_skeleton_id(family))


def skeleton_in_force(family: str) -> bytes:
    """The skeleton that papers of a family are built from now."""
    return own_skeleton(family) or (FOLDER / f"{family}.docx").read_bytes()


def wording_in_force(kind: str) -> str:
    return own_wording(kind) or documents.standard_wording(kind)


def versions(target: str, *, by: By) -> list[Wording]:
    """Return the latest 50 versions of a wording or skeleton, newest first."""
    return list(scope.rows(by, Wording).filter(target=target).order_by("-id")[:50])


def wording_changes(version: Wording) -> list[tuple[str, str]]:
    """Lines that a version takes out of, and puts into, what was in force before it."""
    if not version.text:
        return []
    earlier = Wording.objects(target=version.target, state=ProposalState.APPROVED.value, id__lt=version.pk)
    before = earlier.order_by("-decided_at", "-id").first()
    old = (before.text if before else documents.standard_wording(version.target)).splitlines()
    marks = {"- ": "删去", "+ ": "新增"}
    lines = difflib.ndiff(old, version.text.splitlines())
    return [(marks[line[:2]], line[2:]) for line in lines if line[:2] in marks and line[2:].strip()]
