"""The page of a definition: its indicators by group, and the relations between their figures."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.policy.reports import formula_words
from app.policy.reports.indicators import Compares, Definition, Form, Indicator, Relation
from models.reports import Standard
from views.panel.sections import ShownTable, Tables

INDICATOR_COLUMNS = ("指标", "单位", "形式", "必填", "允许范围", "合理范围", "公式", "证明材料")
RELATION_COLUMNS = ("关系", "左边", "比较", "右边", "容差")


def _tables(view: Any, record: Standard) -> Iterator[ShownTable]:
    definition = record.definition
    for group, indicators in definition.sections():
        rows = [_indicator_row(indicator, definition) for indicator in indicators]
        yield str(group), INDICATOR_COLUMNS, rows
    yield "勾稽关系", RELATION_COLUMNS, [relation_row(each, definition) for each in definition.relations]


TABLES = (Tables(_tables),)


def _indicator_row(indicator: Indicator, definition: Definition) -> tuple[str, ...]:
    formula = f"＝ {formula_words.in_words(indicator.formula, definition.names)}" if indicator.formula else ""
    return (
        indicator.name,
        indicator.unit,
        Form(indicator.form).label,
        _duty(indicator),
        _range(indicator.minimum, indicator.maximum),
        _range(indicator.low, indicator.high),
        formula,
        indicator.proof,
    )


def _duty(indicator: Indicator) -> str:
    if indicator.formula:
        return "自动计算"
    return ("必填" if indicator.required else "选填") + ("，可填不涉及" if indicator.skippable else "")


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is None and high is None:
        return ""
    return " 至 ".join("不限" if limit is None else f"{limit.normalize():,f}" for limit in (low, high))


def relation_row(relation: Relation, definition: Definition) -> tuple[str, ...]:
    """Return a relation in words: name, left side, comparison, right side, tolerance."""
    left, right = (formula_words.in_words(side, definition.names) for side in (relation.left, relation.right))
    tolerance = f"{relation.tolerance.normalize():f}%"
    return relation.name, left, Compares(relation.compares).label, right, tolerance
