"""Applications: draft, edits, deadline and the actions open to a role (第十二至十五条).

Stages change in `core.workflow` only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from app.policy import deadlines
from app.policy.access import Actor
from app.policy.filing import cultivation
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import Role, Stage, as_set
from app.services.core import records, rules, scope, workflow
from app.services.core.by import By
from app.services.filing.facts import find_report
from models.filing.applications import Application
from models.registry.units import Unit


class Deadline(NamedTuple):
    """The day that limits an application at its stage."""

    label: str
    day: date
    past: bool


def open_draft(values: Mapping[str, Any], *, by: By) -> Application:
    """Start a draft for a unit, kind and year. Raises NotAllowed (scope, live cultivation), Invalid (twice)."""
    unit = scope.find(by, Unit, values.get("unit_id"))
    if unit is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    live = Application.objects.cultivating(unit.pk, values["kind"]).first()
    if live is not None:
        raise NotAllowed(
            f"该单位已是培育对象（有效期至{live.cultivation_ends}，第十四条），有效期内不重复申报。"
        )
    application = Application(**{**values, "stage": Stage.DRAFT.value})
    report = find_report(application)
    application.score = report.score if report else None
    return records.create(application, by=by)


def edit_application(
    application: Application, values: Mapping[str, Any], *, version: int, by: By
) -> Application:
    """Write the fields that this role may edit at this stage. Raises NotAllowed, Invalid, Conflict."""
    if not application.editable_by(by.actor.role):
        raise NotAllowed(f"当前环节为“{Stage(application.stage).label}”，{by.actor.role.label}不能修改。")
    if foreign := set(values) - set(application_fields(by.actor.role)):
        raise NotAllowed(
            f"不能修改：{'、'.join(records.label_of(application, name) for name in sorted(foreign))}。"
        )
    return records.update(application, values, version=version, by=by)


def application_fields(role: Role) -> Sequence[str]:
    """Return the fields of an existing application that a role may ever write."""
    return cultivation.FIELDS.get(role, ())


def discard_draft(application: Application, *, version: int, by: By) -> None:
    """Delete a draft; a submitted application is withdrawn, never deleted."""
    cultivation.TABLE.demand_act("discard", Stage(application.stage), by.actor.role)
    records.delete(application, version=version, by=by)


def application_deadline(application: Application, today: date) -> Deadline | None:
    """Return the deadline that runs for an application, None if none does."""
    label, day = _limit(application)
    return Deadline(label, day, day < today) if day else None


def _limit(application: Application) -> tuple[str, date | None]:
    stage = Stage(application.stage)
    if stage is Stage.RETURNED and application.corrections:
        return "补正期限", min(correction.due for correction in application.corrections)
    if key := cultivation.LEGAL_LIMITS.get(stage):
        pack = rules.pack()
        return pack.dates[key].label, deadlines.legal_date(pack, key, application.year)
    field, label = cultivation.OWN_LIMITS.get(stage, ("", ""))
    return label, getattr(application, field) if field else None


def application_offers(application: Application, *, by: By) -> list[Offer]:
    """Return the steps and acts open to this role at this stage; greyed ones say why."""
    return workflow.offers(application, by=by)


def application_batch_actions(actor: Actor) -> list[tuple[str, str]]:
    """Return the actions, with their labels, that the actor may take for many applications at once."""
    actions = [(step.action, step.label) for step in cultivation.TABLE.batch_steps(actor.role)]
    if actor.role in as_set(cultivation.RECHECK.by):
        actions.append((cultivation.RECHECK.action, cultivation.RECHECK.label))
    return actions
