"""A clerk adds an indicator: it is in form, workbook, import, checks, export and trend once another person approved it."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from app.exchange.errors import ExchangeError
from app.policy.flow import Conflict, NotAllowed
from app.policy.reports import built_in, formula_values, formula_words, formulas
from app.policy.reports.formula_values import FormulaError
from app.policy.terms import RowOutcome, StandardState
from app.services.core import rules
from app.services.core.by import By
from app.services.reports import (
    definitions,
    filling,
    import_commit,
    import_plan,
    indicator_edits,
    standards,
    trends,
    workbook_template,
)
from models.reports import AnnualReport, Standard
from tests.builders import cases, reports
from views.reports.pages import figures

NEW = {
    "name": "外购绿电量",
    "group": "能源",
    "unit": "万kWh",
    "form": "number",
    "nature": "quantity",
    "required": True,
    "skippable": False,
    "scale": False,
    "trend": True,
    "minimum": Decimal(0),
    "maximum": Decimal(100000),
    "low": None,
    "high": Decimal(5000),
    "formula": "",
    "proof": "绿电合同",
    "note": "",
}
SHARE = NEW | {
    "name": "外购绿电占比",
    "unit": "%",
    "nature": "rate",
    "maximum": None,
    "high": None,
    "formula": "「外购绿电量」÷「电力消费量」×100",
}


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def drawn_up(kind="factory", year=2026):
    return standards.create_standard(kind, year, "补充绿电", by=By(cases.CITY, reports.MARCH))


def put(standard, values=NEW, key=""):
    return indicator_edits.save_indicator(
        standard, key, values, version=standard.version, by=By(cases.CITY, reports.MARCH)
    )


def approved(standard):
    standard = standards.advance_standard(standard, "propose", by=By(cases.CITY, reports.MARCH))
    return standards.advance_standard(standard, "approve", by=By(cases.LEAD, reports.MARCH))


def test_a_new_indicator_reaches_form_workbook_import_checks_export_and_trend():
    draft = reports.draft(reports.listed(entered_on=date(2024, 8, 1)))
    standard = put(put(drawn_up()), SHARE)
    assert "own1" not in filling.form_definition(draft)[1].names, "not before it is approved"
    approved(standard)

    _, form = filling.form_definition(draft)
    assert form.get("own1").name == "外购绿电量"  # form
    content = workbook_template.template_workbook("factory", 2026, by=By(reports.by(draft), reports.MARCH))
    headings = [cell.value for cell in load_workbook(io.BytesIO(content)).active[2]]
    assert (
        "外购绿电量（万kWh）" in headings and "外购绿电占比（%）" not in headings
    )  # workbook: what is filled in

    page = load_workbook(io.BytesIO(content))
    page.active.cell(4, headings.index("外购绿电量（万kWh）") + 1).value = 12000
    stream = io.BytesIO()
    page.save(stream)
    plan = import_plan.plan_import(
        stream.getvalue(), "factory", 2026, by=By(reports.by(draft), reports.MARCH)
    )
    assert any("外购绿电量" in text for text in plan.rows[0].doubts)  # check: above its soft limit
    import_commit.commit_import(plan, by=By(reports.by(draft), reports.MARCH))
    report = AnnualReport.objects.get(pk=draft.pk)
    assert report.cells["own1"] == 12000  # import
    saved = filling.save_report(
        report,
        reports.filing(report, {"own1": "95.2"}),
        version=report.version,
        by=By(reports.by(report), reports.MARCH),
    )
    report = reports.step(saved, "submit", reports.by(saved))
    assert abs(report.numbers["own2"] - Decimal("95.2") / Decimal("951.66") * 100) < Decimal("1e-9")
    exported, rows = figures(AnnualReport.objects)
    assert rows[0][exported.index("外购绿电量（万kWh）")] == Decimal("95.2")  # export
    (trend,) = trends.trends_of(trends.TrendChoice(), ["own1"], by=By.on(cases.CITY, reports.TODAY))
    assert trend.lines[0].values == (Decimal("95.2"),)  # trend
    assert "own1" in {
        one.indicator.key
        for one in trends.trends_of(trends.TrendChoice(), (), by=By.on(cases.CITY, reports.TODAY))
    }


def test_the_first_edition_copies_the_built_in_ones_and_the_next_year_the_last():
    first = approved(put(drawn_up()))
    assert first.copied_from == standards.BUILT_IN_SOURCE and first.stage == StandardState.IN_FORCE
    following = drawn_up(year=2027)
    assert following.copied_from == str(first) and "外购绿电量" in following.definition.names.values()
    assert definitions.standard_in_force("factory", 2030).pk == first.pk  # until a later one is approved
    assert (
        definitions.standard_in_force("factory", 2025) is None
        and definitions.standard_in_force("park", 2026) is None
    )


def test_who_drew_it_up_does_not_approve_it_and_county_does_neither():
    standard = standards.advance_standard(drawn_up(), "propose", by=By(cases.CITY, reports.MARCH))
    both = cases.actor(cases.Role.CITY_LEAD, name="city")
    with pytest.raises(NotAllowed, match="编制人不能批准"):
        standards.advance_standard(standard, "approve", by=By(both, reports.MARCH))
    for stranger in (cases.CITY, cases.COUNTY):
        with pytest.raises(NotAllowed):
            standards.advance_standard(standard, "approve", by=By(stranger, reports.MARCH))
    with pytest.raises(NotAllowed):
        standards.create_standard("factory", 2026, "", by=By(cases.COUNTY, reports.MARCH))


def test_a_newer_edition_replaces_the_old_one_and_a_filed_report_keeps_its_own():
    first = approved(put(drawn_up()))
    filed = reports.filed(cells={"own1": "95.2"})
    second = put(drawn_up(), NEW | {"name": "自备电厂发电量"})
    second = approved(second)
    assert Standard.objects.get(pk=first.pk).stage == StandardState.REPLACED
    assert second.edition == 2 and AnnualReport.objects.get(pk=filed.pk).standard_id == first.pk
    assert filling.form_definition(filed)[0] == first.pk
    assert filling.form_definition(reports.draft())[0] == second.pk


def test_what_is_in_force_is_not_edited():
    standard = approved(drawn_up())
    with pytest.raises(NotAllowed, match="新编一版"):
        put(standard)


@pytest.mark.parametrize(
    "values, told",
    [
        ({"name": "综合能源消费量"}, "名称“综合能源消费量”重复"),
        ({"name": " "}, "名称和分组不能为空"),
        ({"formula": "「没有的指标」×2"}, "「没有的指标」不是本表的指标名称"),
        ({"formula": "1+"}, "公式不完整"),
        ({"formula": "「主要产品一」×2"}, "不是数值"),
        ({"minimum": Decimal(9), "maximum": Decimal(1)}, "下限大于上限"),
        ({"scale": True}, "只能有一项作为规模基准"),
        ({"form": "text"}, "只有数值可以"),
        ({"formula": "__import__"}, "不认识"),
    ],
)
def test_an_unsound_indicator_is_refused_in_words_and_nothing_is_written(values, told):
    standard = drawn_up()
    with pytest.raises(NotAllowed, match=told):
        put(standard, NEW | values)
    assert len(Standard.objects.get(pk=standard.pk).indicators) == len(standard.indicators)


def test_formulas_in_a_circle_are_refused():
    standard = put(put(drawn_up()), SHARE)
    with pytest.raises(NotAllowed, match="互相引用"):
        put(standard, NEW | {"formula": "「外购绿电占比」×2"}, key="own1")


def test_what_a_formula_reads_cannot_be_removed():
    standard = drawn_up()
    with pytest.raises(NotAllowed, match="不存在的指标 energy"):
        indicator_edits.remove_indicator(
            standard, "energy", version=standard.version, by=By(cases.CITY, reports.MARCH)
        )
    gone = indicator_edits.remove_indicator(
        standard, "voc", version=standard.version, by=By(cases.CITY, reports.MARCH)
    )
    assert gone.definition.get("voc") is None


def test_order_and_relations_are_edited_too_and_the_slower_is_told():
    standard = drawn_up()
    who = {"by": By(cases.CITY, reports.MARCH)}
    moved = indicator_edits.move_indicator(standard, "value_added", -1, version=standard.version, **who)
    assert [row.key for row in moved.indicators[:2]] == ["value_added", "output"]
    with pytest.raises(Conflict):
        indicator_edits.move_indicator(standard, "value_added", 1, version=standard.version, **who)
    row = {
        "name": "取水不大于重复用水",
        "left": "「取水量」",
        "compares": "at_most",
        "right": "「重复用水量」",
        "tolerance": Decimal(0),
    }
    related = indicator_edits.save_relation(moved, None, row, version=moved.version, **who)
    assert related.definition.relations[-1].left == "water"
    fewer = indicator_edits.save_relation(related, 0, None, version=related.version, **who)
    assert len(fewer.relations) == len(moved.relations)


class TestFormulas:
    """The small arithmetic: exact, closed, never Python."""

    @pytest.mark.parametrize(
        "text, value",
        [
            ("1+2*3", "7"),
            ("(1+2)×3", "9"),
            ("0.1+0.2", "0.3"),
            ("-2+5", "3"),
            ("max(1,2)-min(1,2)", "1"),
            ("zero(gone)+1", "1"),
            ("6÷4", "1.5"),
        ],
    )
    def test_value(self, text, value):
        assert formula_values.evaluate(formulas.parse(text), {}) == Decimal(value)

    @pytest.mark.parametrize("text", ["1/0", "gone*2", "1/(2-2)", "9" * 20 + "*" + "9" * 20 + "/0"])
    def test_nothing_rather_than_an_error(self, text):
        assert formula_values.evaluate(formulas.parse(text), {}) is None

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "1+",
            "(1",
            "1)",
            "a b",
            "os.system(1)",
            "a**b",
            "foo(1)",
            "zero(1,2)",
            "min(1)",
            "'a'",
            "「",
            "(" * 40 + "1" + ")" * 40,
            "1" * 500,
        ],
    )
    def test_refused(self, text):
        with pytest.raises(FormulaError) as refusal:
            formulas.parse(text)
        assert any("一" <= character <= "鿿" for character in str(refusal.value))

    def test_names_and_keys_go_both_ways(self):
        for definition in built_in.built_in_definitions().values():
            keys = {name: key for key, name in definition.names.items()}
            for one in definition.indicators:
                assert (
                    formula_words.with_keys(formula_words.with_names(one.formula, definition.names), keys)
                    == one.formula
                )


class TestWorkbook:
    """Out and in: what comes back unchanged changes nothing; every bad cell is named."""

    @staticmethod
    def plan(content, actor=None):
        return import_plan.plan_import(
            content, "factory", 2026, by=By(actor or cases.actor(cases.Role.COUNTY), reports.MARCH)
        )

    @staticmethod
    def changed(content, *cells):
        book = load_workbook(io.BytesIO(content))
        headings = [cell.value for cell in book.active[2]]
        for row, heading, value in cells:
            book.active.cell(row, headings.index(heading) + 1).value = value
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    @staticmethod
    def template(actor=None):
        return workbook_template.template_workbook(
            "factory", 2026, by=By(actor or cases.actor(cases.Role.COUNTY), reports.MARCH)
        )

    def test_a_whole_area_and_not_another(self):
        here, there = reports.listed(), reports.listed(cases.ELSEWHERE)
        reports.listed()
        rows = list(load_workbook(io.BytesIO(self.template())).active.iter_rows(min_row=4, values_only=True))
        assert len(rows) == 2 and here.credit_code in {row[0] for row in rows}
        foreign = self.changed(
            self.template(), (4, "统一社会信用代码", there.credit_code), (4, "取水量（m³）", 5)
        )
        refused = self.plan(foreign).rows[0]
        assert refused.outcome is RowOutcome.REFUSED and "不是您可办理的单位" in refused.problems[0]

    def test_unchanged_changes_nothing(self):
        reports.filled()
        assert [row.outcome for row in self.plan(self.template()).rows] == [RowOutcome.SAME]

    def test_preview_then_commit_writes_what_was_shown(self):
        reports.listed()
        content = self.changed(
            self.template(),
            (4, "取水量（m³）", "30,412.5"),
            (4, "化学需氧量（COD）排放量（t）", "不涉及"),
            (4, "管理平台受理号", "ND1"),
        )
        plan = self.plan(content)
        assert plan.rows[0].outcome is RowOutcome.NEW and not AnnualReport.objects.count()
        ((_, why, report),) = import_commit.commit_import(
            plan, by=By(cases.actor(cases.Role.COUNTY), reports.MARCH)
        )
        assert not why and report.cells["water"] == Decimal("30412.5") and report.skipped == ["cod"]
        assert report.platform_receipt == "ND1"
        assert self.plan(content).rows[0].outcome is RowOutcome.SAME

    def test_a_heading_with_another_unit_is_converted(self):
        reports.listed()
        content = self.changed(self.template(), (2, "综合能源消费量（tce）", "综合能源消费量（kgce）"))
        content = self.changed(content, (4, "综合能源消费量（kgce）", 1873420))
        assert self.plan(content).rows[0].filing.cells["energy"] == "1873.42"

    def test_every_bad_cell_is_named_and_the_good_row_goes_on(self):
        reports.listed(), reports.listed()
        content = self.changed(
            self.template(),
            (4, "取水量（m³）", "很多"),
            (4, "工业总产值（万元）", "无法提供"),
            (4, "管理平台提交日期", "四月"),
            (5, "取水量（m³）", 9),
        )
        bad, good = self.plan(content).rows
        assert bad.outcome is RowOutcome.REFUSED and len(bad.problems) == 3
        assert good.outcome is RowOutcome.NEW

    @pytest.mark.parametrize(
        "cell, told",
        [
            ((2, "取水量（m³）", "取水量（加仑）"), "指标之外的列"),
            ((2, "取水量（m³）", "电力消费量（万kWh）"), "重复的列"),
            ((2, "统一社会信用代码", "代码"), "没有找到"),
        ],
    )
    def test_what_is_no_template_is_refused(self, cell, told):
        reports.listed()
        with pytest.raises(ExchangeError, match=told):
            self.plan(self.changed(self.template(), cell))

    def test_a_filed_report_is_not_overwritten(self):
        report = reports.step(reports.filed(), "check", cases.actor(cases.Role.COUNTY))
        content = self.changed(self.template(), (4, "取水量（m³）", 5))
        assert "不能修改" in self.plan(content).rows[0].problems[0]
        assert AnnualReport.objects.get(pk=report.pk).cells["water"] == 30412

    def test_the_same_unit_twice_is_refused(self):
        one = reports.listed()
        reports.listed()
        content = self.changed(
            self.template(),
            *((row, "统一社会信用代码", one.credit_code) for row in (4, 5)),
            (4, "取水量（m³）", 5),
            (5, "取水量（m³）", 6),
        )
        assert "同一单位" in self.plan(content).rows[1].problems[0]


def test_trends_are_intensities_of_sums_and_keep_to_the_actors_area():
    reports.filed()
    reports.filed(cells={"output": "1000.5", "energy": "900.25"})
    reports.filed(reports.listed(cases.ELSEWHERE), cells={"energy": "2222.5"})
    (all_of_it,) = trends.trends_of(
        trends.TrendChoice(by="all"),
        ["energy_intensity"],
        by=By(cases.actor(cases.Role.COUNTY), reports.MARCH),
    )
    expected = (Decimal("1873.42") + Decimal("900.25")) * 1000 / (Decimal("21536.80") + Decimal("1000.5"))
    assert abs(all_of_it.lines[0].values[0] - expected) < Decimal("1e-9") and all_of_it.lines[0].counts == (
        2,
    )
    (by_area,) = trends.trends_of(trends.TrendChoice(), ["energy"], by=By.on(cases.CITY, reports.TODAY))
    assert {line.name for line in by_area.lines} == {"云城区", "罗定市"}
    by_unit = trends.TrendChoice(by="unit", area=cases.AREA)
    (of_units,) = trends.trends_of(by_unit, ["energy"], by=By.on(cases.CITY, reports.TODAY))
    assert sorted(line.values[0] for line in of_units.lines) == [Decimal("900.25"), Decimal("1873.42")]
