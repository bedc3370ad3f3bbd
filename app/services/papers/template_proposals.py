"""Proposals to change wording and skeletons, approved by a second person."""

from __future__ import annotations

from io import BytesIO

from app import documents
from app.exchange import uploads
from app.exchange.uploads import UploadRefused
from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import ProposalState
from app.services import settings
from app.services.core import files
from app.services.core.by import By
from app.services.papers.templates import (
    SKELETON_PREFIX,
    template_targets,
    wording_in_force,
    wording_version_in_force,
)
from app.services.papers.trials import trial_of, try_skeleton, try_wording
from models.files import Attachment
from models.papers import Wording

MAX_SKELETON_BYTES = 2 * 1024 * 1024


def propose_wording(kind: str, text: str, note: str, *, by: By) -> Wording:
    """Propose a new wording. Raises NotAllowed when it cannot be used."""
    demand_template_proposer(by.actor, kind)
    text = text.replace("\r\n", "\n").strip() + "\n"
    if text == wording_in_force(kind):
        raise NotAllowed("用语与现行版本完全相同，没有修改。")
    try_wording(kind, text)
    return _propose(Wording(target=kind, text=text), note, by=by)


def propose_skeleton(family: str, upload: tuple[str, bytes], note: str, *, by: By) -> Wording:
    """Propose a new skeleton, examined like every upload and tried with a specimen. Raises NotAllowed."""
    demand_template_proposer(by.actor, SKELETON_PREFIX + family)
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


def restore_wording(version: Wording, note: str, *, by: By) -> Wording:
    """Propose an earlier version again; it needs a second person like every change."""
    demand_template_proposer(by.actor, version.target)
    return _propose(
        Wording(target=version.target, text=version.text, attachment_id=version.attachment_id),
        note,
        by=by,
    )


def restore_shipped_wording(target: str, note: str, *, by: By) -> Wording:
    """Propose the version shipped with the project; it needs a second person like every change."""
    demand_template_proposer(by.actor, target)
    text = None if target.startswith(SKELETON_PREFIX) else documents.standard_wording(target)
    return _propose(Wording(target=target, text=text), note, by=by)


def _propose(version: Wording, note: str, *, by: By, attachment: Attachment | None = None) -> Wording:
    """Insert the proposal and bind its file to it."""
    version.label = template_targets()[version.target]

    def keep_file(saved: Wording) -> None:
        if attachment is not None:
            files.finalise(attachment, saved, by=by)

    verb = Verb.WORDING_PROPOSED if version.text else Verb.SKELETON_PROPOSED
    return settings.prepare_proposal(version, note, verb=verb, by=by, then=keep_file)


def approve_wording(version: Wording, answer: str = "", *, seen: int, by: By) -> Wording:
    """Put a version in force from now on; papers signed or issued before stay as they are."""
    trial_of(version)
    return settings.approve_proposal(version, answer, seen=seen, by=by)


def send_back_wording(version: Wording, answer: str, *, seen: int, by: By) -> Wording:
    """Return a proposed version to its proposer."""
    return settings.send_back_proposal(version, answer, seen=seen, by=by)


def wording_offers(version: Wording, *, actor: Actor) -> list[Offer]:
    """Offer approval or return of a waiting version, and restoring of a replaced one."""
    if version.state != ProposalState.APPROVED.value or not access.may(actor, "create", "wording"):
        return settings.proposal_offers(version, actor=actor)
    current = wording_version_in_force(version.target)
    if current is None or current.pk == version.pk:
        return []
    return [Offer("restore", "恢复到此版本", asks=("reason",), note="恢复也须由另一人审批。")]


def demand_template_proposer(actor: Actor, target: str) -> None:
    """Raise NotAllowed unless the actor may propose a version of this target."""
    settings.demand_proposer(actor, Wording)
    if target not in template_targets():
        raise NotAllowed("没有这种公文或模板。")
