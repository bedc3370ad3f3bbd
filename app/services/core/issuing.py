"""Carrying out an approved decision: number and bytes first, then paper, stages, notice and list in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.documents.kinds.lists import ListingInputs, PublicNoticeInputs
from app.documents.kinds.review import CultivationInputs
from app.policy import deadlines, workdays
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import DecisionState, Kind
from app.services.core import messages, records, rules, workflow
from app.services.core.by import By
from app.services.lists import entries
from app.services.papers import building
from models.database import transact
from models.decisions import Decision
from models.filing.applications import Application
from models.lists import PublicNotice
from models.papers import Paper


@dataclass(frozen=True)
class Verdict:
    """One row before it is acted on: what stands in its way, "" if nothing."""

    application: Application
    why: str


class RowsChanged(Exception):
    """Between judging and writing a row's guards changed their answer: judge again."""


def carry_out(decision: Decision, judged: Sequence[Verdict], *, by: By) -> Decision:
    """Do what was approved for the rows that still pass. Raises RowsChanged when they must be judged again."""
    passing = [one.application for one in judged if not one.why]
    paper = Paper.objects(pk=decision.paper_id).first() if decision.paper_id else None
    if paper is None or not passing:
        return transact(lambda: _finish(decision, judged, paper, None, by=by))
    made = inputs(paper.kind, decision, passing, now=by.now)
    number, attachment = building.prepare(paper, made, by=by)

    def work() -> Decision:
        fresh = Paper.objects.get(pk=paper.pk)
        issued = building.issue(fresh, number, attachment, made, by=by)
        return _finish(decision, judged, issued, made, by=by)

    return transact(work)


def _finish(
    decision: Decision,
    judged: Sequence[Verdict],
    paper: Paper | None,
    made: Any,
    *,
    by: By,
) -> Decision:
    fresh = Decision.objects.get(pk=decision.pk)
    if fresh.state != DecisionState.APPROVED.value:
        raise records.stale(fresh)
    passing = [one.application for one in judged if not one.why]
    if paper is not None and not passing:
        building.drop(paper, "审签时没有可办理的对象", by=by)
    notice = (
        _open_notice(fresh, paper, made, passing, by=by)
        if paper is not None and fresh.action == "announce" and passing
        else None
    )
    moment = rules.moment(by.now)
    for one in judged:
        line = fresh.line(one.application.pk)
        if one.why:
            line.result, line.why = "refused", one.why
            Application.objects(pk=one.application.pk, decision_id=fresh.pk).update(
                unset__decision_id=1, inc__version=1
            )
            continue
        effects = {"paper_id": paper.pk if paper else None}
        if notice is not None:
            effects |= {"notice_id": notice.pk, "last_day": notice.last_day}
        _advance(one.application, fresh, effects, moment, by=by)
        line.result = "done"
    if paper is not None and fresh.action == "list":
        for row in passing:
            entries.enter(row, paper, by.today, by=by)
    values = {"state": DecisionState.DONE.value, "lines": fresh.lines}
    done = records.write(fresh, values, version=fresh.version, by=by, verb=Verb.DECISION_DONE)
    messages.decision_settled(done, "批准", now=by.now)
    return done


def _advance(
    application: Application,
    decision: Decision,
    effects: dict[str, Any],
    moment: Any,
    *,
    by: By,
) -> None:
    fresh = Application.objects.get(pk=application.pk)
    try:
        workflow.carry(fresh, decision.action, decision, moment=moment, by=by, **effects)
    except NotAllowed as refusal:
        raise RowsChanged(str(refusal)) from refusal


# --- what each action makes beside the stages ---------------------------------------------------------


def period(details: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """First and last day of a notice from its first day and the bureau's values. Raises NotAllowed in words."""
    first = (details or {}).get("first_day")
    if not isinstance(first, date):
        raise NotAllowed("请填写公示首日。")
    if first < now.date():
        raise NotAllowed("公示首日不能早于今天。")
    values, calendar = rules.values(), rules.Calendar()
    last = workdays.notice_end(first, values["notice_days"], values["notice_day_type"], calendar)
    return {
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "days": values["notice_days"],
        "day_type": values["notice_day_type"],
    }


def inputs(kind: str, decision: Decision, rows: Sequence[Application], *, now: datetime) -> Any:
    """The inputs of the paper that this decision issues, all from the case and the rule pack."""
    return _INPUTS[kind](decision, rows, now)


def _letterhead(now: datetime) -> dict[str, Any]:
    pack, values = rules.pack(), rules.values()
    return {
        "issuer": pack.city.bureau,
        "signed_on": now.date(),
        "contact": values["contact_name"],
        "phone": values["contact_phone"],
        "rules_title": pack.rules.title,
        "rules_number": pack.rules.number,
    }


def _notice_inputs(decision: Decision, rows: Sequence[Application], now: datetime) -> PublicNoticeInputs:
    details = decision.details
    day_types = dict(rules.pack().discretion["notice_day_type"].choices)
    return PublicNoticeInputs(
        **_letterhead(now),
        year=rows[0].review_year or now.year,
        units=building.lines(rows),
        first_day=date.fromisoformat(details["first_day"]),
        last_day=date.fromisoformat(details["last_day"]),
        days=details["days"],
        day_type=day_types[details["day_type"]],
        address=rules.values()["contact_address"],
    )


def _listing_inputs(decision: Decision, rows: Sequence[Application], now: datetime) -> ListingInputs:
    by_kind = {kind: building.lines([row for row in rows if row.kind == kind.value]) for kind in Kind}
    notices = list(PublicNotice.objects(pk__in={row.notice_id for row in rows}))
    return ListingInputs(
        **_letterhead(now),
        year=rows[0].review_year or now.year,
        factories=by_kind[Kind.FACTORY],
        parks=by_kind[Kind.PARK],
        supply_chains=by_kind[Kind.SUPPLY_CHAIN],
        addressees=rules.pack().city.addressees,
        notice_first_day=min(notice.first_day for notice in notices),
        notice_last_day=max(notice.last_day for notice in notices),
    )


def _cultivation_inputs(decision: Decision, rows: Sequence[Application], now: datetime) -> CultivationInputs:
    pack = rules.pack()
    return CultivationInputs(
        **_letterhead(now),
        year=rows[0].year,
        addressees=pack.city.addressees,
        units=building.lines(rows),
        valid_from=now.date(),
        valid_to=deadlines.cultivation_end(now.date(), pack.cultivation_years),
        valid_years=pack.cultivation_years,
        cc=(pack.city.province_department,),
    )


_INPUTS = {
    "public_notice": _notice_inputs,
    "listing_announcement": _listing_inputs,
    "cultivation_list": _cultivation_inputs,
}


def _open_notice(
    decision: Decision, paper: Paper, made: Any, rows: Sequence[Application], *, by: By
) -> PublicNotice:
    """What the public page shows: written once, from the paper's own inputs."""
    notice = PublicNotice(
        year=made.year,
        title=paper.title,
        paper_id=paper.pk,
        first_day=made.first_day,
        last_day=made.last_day,
        days=made.days,
        day_type=made.day_type,
        areas=sorted({row.area for row in rows}),
        unit_ids=[row.unit_id for row in rows],
        lines=[PublicNotice.line(building.to_plain(line)) for line in made.units],
    )
    return records.insert(notice, by=by, verb=Verb.NOTICE_PUBLISHED)
