"""Wording and skeletons that the bureau edits: prepared by the city, approved by its lead, every version kept."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from zipfile import BadZipFile

from bson import ObjectId

from app import documents
from app.documents import checks
from app.documents.checks import Check
from app.documents.layout.skeletons import FOLDER
from app.documents.layout.wording import WordingError
from app.exchange import uploads
from app.exchange.uploads import UploadRefused
from app.policy import access
from app.policy import papers as catalogue
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import ProposalState
from app.services import settings
from app.services.core import files, scope
from app.services.core.by import By
from models.files import Attachment
from models.papers import Wording

SKELETON_PREFIX = "skeleton:"
FAMILIES = {"red_head": "文件头模板", "letter": "信函模板", "plain": "无文头模板"}
MAX_SKELETON_BYTES = 2 * 1024 * 1024
TRIAL_NUMBER = "云工信〔2027〕7号"


@dataclass(frozen=True)
class Trial:
    """A specimen built with a wording and a skeleton, and what the layout checker says of it."""

    content: bytes
    checks: list[Check]

    @property
    def faults(self) -> list[Check]:
        return [check for check in self.checks if not check.ok]


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


def trial_of(version: Wording) -> Trial:
    """The specimen of a stored version. Raises NotAllowed naming what is wrong."""
    if version.target.startswith(SKELETON_PREFIX):
        return try_skeleton(
            version.target.removeprefix(SKELETON_PREFIX), read_skeleton(version.attachment_id)
        )
    return try_wording(version.target, version.text)


def try_wording(kind: str, text: str | None) -> Trial:
    """A specimen with this wording in the skeleton in force. Raises NotAllowed naming the placeholder, case or line."""
    return _trial(kind, text, own_skeleton(catalogue.KINDS[kind].family))


def try_skeleton(family: str, content: bytes | None) -> Trial:
    """The first kind of the family in this skeleton. Raises NotAllowed naming what the skeleton lacks."""
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
    except (WordingError, documents.SkeletonError) as error:
        raise NotAllowed(str(error)) from error
    except (KeyError, ValueError, AttributeError, BadZipFile) as error:
        raise NotAllowed("模板不能用来生成公文：缺少页面、页眉或样式，请在系统提供的模板上修改。") from error
    return Trial(content, checks.check(content, kind_family=row.family))


def propose_wording(kind: str, text: str, note: str, *, by: By) -> Wording:
    """A new wording for approval. Raises NotAllowed when it cannot be used, naming why."""
    _demand_proposer(by.actor, kind)
    text = text.replace("\r\n", "\n").strip() + "\n"
    if text == wording_in_force(kind):
        raise NotAllowed("用语与现行版本完全相同，没有修改。")
    try_wording(kind, text)
    return _propose(Wording(target=kind, text=text), note, by=by)


def propose_skeleton(family: str, upload: tuple[str, bytes], note: str, *, by: By) -> Wording:
    """A new skeleton for approval, examined as every upload and tried with a specimen."""
    _demand_proposer(by.actor, SKELETON_PREFIX + family)
    name, content = upload
    try:
        examined = uploads.examine(BytesIO(content), name, allowed=("docx",), max_size=MAX_SKELETON_BYTES)
    except UploadRefused as refusal:
        raise NotAllowed(str(refusal)) from refusal
    try_skeleton(family, content)
    attachment = files.store(examined, content, by=by)
    return _propose(
        Wording(target=SKELETON_PREFIX + family, attachment_id=attachment.pk),
        note,
        by=by,
        attachment=attachment,
    )


def restore_version(version: Wording, note: str, *, by: By) -> Wording:
    """Propose an earlier version again; like every change it needs the second person."""
    _demand_proposer(by.actor, version.target)
    return _propose(
        Wording(target=version.target, text=version.text, attachment_id=version.attachment_id),
        note,
        by=by,
    )


def restore_shipped(target: str, note: str, *, by: By) -> Wording:
    """Propose what the project ships; like every change it needs the second person."""
    _demand_proposer(by.actor, target)
    text = None if target.startswith(SKELETON_PREFIX) else documents.standard_wording(target)
    return _propose(Wording(target=target, text=text), note, by=by)


def _propose(version: Wording, note: str, *, by: By, attachment: Attachment | None = None) -> Wording:
    version.label = template_targets()[version.target]

    def keep_file(saved: Wording) -> None:
        if attachment is not None:
            files.finalise(attachment, saved, by=by)

    verb = Verb.WORDING_PROPOSED if version.text else Verb.SKELETON_PROPOSED
    return settings.prepare_proposal(version, note, verb=verb, by=by, then=keep_file)


def approve_wording(version: Wording, answer: str = "", *, seen: int, by: By) -> Wording:
    """The second person puts it in force from now on; papers issued before stay as they are."""
    trial_of(version)
    return settings.approve_proposal(version, answer, seen=seen, by=by)


def send_back_wording(version: Wording, answer: str, *, seen: int, by: By) -> Wording:
    return settings.send_back_proposal(version, answer, seen=seen, by=by)


def wording_offers(version: Wording, *, actor: Actor) -> list[Offer]:
    """Approving and sending back while it waits; going back to one that was approved and replaced since."""
    if version.state != ProposalState.APPROVED.value or not access.may(actor, "create", "wording"):
        return settings.proposal_offers(version, actor=actor)
    current = version_in_force(version.target)
    if current is None or current.pk == version.pk:
        return []
    return [Offer("restore", "恢复到此版本", asks=("reason",), note="恢复也须由另一人审批。")]


def _demand_proposer(actor: Actor, target: str) -> None:
    settings.demand_proposer(actor, Wording)
    if target not in template_targets():
        raise NotAllowed("没有这种公文或模板。")
