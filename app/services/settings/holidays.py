"""Days that the State Council's notices declare free or worked, changed by proposals of whole notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.services.core import audit, records
from app.services.core.by import By
from app.services.settings.proposals import demand_proposer, prepare_proposal
from models.settings.values import Holiday, Proposal

HOLIDAYS = "holidays"  # the target of proposals about days; every other target is a discretionary key
MAX_DAYS = 60  # more days than any one notice of the State Council names

# A day of the table, worked or free, with the number of its notice; None where the table does not hold the day.
Entry = dict[str, Any] | None


def propose_holidays(days: Mapping[date, bool | None], source: str, reason: str, *, by: By) -> Proposal:
    """Propose days that are worked (True), free (False) or leave the table (None). Raises NotAllowed."""
    demand_proposer(by.actor, Proposal)
    if not days or len(days) > MAX_DAYS:
        raise NotAllowed(f"请填写 1 至 {MAX_DAYS} 个日期。")
    if not source.strip() and any(works is not None for works in days.values()):
        raise NotAllowed("请填写来源文号（国务院办公厅的放假通知）。")
    if len(source.strip()) > Holiday.source.max_length:
        raise NotAllowed(f"来源文号不超过 {Holiday.source.max_length} 字。")
    entries: dict[str, Entry] = {
        day.isoformat(): None if works is None else {"works": works, "source": source.strip()}
        for day, works in sorted(days.items())
    }
    return propose_entries(entries, reason, by=by)


def propose_entries(entries: Mapping[str, Entry], reason: str, *, by: By) -> Proposal:
    """Propose entries of the table by day; those that it holds already are left out. Raises NotAllowed."""
    present = _present_entries(entries)
    changed = {day: entry for day, entry in entries.items() if entry != present[day]}
    if not changed:
        raise NotAllowed("与现行节假日表相同，没有修改。")
    former = {day: present[day] for day in changed}
    proposal = Proposal(
        target=HOLIDAYS,
        label="节假日",
        value=changed,
        former=former,
        shown=_in_words(changed),
        former_shown=_in_words(former),
    )
    return prepare_proposal(proposal, reason, verb=Verb.CHANGE_PROPOSED, by=by)


def put_days_in_force(decided: Proposal, reason: str, *, by: By) -> None:
    """Write approved days to the table, inside the transaction of their approval."""
    for day, entry in decided.value.items():
        _put_day(date.fromisoformat(day), entry, decided, reason, by=by)


def are_days_in_force(proposal: Proposal) -> bool:
    """Return whether the table still holds the days of an approved proposal."""
    return _present_entries(proposal.value) == dict(proposal.value)


def _put_day(day: date, entry: Entry, decided: Proposal, reason: str, *, by: By) -> None:
    present = Holiday.objects(day=day).first()
    if entry is None:
        if present is not None:
            removed = records.field_changes(present, removed=True)
            audit.record(Verb.DELETE, by=by, subject=present, changes=removed, reason=reason)
            present.delete()
        return
    values = entry | {"set_by": decided.prepared_name, "approved_by": decided.decided_name}
    if present is None:
        records.insert(Holiday(day=day, **values), by=by, reason=reason)
    else:
        records.write(present, values, version=present.version, by=by, reason=reason)


def _present_entries(days: Mapping[str, Any]) -> dict[str, Entry]:
    rows = Holiday.objects(day__in=[date.fromisoformat(day) for day in days])
    entries = {row.day.isoformat(): {"works": row.works, "source": row.source} for row in rows}
    return {day: entries.get(day) for day in days}


def _in_words(entries: Mapping[str, Entry]) -> str:
    words = {True: "上班", False: "放假"}
    return "、".join(f"{day}{words[entry['works']] if entry else '未登记'}" for day, entry in entries.items())
