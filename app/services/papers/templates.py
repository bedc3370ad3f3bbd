"""Wording and skeletons in force; every version of the bureau's own is kept."""

from __future__ import annotations

import difflib
from functools import lru_cache

from bson import ObjectId

from app import documents
from app.policy import papers as catalogue
from app.policy.terms import ProposalState
from app.services.core import files, scope
from app.services.core.by import By
from models.files import Attachment
from models.papers import Wording

SKELETON_PREFIX = "skeleton:"
FAMILIES = {"red_head": "文件头模板", "letter": "信函模板", "plain": "无文头模板"}


def template_targets() -> dict[str, str]:
    """Return everything that has versions, each kind's wording and each family's skeleton, with its label."""
    return {kind.code: kind.label for kind in catalogue.KINDS.values()} | {
        SKELETON_PREFIX + family: label for family, label in FAMILIES.items()
    }


def wording_version_in_force(target: str) -> Wording | None:
    """Return the bureau's version in force, or None while the shipped one is."""
    return (
        Wording.objects(target=target, state=ProposalState.APPROVED.value)
        .order_by("-decided_at", "-id")
        .first()
    )


def own_wording(kind: str) -> str | None:
    """Return the bureau's own wording of a kind, or None for the shipped one."""
    own = wording_version_in_force(kind)
    return own.text if own else None


def own_skeleton_id(family: str) -> ObjectId | None:
    """Return the file key of the bureau's own skeleton of a family, or None for the shipped one."""
    own = wording_version_in_force(SKELETON_PREFIX + family)
    return own.attachment_id if own else None


@lru_cache(maxsize=8)  # a stored file never changes; the letters of a batch share one
def read_skeleton(key: ObjectId | None) -> bytes | None:
    """Return the bytes of a skeleton file. Raises NotAllowed when they differ from those stored."""
    return files.content(Attachment.objects.get(pk=key)) if key else None


def own_skeleton(family: str) -> bytes | None:
    """Return the bureau's own skeleton of a family in force, or None for the shipped one."""
    return read_skeleton(own_skeleton_id(family))


def skeleton_in_force(family: str) -> bytes:
    """Return the skeleton that papers of a family are rendered with now."""
    return own_skeleton(family) or (documents.SKELETON_FOLDER / f"{family}.docx").read_bytes()


def wording_in_force(kind: str) -> str:
    """Return the wording that papers of a kind are rendered with now."""
    return own_wording(kind) or documents.standard_wording(kind)


def wording_versions(target: str, *, by: By) -> list[Wording]:
    """Return the latest 50 versions of a wording or skeleton, newest first."""
    return list(scope.rows(by, Wording).filter(target=target).order_by("-id")[:50])


def wording_changes(version: Wording) -> list[tuple[str, str]]:
    """Return the lines that a version removes from, and adds to, the version in force before it."""
    if not version.text:
        return []
    earlier = Wording.objects(target=version.target, state=ProposalState.APPROVED.value, id__lt=version.pk)
    before = earlier.order_by("-decided_at", "-id").first()
    old = (before.text if before else documents.standard_wording(version.target)).splitlines()
    marks = {"- ": "删去", "+ ": "新增"}
    lines = difflib.ndiff(old, version.text.splitlines())
    return [(marks[line[:2]], line[2:]) for line in lines if line[:2] in marks and line[2:].strip()]
