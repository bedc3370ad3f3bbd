"""The page of one annual report: figures beside last year's, doubts, self-check, stated changes; and batches of them."""

from typing import Any

from flask import url_for
from markupsafe import Markup

from app.policy.reports import formulas, reporting
from app.policy.terms import ChangeKind, Defect, ExtensionState, Kind, ReportStage
from app.services import lists
from app.services.core import scope
from app.services.reports import checks
from models.reports import AnnualReport
from views import by
from views.panel import detail as parts
from views.panel import formats, list_context

HINT = reporting.Decimal("0.3")  # a yearly change beyond this is coloured, no more


def context(view: Any, record: AnnualReport) -> dict[str, Any]:
    """What the page shows beyond the plain facts."""
    definition, cells, numbers = record.definition, record.cells, record.numbers
    last = _last(record)
    standard = record.standard
    waiting = [one for one in record.findings if not one.explanation]
    admitted = reporting.admitted(record.answers)
    return {
        "header_facts": [
            ("单位", record.unit_name),
            ("类别", Kind(record.kind).label),
            ("县（市、区）", formats.area_name(record.area)),
            ("数据年度", f"{record.year - 1} 年"),
            ("列入级别", _levels(record)),
            ("数据疑点", f"{len(record.findings)} 处，待说明 {len(waiting)} 处" if record.findings else "无"),
            (
                "合规自查",
                _badges([one.cited for one in admitted])
                if admitted
                else "未申报问题"
                if record.answers
                else "未填",
            ),
        ],
        "tables": [
            table
            for table in (
                ("数据疑点", ("疑点", "比值", "说明", "说明人"), [_doubt(one) for one in record.findings]),
                (
                    "补正事项",
                    ("事项", "问题", "说明", "期限"),
                    [(one.label, Defect(one.defect).label, one.note, one.due) for one in record.corrections],
                ),
                (
                    "延期申请",
                    ("延至", "理由", "申请人", "答复", "答复意见", "答复人"),
                    [
                        (
                            one.until,
                            one.reason,
                            one.asked_name,
                            ExtensionState(one.state),
                            one.answer,
                            one.answered_name,
                        )
                        for one in record.extensions
                    ],
                ),
                (
                    "重大事项变更（第二十条）",
                    ("事项", "变更前", "变更后", "办结日期", "原因"),
                    [
                        (ChangeKind(one.kind).label, one.before, one.after, one.changed_on, one.reason)
                        for one in record.statements
                    ],
                ),
                *_figures(record, definition, cells, numbers, last),
                ("合规自查", ("条款", "事项", "自查", "说明"), _answers(record)),
            )
            if table[2]
        ],
        "tables_label": "填报内容",
        "related": _related(view, record, standard),
        "help_articles": parts.articles((18, 20, 21)),
    }


def _levels(record: AnnualReport) -> str:
    levels = lists.levels_in_force(record.unit_id, record.kind, by=by())
    return "、".join(level.label for level in levels) or "已不在册"


def _badges(texts: list[str]) -> Markup:
    return Markup(" ").join(
        Markup('<span class="badge badge-danger">{}</span>').format(text) for text in texts
    )


def _doubt(one: Any) -> tuple[Any, ...]:
    told = one.explanation or Markup('<span class="badge badge-danger">待更正或说明</span>')
    return (one.text, _ratio(one) or "—", told, one.explained_name or "")


def _ratio(one: Any) -> str:
    return reporting.plain(one.ratio) if one.ratio is not None else ""


def _last(record: AnnualReport) -> dict[str, Any]:
    previous = checks.previous_report(record, by=by())
    return {**previous.cells, **previous.numbers, "": previous.year} if previous else {}


