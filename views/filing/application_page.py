"""The page of an application: facts at its head, tables below, related records beside."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from markupsafe import Markup

from app import clock
from app.policy import access
from app.policy.terms import Kind
from app.services import filing, lists
from app.services.core import decisions, scope
from models.decisions import Decision
from models.filing.applications import Application
from models.lists import Objection
from views import acting, by
from views.filing import findings
from views.panel import formats
from views.panel.sections import CORRECTIONS, Link, Related, Table, Tables, linked

Row = tuple[Any, ...]


def header_facts(view: Any, record: Application) -> list[tuple[str, Any]]:
    """Return the facts at the head of the page, the next deadline last."""
    facts = [
        ("单位", record.unit_name),
        ("类别", Kind(record.kind).label),
        ("县（市、区）", formats.area_name(record.area)),
        ("评价得分", formats.shown(view, record.score, "score")),
    ]
    deadline = filing.application_deadline(record, clock.today())
    if deadline is None:
        return facts
    label, day, passed = deadline
    said = formats.day(None, day, "")
    return [*facts, (label, Markup('<span class="late">{}（已过）</span>').format(said) if passed else said)]


def _score_rows(view: Any, record: Application) -> list[Row]:
    if not access.may(acting(), "read", "review"):
        return []
    return [(row.name, formats.number(view, row.total, ""), row.remark, row.at) for row in record.scores]


def _objection_rows(view: Any, record: Application) -> Iterator[Row]:
    for objection in scope.rows(by(), Objection).filter(application_id=record.pk):
        url = url_for("objection.details_view", id=objection.pk)
        link = Markup('<a href="{}">{}</a>').format(url, objection.received_on)
        yield link, lists.matter_visible_to(objection, acting()), objection.get_state_display()


TABLES = (
    Tables(findings.tables),
    CORRECTIONS,
    Table("评审打分", ("评审人", "总分", "意见", "时间"), _score_rows),
    Table("异议", ("收到日期", "事项", "状态"), _objection_rows),
)


def _report_link(view: Any, record: Application) -> Iterator[Link]:
    if report := filing.find_report(record):
        yield Link(str(report), url_for("evaluation.details_view", id=report.pk), "评价报告")


def _decision_links(view: Any, record: Application) -> Iterator[Link]:
    for decision in scope.rows(by(), Decision).filter(lines__record_id=record.pk):
        url = url_for("decision.details_view", id=decision.pk)
        yield Link(decisions.title_for(decision, acting()), url, decision.get_state_display())


RELATED = Related("相关记录", (linked("unit", "unit_id", "unit_name", "单位"), _report_link, _decision_links))
