"""What an annual report asks (第十八条): indicators and relations as data, by kind; checked before they are used."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from app.policy.reading import record, records
from app.policy.reports import formulas
from app.policy.reports.formulas import FormulaError
from app.policy.terms import Kind, Term

_FILE = Path(__file__).parents[1] / "data" / "indicators.toml"
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Form(Term):
    """How a cell is filled in."""

    NUMBER = "number", "数值"
    FLAG = "flag", "是或否"
    TEXT = "text", "文字"


class Nature(Term):
    """How a figure behaves from year to year; the checks compare accordingly."""

    QUANTITY = "quantity", "总量（随生产规模变化）"
    RATE = "rate", "比率或强度"
    STEADY = "steady", "通常不变（用地、建筑等）"
    COUNT = "count", "计数"


class Compares(Term):
    """How the two sides of a relation stand to each other."""

    AT_MOST = "at_most", "不大于"
    AT_LEAST = "at_least", "不小于"
    EQUAL = "equal", "等于"


@dataclass(frozen=True)
class Indicator:
    """One cell of the form.

    `minimum`, `maximum`: hard, a value outside is refused. `low`, `high`: soft, a value outside must be
    explained. `scale` marks the output that amounts are set against; `trend` puts a figure on the trends.
    """

    key: str
    name: str
    group: str
    unit: str = ""
    form: str = Form.NUMBER.value
    nature: str = Nature.QUANTITY.value
    required: bool = True
    skippable: bool = False  # 可填“不涉及”
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    formula: str = ""
    proof: str = ""
    note: str = ""
    scale: bool = False
    trend: bool = False

    @property
    def is_number(self) -> bool:
        return self.form == Form.NUMBER

    @property
    def heading(self) -> str:
        """“综合能源消费量（tce）”, as tables and workbooks write it."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


@dataclass(frozen=True)
class Relation:
    """What must hold between cells; `tolerance` in percent of the right side."""

    name: str
    left: str
    compares: str
    right: str
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True)
class Definition:
    """All that one kind's form asks in a year."""

    kind: str
    title: str
    indicators: tuple[Indicator, ...] = ()
    relations: tuple[Relation, ...] = ()
    certainty: str = ""

    def get(self, key: str) -> Indicator | None:
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> Mapping[str, Indicator]:
        return {one.key: one for one in self.indicators}

    @property
    def names(self) -> dict[str, str]:
        return {one.key: one.name for one in self.indicators}

    @property
    def inputs(self) -> tuple[Indicator, ...]:
        """The cells that somebody fills in."""
        return tuple(one for one in self.indicators if not one.formula)

    @property
    def numbers(self) -> tuple[Indicator, ...]:
        return tuple(one for one in self.indicators if one.is_number)

    @property
    def scale(self) -> Indicator | None:
        """The output that amounts are set against, if the form has one."""
        return next((one for one in self.indicators if one.scale), None)

    @cached_property
    def derived(self) -> tuple[tuple[str, formulas.Node], ...]:
        """Computed cells, each after those that it reads."""
        waiting = {one.key: formulas.parse(one.formula) for one in self.indicators if one.formula}
        ordered: list[tuple[str, formulas.Node]] = []
        while waiting:
            ready = [
                key for key, node in waiting.items() if not waiting.keys() & set(formulas.references(node))
            ]
            if not ready:
                raise FormulaError(
                    f"公式互相引用，无法计算：{'、'.join(self.names[key] for key in waiting)}。"
                )
            ordered += [(key, waiting.pop(key)) for key in ready]
        return tuple(ordered)

    def sections(self) -> list[tuple[str, list[Indicator]]]:
        """The cells by their group, in the order in which groups first appear."""
        found: dict[str, list[Indicator]] = {}
        for one in self.indicators:
            found.setdefault(one.group, []).append(one)
        return list(found.items())


def problems(definition: Definition) -> list[str]:
    """Why a definition cannot be used, everything at once; the same for built-in and own ones."""
    found = list(_problems(definition))
    if not found:
        try:
            _ = definition.derived
        except FormulaError as error:
            found.append(str(error))
    return found


def _problems(definition: Definition) -> Iterator[str]:
    if definition.kind not in {kind.value for kind in Kind}:
        yield f"不认识的类别 {definition.kind}。"
    if not definition.inputs:
        yield "至少要有一项填报指标。"
    for what, counted in (
        ("编码", Counter(one.key for one in definition.indicators)),
        ("名称", Counter(one.name for one in definition.indicators)),
    ):
        yield from (f"指标{what}“{text}”重复。" for text, times in counted.items() if times > 1)
    if sum(one.scale for one in definition.indicators) > 1:
        yield "只能有一项作为规模基准（如工业总产值）。"
    for one in definition.indicators:
        yield from (f"指标“{one.name or one.key}”：{why}" for why in _indicator_problems(one, definition))
    for relation in definition.relations:
        yield from (f"勾稽关系“{relation.name}”：{why}" for why in _relation_problems(relation, definition))


def _indicator_problems(one: Indicator, definition: Definition) -> Iterator[str]:
    if not KEY.fullmatch(one.key):
        yield "编码只能用小写字母、数字和下划线，以字母开头。"
    if not one.name.strip() or not one.group.strip():
        yield "名称和分组不能为空。"
    if any(mark in one.name for mark in "「」"):
        yield "名称中不能有「」。"
    if one.form not in {form.value for form in Form} or one.nature not in {nature.value for nature in Nature}:
        yield "填报形式或变化特点不在可选范围内。"
    for low, high, what in ((one.minimum, one.maximum, "允许范围"), (one.low, one.high, "合理范围")):
        if low is not None and high is not None and low > high:
            yield f"{what}的下限大于上限。"
    if not one.is_number and (one.formula or one.scale or one.trend):
        yield "只有数值可以计算、作规模基准或列入趋势。"
    if one.formula:
        yield from _formula_problems(one.formula, definition)


def _relation_problems(relation: Relation, definition: Definition) -> Iterator[str]:
    if relation.compares not in {one.value for one in Compares}:
        yield "比较方式不在可选范围内。"
    if not 0 <= relation.tolerance <= 100:
        yield "容差应在 0% 至 100% 之间。"
    for side in (relation.left, relation.right):
        yield from _formula_problems(side, definition)


def _formula_problems(text: str, definition: Definition) -> Iterator[str]:
    try:
        node = formulas.parse(text)
    except FormulaError as error:
        yield str(error)
        return
    for key in formulas.references(node):
        other = definition.get(key)
        if other is None:
            yield f"公式引用了不存在的指标 {key}。"
        elif not other.is_number:
            yield f"公式引用的“{other.name}”不是数值。"


@cache
def built_in() -> Mapping[str, Definition]:
    """The definitions that come with the program, by kind; ValueError names everything wrong in their file."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"), parse_float=Decimal)
    found: list[str] = []
    read = [_read(row, found) for row in raw["definitions"]]
    found += [f"{one.title}：{why}" for one in read if one for why in problems(one)]
    if found:
        raise ValueError("\n".join(found))
    return {one.kind: one for one in read if one}


def _read(raw: dict[str, Any], found: list[str]) -> Definition | None:
    where = f"年度指标 {raw.get('kind')}"
    head = {key: value for key, value in raw.items() if key not in ("indicators", "relations")}
    rows = records(Indicator, raw.get("indicators"), f"{where} 指标", found)
    relations = records(Relation, raw["relations"], f"{where} 勾稽", found) if "relations" in raw else ()
    definition = record(Definition, head, where, found)
    return definition and replace(definition, indicators=rows, relations=relations)
