"""Changes to the indicators and relations of a draft edition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.reports.formula_values import FormulaError
from app.policy.reports.formula_words import with_keys
from app.policy.reports.indicators import Definition
from app.policy.terms import StandardState
from app.services.core import audit, records, scope
from app.services.core.by import By
from models.database import transactional
from models.reports import IndicatorRow, RelationRow, Standard


def save_indicator(
    standard: Standard, key: str, values: Mapping[str, Any], *, version: int, by: By
) -> Standard:
    """Change the indicator `key`, or add one where it is "". Raises NotAllowed with everything wrong in words."""

    def change(fresh: Standard) -> str:
        place = next((n for n, row in enumerate(fresh.indicators) if row.key == key), None)
        if key and place is None:
            raise NotAllowed("该指标已被他人删除，请刷新后查看。")
        row = IndicatorRow(**_read(values, fresh.definition))
        row.key = key or row.key or _new_key(fresh)
        if place is None:
            fresh.indicators.insert(_end_of(fresh, row.group), row)
        else:
            fresh.indicators[place] = row
        return f"{'修改' if key else '新增'}指标：{row}"

    return _edit(standard, change, version=version, by=by)


def _read(values: Mapping[str, Any], definition: Definition) -> dict[str, Any]:
    read = dict(values)
    read["formula"] = _keyed(str(values.get("formula") or ""), definition)
    return read


def _keyed(text: str, definition: Definition) -> str:
    try:
        return with_keys(text.strip(), {name: key for key, name in definition.names.items()})
    except FormulaError as error:
        raise NotAllowed(str(error)) from error


def _new_key(standard: Standard) -> str:
    taken = {row.key for row in standard.indicators}
    return next(key for number in range(1, 1000) if (key := f"own{number}") not in taken)


def _end_of(standard: Standard, group: str) -> int:
    """Return the place behind the last indicator of a group."""
    places = [place for place, row in enumerate(standard.indicators) if row.group == group]
    return places[-1] + 1 if places else len(standard.indicators)


def remove_indicator(standard: Standard, key: str, *, version: int, by: By) -> Standard:
    """Take an indicator out; refused while a formula or relation reads it."""

    def change(fresh: Standard) -> str:
        gone = next((row for row in fresh.indicators if row.key == key), None)
        if gone is None:
            raise NotAllowed("该指标已被他人删除，请刷新后查看。")
        fresh.indicators = [row for row in fresh.indicators if row.key != key]
        return f"删除指标：{gone}"

    return _edit(standard, change, version=version, by=by)


def move_indicator(standard: Standard, key: str, offset: int, *, version: int, by: By) -> Standard:
    """Move an indicator up (-1) or down (+1) by one place."""

    def change(fresh: Standard) -> str:
        rows = list(fresh.indicators)
        place = next((n for n, row in enumerate(rows) if row.key == key), None)
        if place is None or not 0 <= place + offset < len(rows):
            raise NotAllowed("已经在最前或最后。")
        rows.insert(place + offset, rows.pop(place))
        fresh.indicators = rows
        return f"移动指标：{rows[place + offset]}"

    return _edit(standard, change, version=version, by=by)


def save_relation(
    standard: Standard,
    number: int | None,
    values: Mapping[str, Any] | None,
    *,
    version: int,
    by: By,
) -> Standard:
    """Change the relation of this place, add one (None), or take it out (values None)."""

    def change(fresh: Standard) -> str:
        rows = list(fresh.relations)
        if number is not None and not 0 <= number < len(rows):
            raise NotAllowed("该勾稽关系已被他人删除，请刷新后查看。")
        if values is None:
            word = f"删除勾稽关系：{rows.pop(number or 0)}"
        else:
            definition = fresh.definition
            sides = {side: _keyed(str(values.get(side) or ""), definition) for side in ("left", "right")}
            row = RelationRow(**{**values, **sides})
            place = len(rows) if number is None else number
            rows[place : place + 1] = [row]
            word = f"{'修改' if number is not None else '新增'}勾稽关系：{row}"
        fresh.relations = rows
        return word

    return _edit(standard, change, version=version, by=by)


@transactional
def _edit(standard: Standard, change: Callable[[Standard], str], *, version: int, by: By) -> Standard:
    """Change a draft: right, version, soundness and audit in one place."""
    if not standard.editable_by(by.actor.role):
        state = StandardState(standard.stage).label
        raise NotAllowed(f"“{state}”的指标不能修改；需要调整时请新编一版。")

    fresh = scope.find(by, Standard, standard.pk)
    if fresh is None or fresh.version != version or not fresh.editable_by(by.actor.role):
        raise records.stale(standard)
    words = change(fresh)
    if why := fresh.problems:
        raise NotAllowed("".join(why))
    fresh.editors = sorted({*fresh.editors, by.actor.username})
    fresh.version, fresh.updated_at, fresh.updated_by = version + 1, by.now, by.actor.username
    records.save(fresh, save_condition={"version": version})
    audit.record(Verb.EDIT, by=by, subject=fresh, changes=[("indicators", "指标", "", words)])
    return fresh
