"""A batch copied from one draft: one letter for each pasted row."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from app.documents.kinds import KINDS
from app.documents.kinds.inputs import labels_of, types_of
from app.policy.flow import NotAllowed
from app.services.core import rules
from app.services.core.by import By
from app.services.papers import drafting
from app.services.papers.batches import MAX_PAPERS, create_batch
from app.services.papers.forms import convert_text
from app.services.papers.values import from_plain
from models.database import transactional
from models.papers import Paper, PaperBatch
from models.registry.units import Unit


@transactional
def copy_by_rows(paper: Paper, table: str, *, by: By) -> PaperBatch:
    """Copy a draft once for each pasted row and return the batch; the draft itself becomes its first paper.

    The first line of the table names fields by their labels, each later line gives their values.
    Raises NotAllowed naming the column or the row.
    """
    rows = [line.split("\t") for line in table.replace("\r\n", "\n").split("\n") if line.strip()]
    if len(rows) < 2:
        raise NotAllowed("请粘贴表格：第一行是栏目名称，以下每行一份。")
    if len(rows) - 1 > MAX_PAPERS:
        raise NotAllowed(f"一批最多 {MAX_PAPERS} 份。")
    fields = _fields(paper.kind, [cell.strip() for cell in rows[0]])
    inputs = from_plain(paper.kind, paper.inputs)
    first, *others = [
        _inputs_with_row(paper.kind, inputs, fields, row, number)
        for number, row in enumerate(rows[1:], start=1)
    ]

    fresh = drafting.edit(paper, first, version=paper.version, addressed=_visibility(paper, first), by=by)
    copies = [drafting.compose(paper.kind, other, **_visibility(paper, other), by=by) for other in others]
    return create_batch(paper.title, paper.kind, [fresh, *copies], by=by)


def _fields(kind: str, headings: Sequence[str]) -> list[str]:
    """Return the field of each heading. Raises NotAllowed naming unknown headings."""
    known = {label: name for name, label in labels_of(KINDS[kind].inputs).items()}
    if unknown := [heading for heading in headings if heading not in known]:
        raise NotAllowed(f"没有这些栏目：{'、'.join(unknown)}。可用的栏目：{'、'.join(known)}。")
    return [known[heading] for heading in headings]


def _inputs_with_row(kind: str, inputs: Any, fields: Sequence[str], row: Sequence[str], number: int) -> Any:
    """Return the inputs with one row's values. Raises NotAllowed naming the row."""
    if len(row) != len(fields):
        raise NotAllowed(f"第 {number} 行有 {len(row)} 栏，应为 {len(fields)} 栏。")
    hints, labels = types_of(KINDS[kind].inputs), labels_of(KINDS[kind].inputs)
    values = {
        name: convert_text(hints[name], cell, f"第 {number} 行的{labels[name]}")
        for name, cell in zip(fields, row, strict=True)
    }
    return dataclasses.replace(inputs, **values)


def _visibility(paper: Paper, inputs: Any) -> dict[str, Any]:
    """Return the areas and units that may read one letter: those it is about, never those of other letters."""
    if name := getattr(inputs, "unit_name", ""):
        return _visibility_of_unit(paper, name)
    area_names = {getattr(inputs, field, None) for field in ("area_department", "area_name")} - {None}
    if area_names:
        named = [area.code for area in rules.pack().areas if area_names & {area.name, area.department}]
        return {"areas": [code for code in named if code in paper.areas], "unit_ids": []}
    return {"areas": paper.areas, "unit_ids": paper.unit_ids}


def _visibility_of_unit(paper: Paper, name: str) -> dict[str, Any]:
    """Return the part of a paper's readers that a letter to the units of this name has."""
    units = list(Unit.objects(name=name).only("area"))
    return {
        "areas": sorted({unit.area for unit in units} & set(paper.areas)),
        "unit_ids": [unit.pk for unit in units if unit.pk in paper.unit_ids],
    }
