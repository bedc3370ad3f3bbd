"""What the rules leave open, changed by two people: discretionary values and the days of the State Council's notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mongoengine import QuerySet

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import ProposalState
from app.services.core import audit, records, rules, scope
from app.services.core.by import By
from app.services.settings import proposals
from models.settings.values import Holiday, Proposal, Setting

HOLIDAYS = "holidays"  # the target of proposals about days; every other target is a discretionary key
MOST_DAYS = 60  # more days than any one notice of the State Council names

# A day of the table: works or rests, by which notice; None: not in the table.
Entry = dict[str, Any] | None


def approved() -> dict[str, Setting]:
    """Return the values that the bureau has set itself, by key."""
    return {setting.key: setting for setting in Setting.objects}


def propose(key: str, value: Any, reason: str, *, by: By) -> Proposal:
    """A new value for the lead to approve; until then nothing changes. Raises NotAllowed in words."""
    proposals.demand_proposer(by.actor, Proposal)
    row = rules.pack().discretion.get(key)
    if row is None:
        raise NotAllowed("这一项由细则规定，不能在界面上修改。")
    if problem := row.problem(value):
        raise NotAllowed(problem + "。")
    former = rules.values()[key]
    if row.shown(value) == row.shown(former):
        raise NotAllowed(f"{row.label}现行就是{row.shown(former) or '空'}，没有修改。")
    proposal = Proposal(
        target=key,
        label=row.label,
        value=value,
        former=former,
        shown=row.shown(value),
        former_shown=row.shown(former),
    )
    return proposals.prepare(proposal, reason, verb=Verb.CHANGE_PROPOSED, by=by)


def propose_days(days: Mapping[date, bool | None], source: str, reason: str, *, by: By) -> Proposal:
    """Days that are worked (True), free (False) or leave the table (None), for the lead to approve."""
    proposals.demand_proposer(by.actor, Proposal)
    if not days or len(days) > MOST_DAYS:
        raise NotAllowed(f"请填写 1 至 {MOST_DAYS} 个日期。")
    if not source.strip() and any(works is not None for works in days.values()):
        raise NotAllowed("请填写来源文号（国务院办公厅的放假通知）。")
    if len(source.strip()) > Holiday.source.max_length:
        raise NotAllowed(f"来源文号不超过 {Holiday.source.max_length} 字。")
    entries: dict[str, Entry] = {
        day.isoformat(): None if works is None else {"works": works, "source": source.strip()}
        for day, works in sorted(days.items())
    }
    return _propose_entries(entries, reason, by=by)


def _propose_entries(entries: dict[str, Entry], reason: str, *, by: By) -> Proposal:
    former = _entries_of(entries)
    changed = {day: entry for day, entry in entries.items() if entry != former[day]}
    if not changed:
        raise NotAllowed("与现行节假日表相同，没有修改。")
    former = {day: former[day] for day in changed}
    proposal = Proposal(
        target=HOLIDAYS,
        label="节假日",
        value=changed,
        former=former,
        shown=_days_in_words(changed),
        former_shown=_days_in_words(former),
    )
    return proposals.prepare(proposal, reason, verb=Verb.CHANGE_PROPOSED, by=by)


def _entries_of(days: Mapping[str, Any]) -> dict[str, Entry]:
    """What the table says of these days now."""
    held = Holiday.objects(day__in=[date.fromisoformat(day) for day in days])
    found = {one.day.isoformat(): {"works": one.works, "source": one.source} for one in held}
    return {day: found.get(day) for day in days}


def _days_in_words(entries: Mapping[str, Entry]) -> str:
    words = {True: "上班", False: "放假"}
    return "、".join(f"{day}{words[entry['works']] if entry else '未登记'}" for day, entry in entries.items())


def propose_back(proposal: Proposal, reason: str, *, by: By) -> Proposal:
    """Undo an approved change: propose what was in force before it; like every change it needs the second person."""
    if proposal.state != ProposalState.APPROVED.value:
        raise NotAllowed("只有已批准的修改可以改回。")
    if why := _why_not_back(proposal):
        raise NotAllowed(why)
    if proposal.target == HOLIDAYS:
        proposals.demand_proposer(by.actor, Proposal)
        return _propose_entries(dict(proposal.former), reason, by=by)
    return propose(proposal.target, proposal.former, reason, by=by)


def approve(proposal: Proposal, answer: str = "", *, seen: int, by: By) -> Proposal:
    """Put it in force, value and approval in one transaction; the audit line names both people."""

    def put(decided: Proposal) -> None:
        if decided.target == HOLIDAYS:
            for day, entry in decided.value.items():
                _put_day(date.fromisoformat(day), entry, decided, by=by)
        else:
            _put_value(decided, by=by)

    return proposals.approve(proposal, answer, seen=seen, by=by, then=put)


def send_back(proposal: Proposal, answer: str, *, seen: int, by: By) -> Proposal:
    return proposals.send_back(proposal, answer, seen=seen, by=by)


def _both(decided: Proposal) -> str:
    return f"{decided.note}（{decided.prepared_name}提出，{decided.decided_name}批准）"


def _put_value(decided: Proposal, *, by: By) -> None:
    row = rules.pack().discretion.get(decided.target)
    if row is None or row.problem(decided.value):
        raise NotAllowed("规则包已不允许这个取值，请退回后重新提出。")
    old = rules.values()[row.key]
    setting = Setting.objects(key=row.key).first() or Setting(key=row.key)
    setting.value, setting.reason, setting.set_at = decided.value, decided.note, by.now
    setting.set_by, setting.approved_by = decided.prepared_name, decided.decided_name
    setting.version += 1
    records.save(setting)
    change = (row.key, row.label, row.shown(old), row.shown(decided.value))
    audit.record(Verb.PUT_IN_FORCE, by=by, subject=setting, changes=[change], reason=_both(decided))


def _put_day(day: date, entry: Entry, decided: Proposal, *, by: By) -> None:
    held = Holiday.objects(day=day).first()
    if entry is None:
        if held is not None:
            taken = records.initial(held, removed=True)
            audit.record(Verb.DELETE, by=by, subject=held, changes=taken, reason=_both(decided))
            held.delete()
        return
    values = entry | {"set_by": decided.prepared_name, "approved_by": decided.decided_name}
    if held is None:
        records.insert(Holiday(day=day, **values), by=by, reason=_both(decided))
    else:
        records.write(held, values, version=held.version, by=by, reason=_both(decided))


def seen_by(by: By) -> QuerySet:
    """The proposals that the actor may read, newest first."""
    return scope.rows(by, Proposal).order_by("-id")


def offers(proposal: Proposal, *, actor: Actor) -> list[Offer]:
    """Approving and sending back while it waits; undoing what was approved and is still in force."""
    if proposal.state != ProposalState.APPROVED.value or not access.may(actor, "create", "proposal"):
        return proposals.offers(proposal, actor=actor)
    why = _why_not_back(proposal)
    return [Offer("undo", "改回原来的取值", why, ("reason",), "改回也须由另一人审批。")]


def _why_not_back(proposal: Proposal) -> str:
    return "" if _is_in_force(proposal) else "此后又有修改，现行取值已不是这一项。"


def _is_in_force(proposal: Proposal) -> bool:
    if proposal.target == HOLIDAYS:
        return _entries_of(proposal.value) == dict(proposal.value)
    row = rules.pack().discretion.get(proposal.target)
    return row is not None and row.shown(rules.values()[row.key]) == row.shown(proposal.value)
