"""Definitions of the annual report's figures: drawn up on screens, copied from last year, approved by a second person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from bson import ObjectId

from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.policy.reports import indicators
from app.policy.reports.formulas import FormulaError, with_keys
from app.policy.reports.indicators import Definition, Indicator
from app.policy.terms import Kind, StandardState
from app.services.core import audit, records, scope, workflow
from app.services.core.by import By
from app.services.core.workflow import StepInput
from models.database import transact
from models.reports import IndicatorRow, RelationRow, Standard

BUILT_IN = "系统内置指标"


def in_force(kind: str, year: int) -> Standard | None:
    """The definition of a year, else that of the latest year before it; None: the program's own."""
    found = Standard.objects(kind=kind, year__lte=year, stage=StandardState.IN_FORCE.value)
    return found.order_by("-year", "-id").first()


def definition_for(kind: str, year: int) -> tuple[ObjectId | None, Definition]:
    """What a form of this kind and year asks now, with the key under which a report keeps it."""
    standard = in_force(kind, year)
    return (standard.pk, standard.definition) if standard else (None, indicators.built_in()[kind])


def of(reports: Iterable[Any]) -> Callable[[Any], Definition]:
    """The definitions of many reports in one read: report → its definition."""
    wanted = {one.standard_id for one in reports if one.standard_id}
    found = {one.pk: one.definition for one in Standard.objects(pk__in=list(wanted))}
    return lambda report: found.get(report.standard_id) or indicators.built_in()[report.kind]


def create(kind: str, year: int, reason: str, *, by: By) -> Standard:
    """A new edition for a kind and year, copied from what is in force (last year's, or the program's own)."""
    if kind not in {one.value for one in Kind}:
        raise NotAllowed("请选择类别。")
    before = in_force(kind, year)
    source = before.definition if before else indicators.built_in()[kind]
    latest = Standard.objects(kind=kind, year=year).order_by("-edition").first()
    standard = Standard(
        kind=kind,
        year=year,
        edition=latest.edition + 1 if latest else 1,
        title=f"{year} 年度{Kind(kind).label}动态管理表",
        reason=reason,
        copied_from=str(before) if before else BUILT_IN,
        indicators=[_row(one) for one in source.indicators],
        relations=[RelationRow(**asdict(one)) for one in source.relations],
        prepared_by=by.actor.username,
        prepared_name=by.actor.name,
    )
    return records.create(standard, by=by, reason=reason)


def _row(one: Indicator) -> IndicatorRow:
    return IndicatorRow(**asdict(one))


def put(standard: Standard, key: str, values: Mapping[str, Any], *, version: int, by: By) -> Standard:
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
    """Behind the last one of its group."""
    places = [place for place, row in enumerate(standard.indicators) if row.group == group]
    return places[-1] + 1 if places else len(standard.indicators)


def remove(standard: Standard, key: str, *, version: int, by: By) -> Standard:
    """Take an indicator out; refused while a formula or relation reads it."""

    def change(fresh: Standard) -> str:
        gone = next((row for row in fresh.indicators if row.key == key), None)
        if gone is None:
            raise NotAllowed("该指标已被他人删除，请刷新后查看。")
        fresh.indicators = [row for row in fresh.indicators if row.key != key]
        return f"删除指标：{gone}"

    return _edit(standard, change, version=version, by=by)


def move(standard: Standard, key: str, offset: int, *, version: int, by: By) -> Standard:
    """Up (-1) or down (+1) by one place."""

    def change(fresh: Standard) -> str:
        rows = list(fresh.indicators)
        place = next((n for n, row in enumerate(rows) if row.key == key), None)
        if place is None or not 0 <= place + offset < len(rows):
            raise NotAllowed("已经在最前或最后。")
        rows.insert(place + offset, rows.pop(place))
        fresh.indicators = rows
        return f"移动指标：{rows[place + offset]}"

    return _edit(standard, change, version=version, by=by)


def relate(
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


def _edit(standard: Standard, change: Callable[[Standard], str], *, version: int, by: By) -> Standard:
    """One change of a draft: right, version, soundness and audit in one place."""
    if not standard.editable_by(by.actor.role):
        state = StandardState(standard.stage).label
        raise NotAllowed(f"“{state}”的指标不能修改；需要调整时请新编一版。")

    def work() -> Standard:
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

    return transact(work)


def author_obstacle(standard: Standard, actor: Actor) -> str:
    """Return why the second person may not be this one, or ""."""
    authors = {standard.prepared_by, *standard.editors}
    return "编制人不能批准或退回自己编制、修改的指标。" if actor.username in authors else ""


def offers(standard: Standard, *, by: By) -> list[Offer]:
    """The table's steps; deciding is greyed for who drew it up."""
    shown = workflow.offers(standard, by=by)
    own = author_obstacle(standard, by.actor)
    return [replace(one, why=own) if own and one.action in ("approve", "send_back") else one for one in shown]


def advance(
    standard: Standard, action: str, *, reason: str = "", by: By, seen: int | None = None
) -> Standard:
    """Send for approval, approve, send back. Raises NotAllowed, Conflict."""
    given = StepInput(reason=reason)
    return workflow.advance(standard, action, by=by, given=given, seen=seen)
