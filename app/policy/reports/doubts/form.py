"""A form by itself: identities, soft limits, the same number in several cells."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.policy.reports import formula_values, formula_words, formulas
from app.policy.reports.cell_values import plain, rounded
from app.policy.reports.doubts.found import Context, Doubt, Filled, as_ratio, significant
from app.policy.reports.indicators import Compares, Indicator


def relations(form: Filled, context: Context) -> Iterator[Doubt]:
    """Check the identities between cells (勾稽关系)."""
    for relation in form.definition.relations:
        left_node, right_node = formulas.parse(relation.left), formulas.parse(relation.right)
        left, right = (
            formula_values.evaluate(left_node, form.numbers),
            formula_values.evaluate(right_node, form.numbers),
        )
        if left is None or right is None or not _broken(relation.compares, left, right, relation.tolerance):
            continue
        names = form.definition.names
        cells = [
            f"{form.year} 年表“{formula_words.in_words(text, names)}”{plain(rounded(value))}"
            for text, value in ((relation.left, left), (relation.right, right))
        ]
        ratio = as_ratio(float(left / right)) if right else None
        by = f"（比值 {plain(ratio)}）" if ratio is not None else ""
        keys = (*formula_values.references(left_node), *formula_values.references(right_node))
        text = f"应“{relation.name}”，现{cells[0]}，{cells[1]}{by}。"
        yield Doubt("relation", keys[0], keys[-1], cells[0], cells[1], text, ratio, keys)


def _broken(compares: str, left: Decimal, right: Decimal, tolerance: Decimal) -> bool:
    slack = abs(right) * tolerance / 100
    over, under = left > right + slack, left < right - slack
    return {Compares.AT_MOST: over, Compares.AT_LEAST: under, Compares.EQUAL: over or under}[
        Compares(compares)
    ]


def soft_limits(form: Filled, context: Context) -> Iterator[Doubt]:
    """Return doubts about figures outside of their usual range."""
    for indicator in form.definition.numbers:
        value = form.numbers.get(indicator.key)
        limit = None if value is None else _beyond(indicator, value)
        if value is None or limit is None:
            continue
        ratio = as_ratio(float(value / limit)) if limit else None
        inputs = formula_values.references(formulas.parse(indicator.formula)) if indicator.formula else ()
        made_of = (
            "，由" + "、".join(form.cell(each) for key in inputs if (each := form.definition.get(key)))
            if inputs
            else ""
        )
        other_cell = f"合理范围的{'上' if value > limit else '下'}限 {plain(limit)}{indicator.unit}"
        by = f"，是其 {plain(ratio)} 倍" if ratio is not None else ""
        text = f"{form.cell(indicator)}{made_of}，超出{other_cell}{by}；请核对数值和单位。"
        yield Doubt("range", indicator.key, "", form.cell(indicator), other_cell, text, ratio, inputs)


def _beyond(indicator: Indicator, value: Decimal) -> Decimal | None:
    if indicator.low is not None and value < indicator.low:
        return indicator.low
    return indicator.high if indicator.high is not None and value > indicator.high else None


def copied_cells(form: Filled, context: Context) -> Iterator[Doubt]:
    """Return doubts about the same digits in two unrelated cells."""
    tied = [_tied(relation.left, relation.right) for relation in form.definition.relations]
    amounts = [
        indicator
        for indicator in form.amounts
        if significant(form.numbers.get(indicator.key, Decimal(0))) >= 4
    ]
    for index, indicator in enumerate(amounts):
        for other in amounts[index + 1 :]:
            if form.numbers[indicator.key] != form.numbers[other.key] or any(
                {indicator.key, other.key} <= pair for pair in tied
            ):
                continue
            text = f"{form.cell(indicator)}，与{form.cell(other)}数字完全相同（比值 1），疑为填错行。"
            yield Doubt(
                "copied_cell",
                indicator.key,
                other.key,
                form.cell(indicator),
                form.cell(other),
                text,
                Decimal(1),
            )


def _tied(left: str, right: str) -> set[str]:
    return {
        *formula_values.references(formulas.parse(left)),
        *formula_values.references(formulas.parse(right)),
    }
