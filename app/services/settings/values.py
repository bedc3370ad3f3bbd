"""Discretionary values: those in force, and proposals for other ones."""

from __future__ import annotations

from typing import Any

from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.services.core import audit, records, rules
from app.services.core.by import By
from app.services.settings.proposals import demand_proposer, prepare_proposal
from models.settings.values import Proposal, Setting


def approved_values() -> dict[str, Setting]:
    """Return the values that the bureau has set itself, by key."""
    return {setting.key: setting for setting in Setting.objects}


def propose_value(key: str, value: Any, reason: str, *, by: By) -> Proposal:
    """Propose a value for the lead to approve. Raises NotAllowed: no right, no such key, no valid value, no change."""
    demand_proposer(by.actor, Proposal)
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
    return prepare_proposal(proposal, reason, verb=Verb.CHANGE_PROPOSED, by=by)


def put_value_in_force(decided: Proposal, reason: str, *, by: By) -> None:
    """Store an approved value, inside the transaction of its approval. Raises NotAllowed."""
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
    audit.record(Verb.PUT_IN_FORCE, by=by, subject=setting, changes=[change], reason=reason)


def is_value_in_force(proposal: Proposal) -> bool:
    """Return whether the value of an approved proposal is the one in force now."""
    row = rules.pack().discretion.get(proposal.target)
    return row is not None and row.shown(rules.values()[row.key]) == row.shown(proposal.value)
