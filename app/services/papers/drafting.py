"""Papers that belong to no decision: drafted, edited, finished outside if wanted, and submitted for signature."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from app import documents
from app.documents import checks
from app.documents.kinds import KINDS
from app.documents.kinds.issued import RevocationInputs
from app.documents.layout.wording import WordingError
from app.documents.output import uploaded_finals
from app.exchange import uploads
from app.exchange.uploads import UploadRefused
from app.policy import access, deadlines
from app.policy import papers as catalogue
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import FileState, PaperState, Role, Succession
from app.services.core import files, messages, records, rules
from app.services.core.by import By
from app.services.papers import building, numbers
from app.services.papers import succession as successions
from app.services.papers.values import from_plain, to_plain
from models.accounts.people import User
from models.database import transact
from models.decisions import Decision
from models.files import Attachment
from models.papers import Number, Paper

MAX_FINAL_BYTES = 20 * 1024 * 1024


def draftable_kinds(actor: Actor) -> list[catalogue.PaperKind]:
    """The kinds that may be drafted freely; letters to a reporter are written with the tip, sealed."""
    if not may_draft(actor):
        return []
    return [kind for kind in catalogue.KINDS.values() if not (kind.sealed or kind.by_step)]


def may_draft(actor: Actor) -> bool:
    return actor.role is Role.CITY and access.may(actor, "create", "paper")


def default_inputs(kind: str, now: datetime) -> dict[str, Any]:
    """What the rule pack and the bureau's values say already: nothing is typed twice."""
    pack, values = rules.pack(), rules.values()
    known = {
        "issuer": pack.city.bureau,
        "signed_on": now.date(),
        "contact": values["contact_name"],
        "phone": values["contact_phone"],
        "rules_title": pack.rules.title,
        "rules_number": pack.rules.number,
        "year": now.year,
        "addressees": pack.city.addressees,
        "platform": pack.city.platform,
        "platform_address": pack.city.platform_address,
        "address": values["contact_address"],
        "bureau": pack.city.bureau,
        "province_department": pack.city.province_department,
        "report_to": pack.city.incident_report_to,
        "province_rules": pack.upstream["province"].citation,
        "as_of": now.date(),
    }
    fields = {field.name: field for field in dataclasses.fields(KINDS[kind].inputs)}
    usual = {name: field.default for name, field in fields.items() if isinstance(field.default, str)}
    return usual | {name: known[name] for name in fields if name in known} | _default_dates(kind, now)


def _default_dates(kind: str, now: datetime) -> dict[str, date]:
    row = catalogue.KINDS[kind]
    legal = {name: deadlines.legal_date(rules.pack(), key, now.year) for name, key in row.legal_dates.items()}
    return legal | {name: rules.due_after(now, key) for name, key in row.due_after.items()}


def compose(
    kind: str,
    inputs: Any,
    *,
    areas: Sequence[str],
    unit_ids: Sequence[Any] = (),
    corrects: Paper | None = None,
    succession: Succession | None = None,
    batch_id: Any = None,
    by: By,
) -> Paper:
    """A new free draft; with `corrects` it is to replace or revoke an issued paper. Raises NotAllowed."""
    row = catalogue.KINDS.get(kind)
    allowed = kind in {one.code for one in draftable_kinds(by.actor)} or (
        corrects is not None and may_draft(by.actor)
    )
    if row is None or row.sealed or not allowed:
        raise NotAllowed("这种公文不能在这里拟制。")
    if corrects is not None and (why := redraft_obstacle(row) or succession_obstacle(corrects, succession)):
        raise NotAllowed(why)
    values = {
        "areas": list(areas),
        "unit_ids": list(unit_ids),
        "batch_id": batch_id,
        "corrects_id": corrects.pk if corrects else None,
        "succession": succession.value if succession else None,
    }
    return _in_words(lambda: building.create_draft(kind, inputs, by=by, **values))


def redraft_obstacle(row: catalogue.PaperKind) -> str:
    """ "" or why the city cannot draft this kind once more: nobody of the bureau could sign it."""
    if row.signed_by is Role.CITY_LEAD:
        return ""
    return f"{row.label}由{row.signed_by.label}签发，市局不能代为更正；可以撤销。"


