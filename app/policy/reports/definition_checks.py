"""Check a definition before it is used: names, limits, formulas and relations, everything at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.policy.reports import formulas
from app.policy.reports.formula_values import FormulaError, references
from app.policy.reports.indicators import KEY, Compares, Definition, Form, Indicator, Nature, Relation
from app.policy.terms import Kind


def definition_problems(definition: Definition) -> list[str]:
    """Return every reason why a definition cannot be used; the same for built-in and own ones."""
    problems = [
        *_form_problems(definition),
        *_indicators_problems(definition),
        *_relations_problems(definition),
    ]
    return problems or list(_cycle_problems(definition))


def _cycle_problems(definition: Definition) -> Iterator[str]:
    try:
        _ = definition.derived
    except FormulaError as error:
        yield str(error)


def _form_problems(definition: Definition) -> Iterator[str]:
    if definition.kind not in set(Kind):
        yield f"不认识的类别 {definition.kind}。"
    if not definition.inputs:
        yield "至少要有一项填报指标。"
    yield from _repeated("编码", (indicator.key for indicator in definition.indicators))
    yield from _repeated("名称", (indicator.name for indicator in definition.indicators))
    if sum(indicator.scale for indicator in definition.indicators) > 1:
        yield "只能有一项作为规模基准（如工业总产值）。"


def _repeated(label: str, texts: Iterator[str]) -> Iterator[str]:
    for text, times in Counter(texts).items():
        if times > 1:
            yield f"指标{label}“{text}”重复。"


def _indicators_problems(definition: Definition) -> Iterator[str]:
    for indicator in definition.indicators:
        for why in (*_cell_problems(indicator), *_formula_problems(indicator.formula, definition)):
            yield f"指标“{indicator.name or indicator.key}”：{why}"


def _cell_problems(indicator: Indicator) -> Iterator[str]:
    yield from _name_problems(indicator)
    if indicator.form not in set(Form) or indicator.nature not in set(Nature):
        yield "填报形式或变化特点不在可选范围内。"
    yield from _limit_problems(indicator)
    if not indicator.is_number and (indicator.formula or indicator.scale or indicator.trend):
        yield "只有数值可以计算、作规模基准或列入趋势。"


def _name_problems(indicator: Indicator) -> Iterator[str]:
    if not KEY.fullmatch(indicator.key):
        yield "编码只能用小写字母、数字和下划线，以字母开头。"
    if not indicator.name.strip() or not indicator.group.strip():
        yield "名称和分组不能为空。"
    if "「" in indicator.name or "」" in indicator.name:
        yield "名称中不能有「」。"


def _limit_problems(indicator: Indicator) -> Iterator[str]:
    hard = (indicator.minimum, indicator.maximum, "允许范围")
    soft = (indicator.low, indicator.high, "合理范围")
    for low, high, label in (hard, soft):
        if low is not None and high is not None and low > high:
            yield f"{label}的下限大于上限。"


def _relations_problems(definition: Definition) -> Iterator[str]:
    for relation in definition.relations:
        for why in _relation_problems(relation, definition):
            yield f"勾稽关系“{relation.name}”：{why}"


def _relation_problems(relation: Relation, definition: Definition) -> Iterator[str]:
    if relation.compares not in set(Compares):
        yield "比较方式不在可选范围内。"
    if not 0 <= relation.tolerance <= 100:
        yield "容差应在 0% 至 100% 之间。"
    for side in (relation.left, relation.right):
        yield from _side_problems(side, definition)


def _formula_problems(formula: str, definition: Definition) -> Iterator[str]:
    """Yield the problems of a computed cell; a cell that is filled in has no formula."""
    if formula:
        yield from _side_problems(formula, definition)


def _side_problems(text: str, definition: Definition) -> Iterator[str]:
    try:
        node = formulas.parse(text)
    except FormulaError as error:
        yield str(error)
        return
    for key in references(node):
        indicator = definition.get(key)
        if indicator is None:
            yield f"公式引用了不存在的指标 {key}。"
        elif not indicator.is_number:
            yield f"公式引用的“{indicator.name}”不是数值。"