def _figures(record: AnnualReport, definition: Any, cells: Any, numbers: Any, last: dict[str, Any]) -> Any:
    before = f"{last[''] - 1} 年" if last else "上次填报"
    skipped = set(record.skipped)
    for group, members in definition.sections():
        rows = []
        for one in members:
            value = numbers.get(one.key, cells.get(one.key))
            if value is None and last.get(one.key) is None and one.key not in skipped and not one.required:
                continue
            shown: Any = "不涉及" if one.key in skipped else reporting.said(one, value)
            if one.formula:
                words = formulas.in_words(one.formula, definition.names)
                shown = Markup('{}<div class="quiet small">＝ {}</div>').format(shown, words)
            rows.append(
                (one.name, shown, reporting.said(one, last.get(one.key)), _change(value, last.get(one.key)))
            )
        yield group, ("指标", f"{record.year - 1} 年", before, "变化"), rows


def _change(now: Any, before: Any) -> Any:
    """By how much a figure changed, marked where beyond thirty percent."""
    if not isinstance(now, reporting.Decimal) or not isinstance(before, reporting.Decimal) or not before:
        return ""
    moved = (now - before) / abs(before)
    text = f"{moved * 100:+.1f}%"
    return Markup('<span class="badge badge-warning">{}</span>').format(text) if abs(moved) > HINT else text


def _answers(record: AnnualReport) -> list[tuple[Any, ...]]:
    return [row for one in reporting.QUESTIONS if (row := _answer(record, one))]


def _answer(record: AnnualReport, question: reporting.Question) -> tuple[Any, ...] | None:
    given = record.answers.get(question.code)
    if not given:
        return None
    label = dict(question.choices).get(given.get("answer", ""), "未答")
    bad = question.asks_note and given.get("answer") == question.asks_note
    shown = Markup('<span class="badge badge-danger">{}</span>').format(label) if bad else label
    return (question.cited, question.label, shown, given.get("note", ""))


def _related(view: Any, record: AnnualReport, standard: Any) -> list[Any]:
    links = [(record.unit_name, url_for("unit.details_view", id=record.unit_id), "单位")]
    if standard is not None:
        links.append((str(standard), url_for("standard.details_view", id=standard.pk), "所用指标"))
    others = scope.rows(by(), AnnualReport).filter(unit_id=record.unit_id, pk__ne=record.pk)
    links += [
        (str(one), view.get_url(".details_view", id=one.pk), ReportStage(one.stage).label)
        for one in others.order_by("-year")
    ]
    links.append(
        ("指标趋势", view.get_url(".trend_view", kind=record.kind, by="unit", unit=record.unit_id), "")
    )
    return [("相关记录", links)]


def doubts(view: Any, record: AnnualReport, posted: Any = None) -> str:
    """One box a doubt: correct the figures, or say why they are right."""
    return view.render(
        "ui/report_doubts.html",
        title=f"数据疑点：{record}",
        rows=[
            {
                "finding": one,
                "name": f"explanation-{number}",
                "ratio": _ratio(one),
                "text": posted.get(f"explanation-{number}", "") if posted else one.explanation or "",
            }
            for number, one in enumerate(record.findings)
        ],
        version=record.version,
        edit_url=view.get_url(".edit_view", id=record.pk),
        post_url=view.get_url(".doubts_view", id=record.pk),
        return_url=view.get_url(".details_view", id=record.pk),
        help_articles=parts.articles((18, 21)),
    )


def preflight(view: Any, action: str, label: str, judged: list[tuple[AnnualReport, str]]) -> str:
    """Which of the chosen rows would fail, before anything happens."""
    return view.render(
        "ui/preflight.html",
        title=f"批量办理：{label}",
        label=label,
        post_url=view.get_url(".action_view"),
        back_url=list_context.came_from(view),
        headers=("类别", "县（市、区）", "环节"),
        rows=[
            {
                "id": row.pk,
                "label": str(row),
                "url": view.get_url(".details_view", id=row.pk),
                "ok": not why,
                "why": why,
                "facts": (Kind(row.kind).label, formats.area_name(row.area), ReportStage(row.stage).label),
            }
            for row, why in judged
        ],
        fields=[],
        needs_reason=False,
        hidden=[("action", action), ("url", list_context.came_from(view))],
    )