def succession_obstacle(old: Paper, way: Succession | None) -> str:
    """ "" or why no paper can replace, or revoke, this one now."""
    if not old.valid:
        return "只有现行有效的公文可以更正或撤销。"
    waiting = Paper.objects(corrects_id=old.pk, state__ne=PaperState.DROPPED.value).first()
    if waiting is not None:
        return f"已有更正或撤销它的公文：{waiting}（{waiting.get_state_display()}）。"
    return successions.revocation_obstacle(old) if way is Succession.REVOKES else ""


def correct(old: Paper, *, by: By) -> Paper:
    """A draft with the same inputs that will replace an issued paper: what is issued never changes itself."""
    inputs = dict(old.inputs) | {"signed_on": by.today.isoformat()}
    return compose(
        old.kind,
        from_plain(old.kind, inputs),
        areas=old.areas,
        unit_ids=old.unit_ids,
        corrects=old,
        succession=Succession.REPLACES,
        by=by,
    )


def revoke(old: Paper, reasons: str, *, by: By) -> Paper:
    """A draft of the announcement that revokes an issued paper."""
    if not reasons.strip():
        raise NotAllowed("撤销公文须写明理由。")
    head = default_inputs(catalogue.REVOCATION, by.now)
    inputs = RevocationInputs(
        **head,
        revoked_title=old.title,
        revoked_number=old.number_text or "",
        revoked_on=old.issued_on,
        reasons=tuple(line.strip() for line in reasons.splitlines() if line.strip()),
    )
    return compose(
        catalogue.REVOCATION,
        inputs,
        areas=old.areas,
        unit_ids=old.unit_ids,
        corrects=old,
        succession=Succession.REVOKES,
        by=by,
    )


def edit(
    paper: Paper,
    inputs: Any,
    *,
    version: int,
    by: By,
    addressed: Mapping[str, Any] | None = None,
) -> Paper:
    """Change a draft's inputs; a finished file that was made from the old ones no longer counts."""

    def work() -> Paper:
        fresh = _reload_open(paper, by.actor)
        title = documents.title_of(fresh.kind, inputs, wording=building.wording_of(fresh))
        values = {
            "inputs": to_plain(inputs),
            "title": title,
            "editors": _editors_with(fresh, by.actor),
            "final_id": None,
        }
        _detach_final_file(fresh)
        return records.write(
            fresh, values | dict(addressed or {}), version=version, by=by, verb=Verb.DRAFT_EDITED
        )

    return _in_words(lambda: transact(work))


def reword(paper: Paper, text: str, *, version: int, by: By) -> Paper:
    """This paper's own wording, until it is signed; also of a paper that a decision issues."""
    text = text.replace("\r\n", "\n").strip() + "\n"

    def work() -> Paper:
        fresh = _reload_open(paper, by.actor, free=False)
        inputs = from_plain(fresh.kind, fresh.inputs)
        title = documents.title_of(fresh.kind, inputs, wording=text)
        documents.missing_placeholders(fresh.kind, inputs, text)
        values = {
            "wording": text,
            "title": title,
            "editors": _editors_with(fresh, by.actor),
            "final_id": None,
        }
        _detach_final_file(fresh)
        if fresh.decision_id:  # whoever has the decision before him must look again
            Decision.objects(pk=fresh.decision_id).modify(inc__version=1)
        return records.write(fresh, values, version=version, by=by, verb=Verb.DRAFT_REWORDED)

    return _in_words(lambda: transact(work))


# --- numbers and finished files ---------------------------------------------------------------------


def take_number(paper: Paper, kept: Any = None, *, by: By) -> Number:
    """Give a draft its number before it is finished outside: the next one, or one kept for the purpose."""
    fresh = _reload_open(paper, by.actor)
    if not fresh.series:
        raise NotAllowed("这种公文不编文号。")
    if kept:
        return numbers.assign_reserved(Number.objects.get(pk=kept), fresh)
    return numbers.reserve_number(fresh, by.now.year, now=by.now)


