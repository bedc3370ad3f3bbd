"""From draft to acceptance: cells, derived figures, doubts, corrections, refusal in writing, stated changes."""

from datetime import date
from decimal import Decimal

import pytest

from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import ChangeKind, Defect, ReportStage, Role
from app.services.core import files, rules, workflow
from app.services.core.by import By
from app.services.core.records import Invalid
from app.services.registry import units
from app.services.reports import acts, drafts, filling
from models.audit import AuditEntry
from models.files import Attachment
from models.filing.applications import Correction
from models.registry.units import Unit
from models.reports import AnnualReport, ChangeStatement
from tests.builders import cases, reports


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def saved(report, **parts):
    return filling.save_report(
        report, filling.Filing(**parts), version=report.version, by=By(reports.by(report), reports.MARCH)
    )


def test_a_year_from_draft_to_acceptance():
    report = reports.filed()
    county = reports.by(report)
    report = reports.step(report, "check", county)
    report = reports.step(report, "accept", cases.CITY)
    assert report.stage == ReportStage.ACCEPTED
    assert [entry.action for entry in report.trail] == ["submit", "check", "accept"]
    moved = AuditEntry.objects(subject_id=str(report.pk), changes__field="stage", verb__ne="create")
    assert moved.count() == len(report.trail)


def test_derived_figures_are_computed_not_stored_and_the_same_while_typing():
    report = reports.filled()
    assert "energy_intensity" not in report.figures
    expected = Decimal("1873.42") * 1000 / Decimal("21536.80")
    assert abs(report.numbers["energy_intensity"] - expected) < Decimal("1e-20")
    shown = filling.preview_report(report, filling.Filing(cells={"output": "43073.6"})).derived
    assert shown["energy_intensity"] == "43.49 kgce/万元"
    assert (
        filling.preview_report(report, filling.Filing(cells={"output": ""})).derived["energy_intensity"] == ""
    )
    assert AnnualReport.objects.get(pk=report.pk).cells["output"] == Decimal("21536.80")


@pytest.mark.parametrize(
    "key, typed, stored",
    [
        ("output", "21,536.80", Decimal("21536.80")),
        ("output", "２１５３６．８", Decimal("21536.8")),
        ("retrofit_share", "12.5%", Decimal("12.5")),
        ("water", " 30412 ", Decimal("30412")),
        ("value_added", "-3.5", Decimal("-3.5")),
    ],
)
def test_cells_are_read_as_people_write_them(key, typed, stored):
    assert saved(reports.draft(), cells={key: typed}).cells[key] == stored


@pytest.mark.parametrize(
    "key, typed, told",
    [
        ("output", "约两亿", "应填数字"),
        ("output", "0", "允许范围"),
        ("output", "NaN", "过长"),
        ("output", "1e300", "过长"),
        ("energy", "-1", "允许范围"),
        ("retrofit_share", "190", "允许范围（0 至 100）"),
        ("output", "1,2,3", "应填数字"),
        ("product1", "长" * 1001, "1000 字"),
    ],
)
def test_what_is_no_figure_is_refused_at_its_cell(key, typed, told):
    report = reports.draft()
    with pytest.raises(Invalid) as refusal:
        saved(report, cells={key: typed, "water": "12"})
    assert told in refusal.value.errors[key] and list(refusal.value.errors) == [key]
    assert not AnnualReport.objects.get(pk=report.pk).figures


def test_foreign_keys_are_ignored_and_empty_cells_emptied():
    report = saved(reports.draft(), cells={"water": "12", "energy_intensity": "3", "$where": "1"})
    assert set(report.figures) == {"water"}
    assert not saved(report, cells={"water": ""}).figures


def test_what_is_not_involved_is_no_gap_but_only_where_that_may_be():
    report = reports.draft()
    with pytest.raises(Invalid, match="不能填“不涉及”"):
        saved(report, skipped=["energy"])
    with pytest.raises(Invalid, match="既填了数值又勾了"):
        saved(report, cells={"cod": "1.2"}, skipped=["cod"])
    assert saved(report, skipped=["cod"]).skipped == ["cod"]


def test_history_names_the_cell_with_old_and_new():
    report = reports.filled()
    saved(report, cells={"water": "30500"})
    entry = AuditEntry.objects(subject_id=str(report.pk), verb="edit").order_by("-id").first()
    assert [(one.label, one.old, one.new) for one in entry.changes] == [("取水量", "30,412 m³", "30,500 m³")]


def test_the_slower_of_two_is_told_and_writes_nothing():
    report = reports.filled()
    saved(report, cells={"water": "30500"})
    with pytest.raises(Conflict):
        saved(report, cells={"water": "1"})


def test_a_doubt_names_both_cells_and_the_ratio_and_holds_back_the_report():
    unit = reports.listed(entered_on=date(2024, 8, 1))
    reports.filed(unit, year=2025)
    wrong = reports.FACTORY | {
        "energy": "1812430",
        "output": "22817.11",
        "water": "29044",
        "carbon": "5610.2",
        "electricity": "902.4",
        "renewable": "150.3",
        "value_added": "5610.18",
    }
    report = reports.filled(unit, wrong)
    slip = next(one for one in report.findings if one.key == "energy")
    assert "1,812,430 tce" in slip.cell and "1,873.42 tce" in slip.other_cell and "kgce" in slip.text
    assert slip.ratio == Decimal("967.44")
    with pytest.raises(NotAllowed, match="数据疑点没有更正或说明"):
        reports.step(report, "submit", reports.by(report))
    corrected = saved(report, cells={"energy": "1812.43"})
    assert not corrected.findings
    assert reports.step(corrected, "submit", reports.by(report)).stage == ReportStage.SUBMITTED


