"""Two counties with a full case each: what is ours for the accounts of the test, and what is foreign to them."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from app import documents
from app.clock import SHANGHAI
from app.policy.access import Actor
from app.policy.terms import Kind, Level, ObjectionState, Role
from app.services import settings
from app.services.core import decisions, records
from app.services.core.by import By
from app.services.core.scope import resource_of
from app.services.filing import applications, county_lists, evaluations
from app.services.ledger import batches as ledger
from app.services.lists import inquiries
from app.services.papers import batch_rows, template_proposals
from app.services.registry import evaluators
from app.services.reminders import sending
from app.services.reports import standards
from models.accounts.people import User
from models.audit import Backup
from models.decisions import Decision
from models.files import Attachment
from models.filing.applications import Application
from models.filing.county_lists import CountyList
from models.filing.evaluations import Declaration, Evaluation
from models.ledger import ImportBatch
from models.lists import Listing, Objection, PublicNotice
from models.papers import Number, Paper
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Contact, FormerName, Unit
from models.reminders.entries import ReminderEntry
from models.reports import AnnualReport
from models.settings.jobs import JobRun
from models.settings.values import Holiday, Proposal
from models.unit_record import UnitRecord
from tests.builders import cases, papers
from tests.builders import reports as entries
from tests.builders.specimens import specimen
from tests.builders.workbooks import LEDGER
from views.screens import SCREENS

NOW = datetime(2026, 6, 22, 9, 0, tzinfo=SHANGHAI)
OURS, THEIRS = cases.AREA, cases.ELSEWHERE
# What no page for the other side may hold.
OWN = {
    "unit": "云城自家机械有限公司",
    "former": "云城老牌机械厂",
    "contact": "甘露明",
    "phone": "13800138001",
    "evaluator": "本地评价中心",
    "question": "请核对云城区排放数据",
    "recommended": "云城推荐材料有限公司",
}
FOREIGN = {
    "unit": "罗定外域化工有限公司",
    "former": "罗定旧称化工厂",
    "contact": "欧阳外人",
    "phone": "13911112222",
    "evaluator": "外域评价中心",
    "question": "请核对罗定市排放数据",
    "recommended": "罗定推荐材料有限公司",
}


def unit(area: str, words: dict[str, str], **values: Any) -> Unit:
    """A unit with everything that must not leak."""
    contact = Contact(
        name=words["contact"], title="环保部经理", phone=words["phone"], email="someone@qiye.cn"
    )
    given = {
        "name": words["unit"],
        "former_names": [FormerName(name=words["former"], until=date(2024, 1, 1))],
        "contacts": [contact],
        "kinds": [Kind.FACTORY.value, Kind.SUPPLY_CHAIN.value],
    } | values
    return cases.unit(area, **given)


def side(area: str, words: dict[str, str]) -> SimpleNamespace:
    """One county: a listed factory with decisions, notice, objection and papers; a draft with a third party's report."""
    county = cases.actor(Role.COUNTY, area, name=f"county{1 if area == OURS else 2}")
    it = SimpleNamespace(area=area, words=words, county=county)
    it.unit = unit(area, words)
    it.evaluator = cases.evaluator(words["evaluator"])
    it.evaluator_actor = Actor(f"evaluator-{area}", "评价员", Role.EVALUATOR, evaluator_id=it.evaluator.pk)
    shown = cases.on_notice(it.unit)
    it.objection = cases.handed(
        cases.objection(shown, matter=f"{words['unit']}排放超标"), question=words["question"]
    )
    it.objection = inquiries.answer_inquiry(
        it.objection, "县级核查属实情况说明。", version=it.objection.version, by=By(county, cases.JUNE)
    )
    it.objection = cases.settled(it.objection, ObjectionState.REJECTED, text="经核查不属实。")
    over = cases.after_notice(shown)
    cases.recheck([shown], over)
    it.decision = cases.decide("list", [shown], over)
    it.listed = Application.objects.get(pk=shown.pk)
    it.listing = Listing.objects.get(application_id=shown.pk)
    it.notice = PublicNotice.objects.get(pk=it.listed.notice_id)
    it.paper = Paper.objects.get(pk=it.decision.paper_id)
    it.number = Number.objects.get(paper_id=it.paper.pk)
    it.self_report = Evaluation.objects.get(unit_id=it.unit.pk, kind="factory")
    it.engagement = engage(it, it.unit, Kind.SUPPLY_CHAIN)
    it.listed_engagement = engage(it, it.unit, Kind.FACTORY)
    it.report = third_party_report(it, it.unit, Kind.SUPPLY_CHAIN)
    it.application = applications.open_draft(
        {"unit_id": it.unit.pk, "kind": "supply_chain", "year": 2026, "platform_receipt": f"GM-{area}-WAI"},
        by=By(county, cases.APRIL),
    )
    it.file = Attachment.objects.get(pk=it.report.attachment_id)
    cases.report(it.unit, kind=Kind.SUPPLY_CHAIN, year=2025)  # of no application: still the filer's to revise
    waiting = cases.in_review_by_county(cases.unit(area, name=words["recommended"]))
    filing = county_lists.FilingDetails(f"GM-TJ-{area}", cases.MAY.date(), "李虚构", "0766-0000001")
    county_lists.recommend([waiting], filing, by=By(county, cases.MAY))
    CountyList.objects(area=area).update(push__application_ids=shown.pk, push__unit_ids=it.unit.pk)
    entries.entry(it.unit, Level.PROVINCIAL)
    entries.filled(it.unit, now=NOW)
    data = LEDGER.read_bytes()
    ledger.preview_ledger(data, "推荐汇总表.xlsx", year=2026, by=By(county, NOW))
    return it


