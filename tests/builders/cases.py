"""Named situations with all-default arguments: a test states only what matters to it."""

import io
import itertools
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from docx import Document as Docx
from stdnum.cn import uscc

from app.clock import SHANGHAI
from app.policy.access import Actor
from app.policy.filing import eligibility
from app.policy.terms import Kind, ObjectionState, Role, Stage
from app.services import settings
from app.services.core import decisions, workflow
from app.services.core.by import By
from app.services.filing import applications, evaluations, findings, scores
from app.services.lists import conclusions, inquiries, objections
from app.services.registry import evaluators, units
from models.accounts.people import User
from models.decisions import Decision
from models.filing.applications import Application
from models.filing.evaluations import Declaration, Evaluation
from models.lists import Objection, Objector
from models.registry.evaluators import Evaluator
from models.registry.units import Address, Unit
from models.settings.values import Setting

AREA = "445302"
ELSEWHERE = "445381"
APRIL = datetime(2026, 4, 20, 9, 0, tzinfo=SHANGHAI)
MAY = datetime(2026, 5, 12, 9, 0, tzinfo=SHANGHAI)
JUNE = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)
JULY = datetime(2026, 7, 6, 9, 0, tzinfo=SHANGHAI)

_serial = itertools.count(1)


def actor(role: Role, area: str = "", name: str = "", **scope: Any) -> Actor:
    """Somebody of this role; a county clerk of AREA unless told."""
    area = area or (AREA if role is Role.COUNTY else "")
    return Actor(name or role.value, f"{role.label}{name}", role, area=area, **scope)


COUNTY, CITY, LEAD = actor(Role.COUNTY), actor(Role.CITY), actor(Role.CITY_LEAD)
CITY2 = actor(Role.CITY, name="city2")
ADMIN = actor(Role.ADMIN)
CONTACTS = {"contact_name": "梁虚构", "contact_phone": "0766-0000000", "contact_address": "云浮市虚构路1号"}


def credit_code(area: str = AREA) -> str:
    """A valid code that no other call gave; the serial is invented."""
    stem = f"91{area if area.isdecimal() else '445300'}MAC{next(_serial):06d}"
    return stem + uscc.calc_check_digit(stem)


def unit(area: str = AREA, by: Actor | None = None, now: datetime = APRIL, **values: Any) -> Unit:
    """A factory that meets 第七条 as far as its entry can say."""
    number = next(_serial)
    place = Address(area=area, text="虚构工业大道1号")
    given = {
        "credit_code": credit_code(area),
        "name": f"云浮市测试{number}号有限公司",
        "area": area,
        "kinds": [Kind.FACTORY.value],
        "registered": place,
        "production": place,
        "industries": ["3032"],
    } | values
    return units.register_unit(given, by=By(by or actor(Role.COUNTY, area), now))


def docx(text: str = "评价报告") -> bytes:
    """A small real Word file."""
    document, stream = Docx(), io.BytesIO()
    document.add_paragraph(text)
    document.save(stream)
    return stream.getvalue()


def report(
    of: Unit,
    by: Actor | None = None,
    kind: Kind = Kind.FACTORY,
    year: int = 2026,
    now: datetime = APRIL,
    **values: Any,
) -> Evaluation:
    """A complete self-evaluation handed in by the county."""
    signed = Declaration(signatory="王五", signed_on=now.date())
    given = {
        "unit_id": of.pk,
        "kind": kind.value,
        "year": year,
        "standard": "GB/T 36132-2025",
        "score": Decimal("82.5"),
        "unit_declaration": signed,
    } | values
    return evaluations.submit_evaluation(
        given, ("自评价报告.docx", docx()), by=By(by or actor(Role.COUNTY, of.area), now)
    )


def evaluator(name: str = "", now: datetime = APRIL) -> Evaluator:
    number = next(_serial)
    return evaluators.register_evaluator(
        {"name": name or f"虚构评价中心{number}", "verified": "confirmed"}, by=By(CITY, now)
    )


def contacts(now: datetime = APRIL) -> None:
    """Whom every paper names for questions; without them none is issued."""
    for key, value in CONTACTS.items():
        if not Setting.objects(key=key).first():
            set_value(key, value, now)


def set_value(key: str, value: Any, now: datetime = APRIL) -> None:
    """A discretionary value under two pairs of eyes."""
    made = settings.propose_value(key, value, "虚构", by=By(CITY, now))
    settings.approve_change(made, seen=made.version, by=By(LEAD, now))


def draft(of: Unit | None = None, now: datetime = APRIL, year: int = 2026, **values: Any) -> Application:
    """A draft with receipt and report."""
    contacts(now)
    of = of or unit(now=now)
    report(of, now=now, year=year)
    given = {
        "unit_id": of.pk,
        "kind": Kind.FACTORY.value,
        "year": year,
        "platform_receipt": f"GM2026{next(_serial):08d}",
        "submitted_on": now.date(),
    } | values
    return applications.open_draft(given, by=By(actor(Role.COUNTY, of.area), now))


