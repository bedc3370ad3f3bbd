"""Rows of an import batch in preview and result: tabs by outcome, pages, remarks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request

from app.policy.terms import Kind, RowOutcome
from app.services import ledger
from app.services.core import rules, scope
from models.ledger import ImportBatch, ImportLine
from models.registry.units import Unit
from views import by

PAGE_SIZE = 100
HEADERS = ("单位名称", "县（市、区）", "类别")


def page(view: Any, batch: ImportBatch, endpoint: str, *, linked: bool = False) -> dict[str, Any]:
    """Return the template variables of one page of a batch's rows; `linked` adds links to their units."""
    chosen = next((outcome for outcome in RowOutcome if outcome.value == request.args.get("outcome")), None)
    total = batch.counts[chosen.value] if chosen else sum(batch.counts.values())
    number = min(max(request.args.get("page", 0, type=int), 0), total // PAGE_SIZE)
    lines = ledger.import_lines(batch, outcome=chosen, page=number, size=PAGE_SIZE)
    areas = {area.code: area.name for area in rules.pack().areas}
    units = _units(view, [line.name for line in lines]) if linked else {}

    def url(number: int = 0, outcome: RowOutcome | None = chosen) -> str:
        extra = {"outcome": outcome.value} if outcome else {}
        return view.get_url(endpoint, id=batch.pk, page=number, **extra)

    return {
        "rows": [_shown(line, areas, units) for line in lines],
        "page": number,
        "page_url": url,
        "pages": (total + PAGE_SIZE - 1) // PAGE_SIZE,
        "counts": [(outcome.label, batch.counts[outcome.value], outcome.badge) for outcome in RowOutcome],
        "tabs": _tabs(batch, chosen, url),
        "report_url": view.get_url(".errors_file", id=batch.pk) if batch.refused else None,
    }


def _tabs(batch: ImportBatch, chosen: RowOutcome | None, url: Callable[..., str]) -> list[dict[str, Any]]:
    choices = [(None, "全部", sum(batch.counts.values()))]
    choices += [(outcome, outcome.label, batch.counts[outcome.value]) for outcome in RowOutcome]
    return [
        {"label": label, "count": count, "url": url(0, outcome), "active": outcome is chosen}
        for outcome, label, count in choices
    ]


def outcome_counts(batch: ImportBatch) -> str:
    """Return the outcomes in one line: 新增 60，未通过 6."""
    counts = batch.counts
    return "，".join(
        f"{outcome.label} {counts[outcome.value]}" for outcome in RowOutcome if counts.get(outcome.value)
    )


def _units(view: Any, names: Sequence[str]) -> dict[str, str]:
    """Return links to the units of these names in the actor's scope only: a guess must not be confirmed."""
    rows = scope.rows(by(), Unit)
    units = rows.filter(name__in=names).only("name") if names else ()
    return {unit.name: view.get_url("unit.details_view", id=unit.pk) for unit in units}


def _shown(line: ImportLine, areas: Mapping[str, str], units: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": line.row,
        "state": RowOutcome(line.outcome).label,
        "badge": line.badge,
        "ok": not line.refused,
        "cells": (line.name, areas.get(line.area, ""), Kind(line.kind).label if line.kind else ""),
        "label": line.name or "（未显示）",
        "url": units.get(line.name),
        "problems": line.remarks,
    }
