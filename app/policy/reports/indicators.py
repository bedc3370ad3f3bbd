"""Indicators, relations and definitions of the annual form (第十八条), as data by kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from app.policy.reports import formula_values, formulas
from app.policy.reports.formula_values import FormulaError
from app.policy.terms import Term

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
        """Return name and unit as tables and workbooks write them: “综合能源消费量（tce）”."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


@dataclass(frozen=True)
class Relation:
    """A relation that must hold between cells; `tolerance` in percent of the right side."""

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
        return {indicator.key: indicator for indicator in self.indicators}

    @property
    def names(self) -> dict[str, str]:
        return {indicator.key: indicator.name for indicator in self.indicators}

    @property
    def inputs(self) -> tuple[Indicator, ...]:
        """Return the cells that somebody fills in."""
        return tuple(indicator for indicator in self.indicators if not indicator.formula)

    @property
    def numbers(self) -> tuple[Indicator, ...]:
        return tuple(indicator for indicator in self.indicators if indicator.is_number)

    @property
    def scale(self) -> Indicator | None:
        """Return the output that amounts are set against, if the form has one."""
        return next((indicator for indicator in self.indicators if indicator.scale), None)

    @cached_property
    def derived(self) -> tuple[tuple[str, formula_values.Node], ...]:
        """Return the computed cells, each after those that it reads."""
        waiting = {
            indicator.key: formulas.parse(indicator.formula)
            for indicator in self.indicators
            if indicator.formula
        }
        ordered: list[tuple[str, formula_values.Node]] = []
        while waiting:
            ready = [
                key
                for key, node in waiting.items()
                if not waiting.keys() & set(formula_values.references(node))
            ]
            if not ready:
                raise FormulaError(
                    f"公式互相引用，无法计算：{'、'.join(self.names[key] for key in waiting)}。"
                )
            ordered += [(key, waiting.pop(key)) for key in ready]
        return tuple(ordered)

    def sections(self) -> list[tuple[str, list[Indicator]]]:
        """Return the cells by group, in the order in which groups first appear."""
        groups: dict[str, list[Indicator]] = {}
        for indicator in self.indicators:
            groups.setdefault(indicator.group, []).append(indicator)
        return list(groups.items())