def _plain_resources() -> list[type[UnitRecord]]:
    """Return the models of units' records that have a screen."""
    return [model for model, _ in SCREENS if issubclass(model, UnitRecord)]


def engage(it: SimpleNamespace, of: Unit, kind: Kind, until: date = date(2026, 12, 31)) -> Engagement:
    given = {
        "unit_id": of.pk,
        "kind": kind.value,
        "year": 2026,
        "evaluator_id": it.evaluator.pk,
        "since": date(2026, 1, 5),
        "until": until,
    }
    return evaluators.engage_evaluator(given, by=By(it.county, cases.APRIL))


def third_party_report(it: SimpleNamespace, of: Unit, kind: Kind) -> Evaluation:
    signed = Declaration(signatory="王五", signed_on=cases.APRIL.date())
    given = {
        "unit_id": of.pk,
        "kind": kind.value,
        "year": 2026,
        "standard": "GB/T 36132-2025",
        "score": Decimal("82.5"),
        "unit_declaration": signed,
        "institution_declaration": signed,
    }
    upload = (f"{of.name}评价报告.docx", cases.docx(of.name))
    return evaluations.submit_evaluation(given, upload, by=By(it.evaluator_actor, cases.APRIL))


def make() -> None:
    """Fill the empty database; `read` finds everything again."""
    ours, theirs = side(OURS, OWN), side(THEIRS, FOREIGN)
    # The engagement is over: the institution keeps its own report and nothing else.
    former = unit(OURS, OWN | {"unit": "云城委托期满有限公司", "contact": "期满人", "phone": "13722223333"})
    engage(ours, former, Kind.FACTORY, until=date(2026, 4, 30))
    third_party_report(ours, former, Kind.FACTORY)
    applications.open_draft(
        {"unit_id": former.pk, "kind": "factory", "year": 2026, "platform_receipt": "GM-QIMAN"},
        by=By(ours.county, cases.APRIL),
    )
    # Prepared, not yet approved: no county sees it.
    waiting = cases.shortlisted(cases.unit(OURS, name="云城待审签有限公司"))
    cases.recheck([waiting], NOW)
    decisions.prepare("announce", [waiting], details={"first_day": NOW.date()}, by=By(cases.CITY, NOW))
    _settings()
    _papers_and_definitions()
    _accounts(ours)
    sending.send_reminders(date(2026, 4, 16), now=NOW, channels=sending.Channels())
    for each in (ours, theirs):
        _plain_records(each)
    JobRun(job="lapse", label="培育期满", period="2026-06-22", started_at=NOW, state="done").save()
    Backup(taken_at=NOW, name="greenladder-20260622-090000", state="done", rows=1, size=1).save()


def _plain_records(of: SimpleNamespace) -> None:
    """Give the unit a record of each resource that has no story here."""
    for model in _plain_resources():
        if not model.objects(unit_id=of.unit.pk):
            records.insert(specimen(model, of.unit), by=By(of.county, NOW))


