"""The rows of an import batch as preview and result show them: tabs by outcome, pages, what is said of each row."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from app.policy.terms import Kind, RowOutcome
from app.services import ledger
from app.services.core import rules, scope
from models.ledger import ImportBatch, ImportLine
from models.registry.units import Unit
from views import by

PAGE = 100
HEADERS = ("单位名称", "县（市、区）", "类别")


def page(view: Any, batch: ImportBatch, endpoint: str, *, linked: bool = False) -> dict[str, Any]:
    """One page of a batch's rows, by outcome if one is chosen; `linked`: with links to their units."""
    chosen = next((one for one in RowOutcome if one.value == request.args.get("outcome")), None)
    total = batch.counts[chosen.value] if chosen else sum(batch.counts.values())
    wanted = min(max(request.args.get("page", 0, type=int), 0), total // PAGE)
    found = ledger.import_lines(batch, outcome=chosen, page=wanted, size=PAGE)
    areas = {area.code: area.name for area in rules.pack().areas}
    units = _units(view, [line.name for line in found]) if linked else {}

    def url(number: int = 0, outcome: RowOutcome | None = chosen) -> str:
        extra = {"outcome": outcome.value} if outcome else {}
        return view.get_url(endpoint, id=batch.pk, page=number, **extra)

    every = (None, "全部", sum(batch.counts.values()))
    choices = [every, *((one, one.label, batch.counts[one.value]) for one in RowOutcome)]
    return {
        "rows": [_shown(line, areas, units) for line in found],
        "page": wanted,
        "page_url": url,
        "pages": (total + PAGE - 1) // PAGE,
        "counts": [(one.label, batch.counts[one.value], one.badge) for one in RowOutcome],
        "tabs": [
            {"label": label, "count": count, "url": url(0, one), "active": one is chosen}
            for one, label, count in choices
        ],
        "report_url": view.get_url(".errors_file", id=batch.pk) if batch.refused else None,
    }


def counted(batch: ImportBatch) -> str:
    """The outcomes in one line: 新增 60，未通过 6."""
    counts = batch.counts
    return "，".join(f"{one.label} {counts[one.value]}" for one in RowOutcome if counts.get(one.value))


def _units(view: Any, names: Sequence[str]) -> dict[str, str]:
    """Links to the units of these names, as far as they exist for the actor: a guess must not be confirmed."""
    rows = scope.rows(by(), Unit)
    found = rows.filter(name__in=names).only("name") if names else ()
    return {unit.name: view.get_url("unit.details_view", id=unit.pk) for unit in found}


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
