"""Doubts about an annual report: each names two cells and their ratio (第十八条; 第二十一条（三）)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from app.policy.reports.calculation import figures
from app.policy.reports.doubts.form import copied_cells, relations, soft_limits
from app.policy.reports.doubts.found import Context, Doubt, Filled, Known, Past
from app.policy.reports.doubts.peers import industry, twins
from app.policy.reports.doubts.record import own_record
from app.policy.reports.doubts.years import copied_years, own_years
from app.policy.reports.indicators import Definition

__all__ = ["Context", "Doubt", "Known", "Past", "doubts"]

CHECKS: tuple[Callable[[Filled, Context], Iterator[Doubt]], ...] = (
    own_years,
    copied_years,
    relations,
    soft_limits,
    copied_cells,
    industry,
    twins,
    own_record,
)


def doubts(
    definition: Definition,
    values: Mapping[str, object],
    context: Context,
    head: Mapping[str, str] | None = None,
    declared: Collection[str] = (),
) -> list[Doubt]:
    """Return every doubt about a form, the gravest kind of a pair of cells only."""
    form = Filled(definition, context.year, figures(definition, values), head or {}, declared)
    doubts_by_cells: dict[tuple[str, str], Doubt] = {}
    for check in CHECKS:
        for doubt in check(form, context):
            doubts_by_cells.setdefault((doubt.key, doubt.other), doubt)
    return list(doubts_by_cells.values())