def _settings() -> None:
    """A holiday that two people put into the table, and a value that waits for the second."""
    made = settings.propose_holidays(
        {date(2026, 10, 1): False}, "国办发明电〔2025〕7号", "按放假通知登记", by=By(cases.CITY, NOW)
    )
    settings.approve_change(made, seen=made.version, by=By(cases.LEAD, NOW))
    settings.propose_value("notice_days", 7, "待批的理由", by=By(cases.CITY, NOW))


def _papers_and_definitions() -> None:
    """What the city draws up: a wording, a batch of letters, next year's indicators."""
    shipped = documents.standard_wording("consultation")
    wording = shipped.replace("特此函达。", "特此致函。")
    made = template_proposals.propose_wording("consultation", wording, "换结束语", by=By(cases.CITY, NOW))
    template_proposals.approve_wording(made, seen=made.version, by=By(cases.LEAD, NOW))
    batch_rows.copy_by_rows(papers.drafted(NOW), "部门名称\n甲局\n乙局", by=By(cases.CITY, NOW))
    standards.create_standard("factory", 2027, "补充指标", by=By(cases.CITY, NOW))


def _accounts(ours: SimpleNamespace) -> None:
    scopes = {
        "county": {"area": OURS},
        "evaluator": {"evaluator_id": ours.evaluator.pk},
        "unit": {"unit_id": ours.unit.pk},
    }
    for role in (role for role in Role if role is not Role.SYSTEM):
        User(
            username=role.value.replace("_", "-") + "1",
            name=f"{role.label}甲",
            role=role.value,
            must_change_password=False,
            password_changed_at=NOW,
            version=1,
            **scopes.get(role.value, {}),
        ).save()


def read() -> SimpleNamespace:
    """The records of a world that was made, by side."""
    return SimpleNamespace(ours=_side(OWN), theirs=_side(FOREIGN), **_others())


def _side(words: dict[str, str]) -> SimpleNamespace:
    of = Unit.objects.get(name=words["unit"])
    listed = Application.objects.get(unit_id=of.pk, kind="factory")
    decision = Decision.objects.get(lines__record_id=listed.pk, action="list")
    report = Evaluation.objects.get(unit_id=of.pk, kind="supply_chain", year=2026)
    paper = Paper.objects.get(pk=decision.paper_id)
    found = {
        "unit": of,
        "application": Application.objects.get(unit_id=of.pk, kind="supply_chain"),
        "evaluation": report,
        "engagement": Engagement.objects.get(unit_id=of.pk, kind="supply_chain"),
        "decision": decision,
        "publicnotice": PublicNotice.objects.get(pk=listed.notice_id),
        "objection": Objection.objects.get(unit_id=of.pk),
        "annualreport": AnnualReport.objects.get(unit_id=of.pk),
        "countylist": CountyList.objects.get(area=of.area),
        "reminderentry": ReminderEntry.objects(unit_id=of.pk).first(),
        "importbatch": ImportBatch.objects.get(username="county1" if of.area == OURS else "county2"),
        "listing": Listing.objects.get(application_id=listed.pk),
        "paper": paper,
        "number": Number.objects.get(paper_id=paper.pk),
        "evaluator": Evaluator.objects.get(name=words["evaluator"]),
    }
    for model in _plain_resources():
        found.setdefault(resource_of(model), model.objects(unit_id=of.pk).first())
    return SimpleNamespace(
        words=words,
        unit=of,
        listed=listed,
        records=found,
        self_report=Evaluation.objects.get(unit_id=of.pk, kind="factory"),
        recommended=Application.objects.get(unit_name=words["recommended"]),
        last_report=Evaluation.objects.get(unit_id=of.pk, year=2025),
        files=[
            Attachment.objects.get(pk=report.attachment_id),
            Attachment.objects.get(pk=paper.attachment_id),
        ],
    )


def _others() -> dict[str, Any]:
    former = Unit.objects.get(name="云城委托期满有限公司")
    return {
        "former": former,
        "former_application": Application.objects.get(unit_id=former.pk),
        "former_report": Evaluation.objects.get(unit_id=former.pk),
        "former_engagement": Engagement.objects.get(unit_id=former.pk),
        "waiting": Application.objects.get(unit_name="云城待审签有限公司"),
        "prepared": Decision.objects.get(state="prepared"),
        "holiday": Holiday.objects.first(),
        "proposal": Proposal.objects.get(target=settings.HOLIDAYS),
        "proposed": Proposal.objects.get(state="prepared"),
    }