def passing(application: Application, on: date) -> dict[str, findings.CheckResult]:
    """Every requirement of the application's kind as passed, with source and day."""
    rows = eligibility.requirements(application.kind)
    return {row.code: findings.CheckResult(row.passed.value, "信用中国查询截图", on) for row in rows}


def in_review_by_county(of: Unit | None = None, now: datetime = APRIL, **values: Any) -> Application:
    """Submitted, with findings and opinion: ready to be recommended."""
    application = draft(of, now=now, **values)
    by = actor(Role.COUNTY, application.area)
    application = workflow.advance(application, "submit", by=By(by, now))
    application = findings.record_findings(
        application, passing(application, now.date()), version=application.version, by=By(by, now)
    )
    opinion = {"county_opinion": "符合条件，同意推荐。"}
    return applications.edit_application(application, opinion, version=application.version, by=By(by, now))


def at_city(
    of: Unit | None = None, now: datetime = MAY, confirmed: bool = True, **values: Any
) -> Application:
    """Recommended; every finding confirmed by the city unless told."""
    application = in_review_by_county(of, **values)
    application = workflow.advance(
        application, "recommend", by=By(actor(Role.COUNTY, application.area), now), within="countylist"
    )
    if not confirmed:
        return application
    checked = passing(application, now.date())
    return findings.record_findings(application, checked, version=application.version, by=By(CITY, now))


def decide(action: str, rows: Sequence[Application], now: datetime, **given: Any) -> Decision:
    """Prepared by the city and approved by its lead."""
    decision = decisions.prepare(action, rows, by=By(CITY, now), **given)
    return decisions.approve(decision, by=By(LEAD, now))


def cultivated(of: Unit | None = None, now: datetime = MAY, **values: Any) -> Application:
    application = at_city(of, now=now, **values)
    decide("confirm", [application], now)
    return Application.objects.get(pk=application.pk)


def scored(of: Unit | None = None, now: datetime = JUNE, **values: Any) -> Application:
    """In review with two people's totals."""
    application = workflow.advance(cultivated(of, **values), "to_review", by=By(CITY, now))
    for by, total in ((CITY, "88"), (CITY2, "91")):
        application = scores.score_application(
            application, Decimal(total), "达到要求。", version=application.version, by=By(by, now)
        )
    return application


def shortlisted(of: Unit | None = None, now: datetime = JUNE, **values: Any) -> Application:
    return workflow.advance(scored(of, now=now, **values), "shortlist", by=By(CITY, now))


def on_notice(of: Unit | None = None, now: datetime = JUNE, **values: Any) -> Application:
    application = shortlisted(of, now=now, **values)
    recheck([application], now)
    decide("announce", [application], now, details={"first_day": now.date()})
    return Application.objects.get(pk=application.pk)


def after_notice(application: Application) -> datetime:
    """Nine o'clock on the day after the notice."""
    day = application.notice_last_day + timedelta(days=1)
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def recheck(rows: Sequence[Application], now: datetime) -> None:
    findings.recheck_grounds(rows, source="信用中国", by=By(CITY, now))


def listed(of: Unit | None = None, **values: Any) -> Application:
    application = on_notice(of, **values)
    now = after_notice(application)
    recheck([application], now)
    decide("list", [application], now)
    return Application.objects.get(pk=application.pk)


def objection(to: Application, now: datetime = JUNE, matter: str = "异议") -> Objection:
    """Taken down by the city on that day, by name."""
    by = Objector(name="钟实名", phone="13544445555")
    return objections.register_objection(to, matter, now.date(), by, by=By(CITY, now))


def handed(one: Objection, now: datetime = JUNE, question: str = "请核对排放数据") -> Objection:
    """Handed to the county of its unit, due in a week."""
    due = now.date() + timedelta(days=7)
    return inquiries.hand_over_objection(one, question, due, version=one.version, by=By(CITY, now))


def settled(one: Objection, state: ObjectionState, now: datetime = JUNE, text: str = "经核查。") -> Objection:
    """Closed with this conclusion by two people."""
    one = conclusions.propose_conclusion(one, state, text, version=one.version, by=By(CITY, now))
    return conclusions.settle_objection(one, version=one.version, by=By(LEAD, now))


def objections_state(code: str) -> ObjectionState:
    return ObjectionState(code)


AT: dict[Stage, Any] = {
    Stage.DRAFT: draft,
    Stage.COUNTY_REVIEW: in_review_by_county,
    Stage.CITY_CHECK: at_city,
    Stage.CULTIVATED: cultivated,
    Stage.REVIEW: scored,
    Stage.SHORTLISTED: shortlisted,
    Stage.PUBLIC_NOTICE: on_notice,
    Stage.LISTED: listed,
}


def account(username: str, role: Role, **scope: Any) -> User:
    """An account as the database holds it, without a password."""
    if role is Role.COUNTY:
        scope.setdefault("area", AREA)
    return User(
        username=username,
        name=f"{role.label}{username}",
        role=role.value,
        must_change_password=False,
        **scope,
    ).save()
