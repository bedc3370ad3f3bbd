"""Evaluation standards (第七至九条) by version: items, full points, baseline and leading value."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.policy.reading import record, records
from app.policy.terms import Kind, Term

_FILE = Path(__file__).parents[1] / "data" / "standards.toml"


class Direction(Term):
    """Way in which points follow from a value."""

    RISING = "rising", "正向"
    FALLING = "falling", "逆向"
    JUDGED = "judged", "定性"


@dataclass(frozen=True)
class Item:
    """Line of a scoresheet; `choose` names a set of which only the best count."""

    code: str
    group: str
    name: str
    direction: str
    full: Decimal
    unit: str = ""
    baseline: Decimal | None = None
    leading: Decimal | None = None
    choose: str | None = None
    note: str = ""

    @property
    def limits(self) -> tuple[Decimal, Decimal] | None:
        """Return baseline and leading value; None where the reviewer gives the points."""
        if self.direction == Direction.JUDGED or self.baseline is None or self.leading is None:
            return None
        return self.baseline, self.leading


@dataclass(frozen=True)
class Standard:
    """Version of a standard for one kind; old reports keep the version under which they were made."""

    code: str
    version: str
    kind: str
    title: str
    valid_from: date
    items: tuple[Item, ...] = ()
    valid_to: date | None = None
    choose: Mapping[str, int] = field(default_factory=dict)
    certainty: str = "原文"
    note: str = ""

    @property
    def key(self) -> str:
        """Return code and version as reports and ledgers write them: GB/T 36132-2025."""
        return f"{self.code}-{self.version}"

    @property
    def full(self) -> Decimal:
        """Return the points that can be reached: of each set only those that count."""
        fixed = sum((item.full for item in self.items if not item.choose), Decimal(0))
        return sum((full for name, count in self.choose.items() for full in self._fulls(name)[:count]), fixed)

    def _fulls(self, choose: str) -> list[Decimal]:
        return sorted((item.full for item in self.items if item.choose == choose), reverse=True)

    def item(self, code: str) -> Item:
        return next(item for item in self.items if item.code == code)

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def problems(standard: Standard) -> list[str]:
    """Return every reason why a standard cannot be used, for built-in and for own standards alike."""
    return [*_head_problems(standard), *_structure_problems(standard), *_items_problems(standard)]


def _head_problems(standard: Standard) -> Iterator[str]:
    if standard.kind not in {kind.value for kind in Kind}:
        yield f"{standard.key}：不认识的类别 {standard.kind}"
    if standard.valid_to and standard.valid_to < standard.valid_from:
        yield f"{standard.key}：停用日早于启用日"


def _structure_problems(standard: Standard) -> Iterator[str]:
    for code, count in Counter(item.code for item in standard.items).items():
        if count > 1:
            yield f"{standard.key}：指标序号 {code} 重复"
    sets = Counter(item.choose for item in standard.items if item.choose)
    for name in sets.keys() ^ standard.choose.keys():
        yield f"{standard.key}：选项组“{name}”没有写明取几项，或没有指标"
    for name in sets.keys() & standard.choose.keys():
        if not 1 <= standard.choose[name] <= sets[name]:
            yield f"{standard.key}：选项组“{name}”应取 1 至 {sets[name]} 项"


def _items_problems(standard: Standard) -> Iterator[str]:
    for item in standard.items:
        yield from (f"{standard.key} 指标 {item.code}：{why}" for why in _item_problems(item))


def _item_problems(item: Item) -> Iterator[str]:
    if item.direction not in {direction.value for direction in Direction}:
        yield f"不认识的方向 {item.direction}"
    if item.full <= 0:
        yield "满分应大于 0"
    if item.limits is None:
        return
    baseline, leading = item.limits
    if item.direction == Direction.RISING and leading <= baseline:
        yield "正向指标的引领值应大于基准值"
    if item.direction == Direction.FALLING and leading >= baseline:
        yield "逆向指标的引领值应小于基准值"


@cache
def built_in_standards() -> tuple[Standard, ...]:
    """Return the standards that come with the program; ValueError names everything wrong in their file."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"), parse_float=Decimal)
    faults: list[str] = []
    parsed = [_parse(row, faults) for row in raw["standards"]]
    standards = tuple(standard for standard in parsed if standard is not None)
    faults += [why for standard in standards for why in problems(standard)]
    if faults:
        raise ValueError("\n".join(faults))
    return standards


def _parse(raw: dict[str, Any], faults: list[str]) -> Standard | None:
    rest = {key: value for key, value in raw.items() if key not in ("items", "choose")}
    name = f"评价标准 {raw.get('code')}-{raw.get('version')}"
    items = records(Item, raw.get("items"), f"{name} 指标", faults)
    head = record(Standard, rest, name, faults)
    return head and replace(head, items=items, choose=raw.get("choose", {}))


def standards_for(kind: Kind | str, day: date) -> tuple[Standard, ...]:
    """Return the built-in standards of a kind in force on a day, newest first."""
    rows = (row for row in built_in_standards() if row.kind == Kind(kind).value and row.valid_on(day))
    return tuple(sorted(rows, key=lambda row: row.valid_from, reverse=True))
