"""The page of one annual report: figures beside last year's, doubts, self-check, stated changes."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask import url_for
from markupsafe import Markup

from app.policy.reports import cell_values, formula_words, self_check
from app.policy.reports.indicators import Indicator
from app.policy.terms import ChangeKind, ExtensionState, Kind, ReportStage
from app.services import lists, reports
from app.services.core import scope
from models.reports import AnnualReport, ReportFinding
from views import by
from views.panel import formats
from views.panel.sections import CORRECTIONS, Link, Related, ShownTable, Table, Tables, linked

MARKED_CHANGE = Decimal("0.3")  # a yearly change beyond this is coloured, no more

Row = tuple[Any, ...]


def header_facts(record: AnnualReport) -> list[tuple[str, Any]]:
    """Return the facts at the head of the page."""
    return [
        ("单位", record.unit_name),
        ("类别", Kind(record.kind).label),
        ("县（市、区）", formats.area_name(record.area)),
        ("数据年度", f"{record.year - 1} 年"),
        ("列入级别", _levels(record)),
        ("数据疑点", _doubt_count(record)),
        ("合规自查", _self_check(record)),
    ]


def _doubt_count(record: AnnualReport) -> str:
    unexplained = sum(not doubt.explanation for doubt in record.findings)
    return f"{len(record.findings)} 处，待说明 {unexplained} 处" if record.findings else "无"


def _self_check(record: AnnualReport) -> str | Markup:
    if admitted := self_check.admitted_grounds(record.answers):
        return Markup(" ").join(_badge("danger", question.cited) for question in admitted)
    return "未申报问题" if record.answers else "未填"


def _badge(colour: str, text: str) -> Markup:
    return Markup('<span class="badge badge-{}">{}</span>').format(colour, text)


def _levels(record: AnnualReport) -> str:
    levels = lists.levels_in_force(record.unit_id, record.kind, by=by())
    return "、".join(level.label for level in levels) or "已不在册"


def _doubt_rows(view: Any, record: AnnualReport) -> Iterator[Row]:
    for doubt in record.findings:
        explanation = doubt.explanation or _badge("danger", "待更正或说明")
        yield doubt.text, ratio(doubt) or "—", explanation, doubt.explained_name or ""


def ratio(doubt: ReportFinding) -> str:
    """Return by how much a figure is off, "" where the doubt has no ratio."""
    return cell_values.plain(doubt.ratio) if doubt.ratio is not None else ""


def _extension_rows(view: Any, record: AnnualReport) -> Iterator[Row]:
    for extension in record.extensions:
        state = ExtensionState(extension.state)
        asked = (extension.until, extension.reason, extension.asked_name)
        yield *asked, state, extension.answer, extension.answered_name


def _change_rows(view: Any, record: AnnualReport) -> Iterator[Row]:
    for change in record.statements:
        kind = ChangeKind(change.kind).label
        yield kind, change.before, change.after, change.changed_on, change.reason


def _figure_tables(view: Any, record: AnnualReport) -> Iterator[ShownTable]:
    """Return a table for each group of indicators, with the figures of the unit's previous report."""
    previous = reports.previous_report(record, by=by())
    former = {**previous.cells, **previous.numbers} if previous else {}
    columns = ("指标", f"{record.year - 1} 年", f"{previous.year - 1} 年" if previous else "上次填报", "变化")
    figures, definition = {**record.cells, **record.numbers}, record.definition
    for group, indicators in definition.sections():
        rows = [
            (
                indicator.name,
                _figure(record, indicator, figures.get(indicator.key), definition.names),
                cell_values.cell_text(indicator, former.get(indicator.key)),
                _change(figures.get(indicator.key), former.get(indicator.key)),
            )
            for indicator in indicators
            if _is_shown(record, indicator, figures, former)
        ]
        if rows:
            yield group, columns, rows


def _is_shown(
    record: AnnualReport, indicator: Indicator, figures: Mapping[str, Any], former: Mapping[str, Any]
) -> bool:
    """Return whether there is anything to say of an indicator: a figure, or the duty to state one."""
    if indicator.required or indicator.key in record.skipped:
        return True
    return figures.get(indicator.key) is not None or former.get(indicator.key) is not None


def _figure(record: AnnualReport, indicator: Indicator, value: Any, names: Mapping[str, str]) -> str | Markup:
    shown = "不涉及" if indicator.key in record.skipped else cell_values.cell_text(indicator, value)
    if not indicator.formula:
        return shown
    words = formula_words.in_words(indicator.formula, names)
    return Markup('{}<div class="quiet small">＝ {}</div>').format(shown, words)


def _change(value: Any, former: Any) -> str | Markup:
    """Return by how much a figure changed, marked where beyond thirty percent."""
    if not isinstance(value, Decimal) or not isinstance(former, Decimal) or not former:
        return ""
    change = (value - former) / abs(former)
    text = f"{change * 100:+.1f}%"
    return _badge("warning", text) if abs(change) > MARKED_CHANGE else text


def _answer_rows(view: Any, record: AnnualReport) -> Iterator[Row]:
    for question in self_check.QUESTIONS:
        if given := record.answers.get(question.code):
            yield question.cited, question.label, _answer(question, given), given.get("note", "")


def _answer(question: self_check.Question, given: Mapping[str, str]) -> str | Markup:
    label = dict(question.choices).get(given.get("answer", ""), "未答")
    admitted = question.asks_note and given.get("answer") == question.asks_note
    return _badge("danger", label) if admitted else label


TABLES = (
    Table("数据疑点", ("疑点", "比值", "说明", "说明人"), _doubt_rows),
    CORRECTIONS,
    Table("延期申请", ("延至", "理由", "申请人", "答复", "答复意见", "答复人"), _extension_rows),
    Table("重大事项变更（第二十条）", ("事项", "变更前", "变更后", "办结日期", "原因"), _change_rows),
    Tables(_figure_tables),
    Table("合规自查", ("条款", "事项", "自查", "说明"), _answer_rows),
)


def _standard_link(view: Any, record: AnnualReport) -> Iterator[Link]:
    if standard := record.standard:
        yield Link(str(standard), url_for("standard.details_view", id=standard.pk), "所用指标")


def _other_reports(view: Any, record: AnnualReport) -> Iterator[Link]:
    others = scope.rows(by(), AnnualReport).filter(unit_id=record.unit_id, pk__ne=record.pk)
    for other in others.order_by("-year"):
        yield Link(str(other), view.get_url(".details_view", id=other.pk), ReportStage(other.stage).label)


def _trend_link(view: Any, record: AnnualReport) -> Iterator[Link]:
    yield Link("指标趋势", view.get_url(".trend_view", kind=record.kind, by="unit", unit=record.unit_id))


RELATED = Related(
    "相关记录",
    (linked("unit", "unit_id", "unit_name", "单位"), _standard_link, _other_reports, _trend_link),
)