def test_an_explanation_stays_while_the_cells_hold_and_falls_when_they_change():
    report = reports.filled(cells={"carbon": "18000"})  # 9.6 t a tce
    (doubt,) = report.findings
    assert doubt.key == "carbon_factor" and "合理范围" in doubt.text
    explained = acts.explain_doubts(
        report,
        {doubt.identity: "用电占九成，按区域电网因子核算。"},
        version=report.version,
        by=By(reports.by(report), reports.MARCH),
    )
    same = saved(explained, cells={"water": "30411"})
    assert same.findings[0].explanation and same.findings[0].explained_name
    assert not saved(same, cells={"carbon": "18500"}).findings[0].explanation


def test_name_and_address_are_compared_with_the_register_unless_a_change_is_stated():
    report = reports.filled(head={"stated_name": "云浮市另一家有限公司"})
    (doubt,) = report.findings
    assert doubt.key == "name" and "第二十条" in doubt.text
    stated = ChangeStatement(
        kind=ChangeKind.NAME.value, before="旧", after="新", changed_on=date(2026, 1, 5), reason="更名"
    )
    report = saved(report, statements=[stated])
    assert not report.findings
    ((found, kept),) = filling.unopened_statements(
        By(reports.by(report), reports.TODAY)
    )  # what a Change is opened from
    assert (found.pk, kept.kind, kept.change_id) == (report.pk, "name", None)


def test_compliance_must_be_answered_and_a_yes_explained():
    report = reports.filled(answers={})
    with pytest.raises(NotAllowed, match="没有作答"):
        reports.step(report, "submit", reports.by(report))
    report = saved(report, answers=reports.answers(N2=""))
    with pytest.raises(NotAllowed, match="请说明情况"):
        reports.step(report, "submit", reports.by(report))
    report = saved(report, answers=reports.answers(N2="2025年受环保处罚一次，已整改。"))
    assert reports.step(report, "submit", reports.by(report)).stage == ReportStage.SUBMITTED


def test_a_return_names_cells_and_keeps_the_first_platform_date():
    report = reports.filed()
    correction = Correction(
        field="water", label="取水量", defect=Defect.WRONG.value, note="与水费单不符", due=date(2026, 4, 3)
    )
    report = reports.step(report, "return", reports.by(report), corrections=[correction])
    with pytest.raises(Invalid, match="以首次报送为准"):
        saved(report, head={"submitted_on": date(2026, 4, 14)})
    report = saved(report, cells={"water": "30998"})
    report = reports.step(report, "submit", reports.by(report))
    assert report.submitted_on == reports.TODAY and not report.corrections


def test_the_city_returns_what_the_county_passed():
    report = reports.step(reports.filed(), "check", cases.actor(Role.COUNTY))
    correction = Correction(
        field="energy", label="综合能源消费量", defect=Defect.MISSING.value, due=date(2026, 5, 3)
    )
    assert reports.step(report, "return", cases.CITY, corrections=[correction]).stage == ReportStage.RETURNED
    with pytest.raises(NotAllowed, match="补正事项"):
        workflow.advance(
            reports.filed(cells={"water": "1234"}),
            "return",
            by=By(cases.actor(Role.COUNTY), reports.MARCH),
        )


@pytest.mark.parametrize("role", [Role.CITY, Role.CITY_LEAD, Role.EVALUATOR, Role.ADMIN])
def test_others_do_not_fill_it_in(role):
    report = reports.filled()
    with pytest.raises(NotAllowed):
        filling.save_report(
            report,
            filling.Filing(cells={"water": "1"}),
            version=report.version,
            by=By(cases.actor(role), reports.MARCH),
        )


def test_another_county_and_another_unit_find_nothing():
    report = reports.filled()
    for stranger in (
        cases.actor(Role.COUNTY, cases.ELSEWHERE),
        cases.actor(Role.UNIT, unit_id=cases.unit(now=reports.MARCH).pk),
    ):
        with pytest.raises(NotAllowed, match="无权办理"):
            filling.save_report(
                report,
                filling.Filing(cells={"water": "1"}),
                version=report.version,
                by=By(stranger, reports.MARCH),
            )


def test_a_refusal_needs_its_letter_and_can_be_taken_back():
    report = reports.filled()
    county = reports.by(report)
    with pytest.raises(NotAllowed, match="书面材料"):
        reports.step(report, "decline", county, reason="不愿填报")
    declined = acts.decline_report(
        report, *reports.letter(), reason="不愿填报", version=report.version, by=By(county, reports.MARCH)
    )
    assert declined.stage == ReportStage.DECLINED
    kept = Attachment.objects.get(pk=declined.refusal_id)
    assert (kept.owner_id, kept.resource) == (report.pk, "annualreport") and files.verify(kept)
    assert declined.trail[-1].reason == "不愿填报"
    assert reports.step(declined, "resume", county).stage == ReportStage.DRAFT


def test_a_renamed_unit_is_found_under_both_names():
    report = reports.filled()
    unit = Unit.objects.get(pk=report.unit_id)
    old = unit.name
    units.update_unit(
        unit,
        {"name": "云浮市新名有限公司"},
        version=unit.version,
        by=By(reports.by(report), reports.MARCH),
    )
    fresh = AnnualReport.objects.get(pk=report.pk)
    assert fresh.unit_name == "云浮市新名有限公司" and old in fresh.former_names


def test_only_a_draft_that_was_never_filed_is_deleted():
    report = reports.filed()
    with pytest.raises(NotAllowed):
        drafts.discard_draft(report, version=report.version, by=By(reports.by(report), reports.MARCH))
    draft = reports.draft()
    drafts.discard_draft(draft, version=draft.version, by=By(reports.by(draft), reports.MARCH))
    assert AnnualReport.objects.count() == 1