def upload_final(paper: Paper, name: str, content: bytes, *, version: int, by: By) -> Paper:
    """A draft that was edited outside: its form, number, code and names are checked, then it is what will be issued.

    Raises NotAllowed naming every fault: clause, what is asked, what was found.
    """
    fresh = _reload_open(paper, by.actor)
    number = numbers.number_of(fresh)
    if fresh.series and number is None:
        raise NotAllowed("请先编号，再下载带文号的稿子修改：定稿里须有文号。")
    try:
        examined = uploads.examine(BytesIO(content), name, allowed=("docx",), max_size=MAX_FINAL_BYTES)
    except UploadRefused as refusal:
        raise NotAllowed(str(refusal)) from refusal
    if faults := final_faults(fresh, content, number.text if number else ""):
        raise NotAllowed(
            "定稿未通过检查：" + "；".join(faults[:12]) + ("；……" if len(faults) > 12 else "") + "。"
        )
    attachment = files.store(examined, content, by=by)

    def work() -> Paper:
        again = _reload_open(paper, by.actor)
        _detach_final_file(again)
        files.finalise(attachment, again, by=by)
        values = {"final_id": attachment.pk, "editors": _editors_with(again, by.actor)}
        return records.write(again, values, version=version, by=by, verb=Verb.FINAL_UPLOADED)

    return transact(work)


def final_faults(paper: Paper, content: bytes, number: str) -> list[str]:
    """Why a finished file may not be issued: form by the standard, number, code, names in its tables."""
    inputs = from_plain(paper.kind, paper.inputs)
    found = [
        f"{check.name}（{check.clause}）应为{check.expected}，实为{check.found}"
        for check in checks.check(content, kind_family=catalogue.KINDS[paper.kind].family)
        if not check.ok
    ]
    return found + uploaded_finals.faults(content, inputs, number=number, code=paper.verification)


def _detach_final_file(paper: Paper) -> None:
    """A finished file that no longer counts is no part of the paper any more; the sweep clears it away."""
    if paper.final_id:
        Attachment.objects(pk=paper.final_id).update(
            set__state=FileState.STAGING.value, set__resource="", unset__owner_id=1
        )


# --- submitting -------------------------------------------------------------------------------------


def submit(paper: Paper, *, version: int, by: By) -> Paper:
    """Hand a draft to the lead. Raises NotAllowed naming what is still empty."""

    def work() -> Paper:
        fresh = _reload_open(paper, by.actor)
        building.demand_complete(fresh, from_plain(fresh.kind, fresh.inputs))
        building.succession_clause(fresh)
        values = {"state": PaperState.SUBMITTED.value, "editors": _editors_with(fresh, by.actor)}
        saved = records.write(fresh, values, version=version, by=by, verb=Verb.PAPER_SUBMITTED)
        leads = User.objects.working(Role.CITY_LEAD).scalar("username")
        text = f"待审签公文：{saved.title}，{saved.drafted_name}拟稿。"
        messages.send(
            leads,
            f"paper:{saved.pk}:{saved.version}",
            text,
            f"/admin/paper/details/?id={saved.pk}",
            now=by.now,
        )
        return saved

    return transact(work)


def withdraw(paper: Paper, reason: str, *, version: int, by: By) -> Paper:
    """Take a draft out of the way; its number, if it has one, becomes void with the reason."""
    if not reason.strip():
        raise NotAllowed("撤稿须填写理由。")

    def work() -> Paper:
        fresh = Paper.objects.get(pk=paper.pk)
        if not may_draft(by.actor) or fresh.decision_id or fresh.issuing_by or fresh.version != version:
            raise NotAllowed("当前状态不能撤稿，请刷新后重试。")
        if fresh.state not in (PaperState.DRAFTED.value, PaperState.SUBMITTED.value, PaperState.SIGNED.value):
            raise NotAllowed("已印发的公文不能撤稿；需要更正或撤销时另行发文。")
        building.discard(fresh, reason, by=by)
        return fresh

    return transact(work)


def _reload_open(paper: Paper, actor: Actor, *, free: bool = True) -> Paper:
    fresh = Paper.objects.get(pk=paper.pk)
    if not may_draft(actor) or not access.may(actor, "edit", "paper"):
        raise NotAllowed(f"拟稿由市局经办办理，{actor.role.label}不能修改公文。")
    if free and fresh.decision_id:
        raise NotAllowed("这份公文的内容取自审批单上的记录，不能单独修改；文字可以在“修改用语”中改。")
    if not fresh.open:
        raise NotAllowed(f"公文{fresh.get_state_display()}，不能再修改。")
    return fresh


def _editors_with(paper: Paper, actor: Actor) -> list[str]:
    return sorted({*paper.editors, actor.username})


def _in_words(work: Callable[[], Paper]) -> Paper:
    try:
        return work()
    except WordingError as error:
        raise NotAllowed(str(error)) from error
