"""What looks wrong in an annual report: each doubt names two cells and their ratio (第十八条; 第二十一条（三）)."""

from __future__ import annotations

import math
import statistics
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.policy import formulas
from app.policy.indicators import Compares, Definition, Indicator, Nature
from app.policy.reporting import figures, plain, rounded, said
from app.policy.terms import ChangeKind

Numbers = Mapping[str, Decimal]

SLIP = 0.2  # decades around a power of ten that still look like a slipped unit
RATE_SLIP = 0.05  # rates do move by large factors, but hardly ever by exactly ten
JUMP = math.log10(2.5)
STEADY_JUMP = math.log10(2)
FEWEST_PEERS = 5
PEER_SPREADS, PEER_LEAST = 5.0, 0.85  # robust spreads; decades
TELLING_DIGITS = 3  # figures with fewer significant digits repeat by chance
UNMISTAKABLE_DIGITS = 5
FEWEST_COPIES = 3
FEWEST_TWINS = 4
SIZES = {3: "千", 4: "万", 6: "百万", 2: "百", 1: "十"}
# What a cell was probably filled in, by its unit and the power of ten.
MISTAKEN = {
    ("tce", 3): "kgce", ("tce", -4): "万tce", ("万元", 4): "元", ("万元", 1): "千元", ("万元", -4): "亿元",
    ("t", 3): "kg", ("t", -4): "万t", ("tCO₂", 3): "kgCO₂", ("tCO₂", -4): "万tCO₂", ("m³", -4): "万m³",
    ("万m³", 4): "m³", ("万kWh", 4): "kWh", ("万kWh", -4): "亿kWh", ("m²", -4): "公顷", ("km²", 6): "m²",
    ("km²", 2): "公顷", ("MWp", 3): "kWp", ("%", -2): "小数（应填百分数）", ("kgce/万元", -3): "tce/万元",
}  # fmt: skip


@dataclass(frozen=True)
class Doubt:
    """One thing to explain or correct: `cell` and `other_cell` say in words what was compared."""

    code: str
    key: str
    other: str
    cell: str
    other_cell: str
    text: str
    ratio: Decimal | None = None
    involved: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """An explanation stays valid while the same two cells hold the same."""
        return f"{self.code}|{self.key}|{self.other}|{self.cell}|{self.other_cell}"

    @property
    def cells(self) -> frozenset[str]:
        return frozenset((self.key, self.other, *self.involved)) - {""}


@dataclass(frozen=True)
class Past:
    """The unit's own report of an earlier year."""

    year: int
    numbers: Numbers


@dataclass(frozen=True)
class Known:
    """What the unit's own record says."""

    names: tuple[str, ...] = ()  # the present name first
    addresses: tuple[str, ...] = ()
    boundary: str = ""
    numbers: Numbers = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """Everything that a form is compared with; `peers` are the same industry's figures in the city."""

    year: int
    past: Sequence[Past] = ()
    peers: Sequence[Numbers] = ()
    twins: Sequence[Numbers] = ()  # same year, other units
    known: Known = Known()


@dataclass(frozen=True)
class Filled:
    """A form as the checks see it."""

    definition: Definition
    year: int
    numbers: Numbers
    head: Mapping[str, str]
    declared: Collection[str]  # kinds of change that the unit states (第二十条)

    def cell(self, one: Indicator, value: Decimal | None = None) -> str:
        return f"{self.year} 年表“{one.name}”{said(one, self.numbers[one.key] if value is None else value)}"

    @property
    def amounts(self) -> list[Indicator]:
        """Filled-in cells that grow with production."""
        return [one for one in self.definition.inputs if one.is_number and one.nature == Nature.QUANTITY]


def doubts(
    definition: Definition,
    values: Mapping[str, object],
    context: Context,
    head: Mapping[str, str] | None = None,
    declared: Collection[str] = (),
) -> list[Doubt]:
    """Every doubt about a form, the gravest kind of a pair of cells only."""
    form = Filled(definition, context.year, figures(definition, values), head or {}, declared)
    found: dict[tuple[str, str], Doubt] = {}
    for check in CHECKS:
        for doubt in check(form, context):
            found.setdefault((doubt.key, doubt.other), doubt)
    return list(found.values())


# --- against the unit's own years -------------------------------------------------------------------------


def own_years(form: Filled, context: Context) -> Iterator[Doubt]:
    """×10, ×1000, kgce/tce, 万元/元 against the last year that has the cell; then plain jumps."""
    growth = _growth(form, context)
    for one in form.definition.inputs:
        past = _last(context, one.key)
        if past is None or one.key not in form.numbers:
            continue
        before, now = past.numbers[one.key], form.numbers[one.key]
        if not before or not now:
            if before and one.nature == Nature.QUANTITY and one.required:
                yield _vanished(form, one, past)
            continue
        if before * now < 0:
            continue
        yield from _compared(form, one, past, float(now / before), growth)


def _compared(form: Filled, one: Indicator, past: Past, ratio: float, growth: float) -> Iterator[Doubt]:
    moved = math.log10(ratio)
    relative = moved - growth if one.nature == Nature.QUANTITY else moved
    power = round(relative)
    slack = SLIP if one.nature in (Nature.QUANTITY, Nature.STEADY) else RATE_SLIP
    other_cell = f"{past.year} 年表“{one.name}”{said(one, past.numbers[one.key])}"
    shown = _ratio(ratio)
    if (
        power
        and abs(relative - power) <= slack
        and _worth_it(one, past.numbers[one.key], form.numbers[one.key])
    ):
        text = f"{form.cell(one)}，是{other_cell}的 {plain(shown)} 倍，{_slip_words(one, power)}。"
        yield Doubt("slip", one.key, "", form.cell(one), other_cell, text, shown)
    elif (one.nature == Nature.QUANTITY and _jumped(one, moved, growth)) or (
        one.nature == Nature.STEADY and abs(moved) > STEADY_JUMP
    ):
        text = f"{form.cell(one)}，是{other_cell}的 {plain(shown)} 倍，变化过大。"
        yield Doubt("jump", one.key, "", form.cell(one), other_cell, text, shown)


def _jumped(one: Indicator, moved: float, growth: float) -> bool:
    """Far from last year and far from the growth of the form as a whole."""
    return one.required and not one.skippable and abs(moved) > JUMP and abs(moved - growth) > JUMP / 2


def _worth_it(one: Indicator, before: Decimal, now: Decimal) -> bool:
    """Small counts move by large factors honestly."""
    if one.nature == Nature.COUNT:
        return min(abs(before), abs(now)) >= 10
    return not (one.nature == Nature.RATE and min(abs(before), abs(now)) == 0)


def _vanished(form: Filled, one: Indicator, past: Past) -> Doubt:
    other_cell = f"{past.year} 年表“{one.name}”{said(one, past.numbers[one.key])}"
    text = f"{form.cell(one)}，而{other_cell}（比值 0）；不再涉及的请勾“不涉及”或说明。"
    return Doubt("vanished", one.key, "", form.cell(one), other_cell, text, Decimal(0))


def _growth(form: Filled, context: Context) -> float:
    """By how many decades the amounts of the form moved as a whole; 0 where they moved too far to be growth."""
    moves = []
    for one in form.amounts:
        past, now = _last(context, one.key), form.numbers.get(one.key)
        if past and now and past.numbers[one.key] * now > 0:
            moves.append(math.log10(now / past.numbers[one.key]))
    middle = statistics.median(moves) if len(moves) >= 4 else 0.0
    return middle if abs(middle) <= 0.6 else 0.0


def _last(context: Context, key: str) -> Past | None:
    return max((one for one in context.past if key in one.numbers), key=lambda one: one.year, default=None)


def copied_years(form: Filled, context: Context) -> Iterator[Doubt]:
    """The same digits as last year, in several cells or in one with many digits."""
    past = max(context.past, key=lambda one: one.year, default=None)
    if past is None:
        return
    same = [
        one
        for one in form.amounts
        if _same(form.numbers.get(one.key), past.numbers.get(one.key), TELLING_DIGITS)
    ]
    if len(same) < FEWEST_COPIES:
        same = [one for one in same if _digits(form.numbers[one.key]) >= UNMISTAKABLE_DIGITS]
    for one in same:
        other_cell = f"{past.year} 年表“{one.name}”{said(one, past.numbers[one.key])}"
        text = f"{form.cell(one)}，与{other_cell}完全相同（比值 1），疑为照抄上年。"
        yield Doubt("copied_year", one.key, "", form.cell(one), other_cell, text, Decimal(1))


# --- against other units ----------------------------------------------------------------------------------


def industry(form: Filled, context: Context) -> Iterator[Doubt]:
    """Amounts per output against the median of the same industry in the city."""
    scale = form.definition.scale
    size = form.numbers.get(scale.key) if scale else None
    if scale is None or not size or size < 0:
        return
    off = [found for one in form.amounts if one is not scale and (found := _off(form, one, scale, context))]
    same_way = [one for one in off if (one[1] > 0) == (off[0][1] > 0)] if off else []
    if len(same_way) >= 3 and len(same_way) * 5 >= len(_comparable(form, scale, context)) * 3:
        yield _scale_doubt(form, scale, same_way)
        return
    for one, away, middle, count in off:
        intensity = form.numbers[one.key] / size
        ratio = _ratio(10**away)
        other_cell = f"本行业全市中位数 {plain(rounded(Decimal(repr(10**middle))))}{one.unit}/{scale.unit}（{count} 家）"
        cell = f"{form.cell(one)}，折 {plain(rounded(intensity))}{one.unit}/{scale.unit}"
        text = f"{cell}，是{other_cell}的 {plain(ratio)} 倍；请核对“{one.name}”和“{scale.name}”的数值和单位。"
        yield Doubt("industry", one.key, scale.key, cell, other_cell, text, ratio)


def _scale_doubt(form: Filled, scale: Indicator, off: Sequence[tuple[Indicator, float, float, int]]) -> Doubt:
    one, away, middle, count = off[0]
    ratio = _ratio(10 ** -statistics.median(each[1] for each in off))
    other_cell = f"{form.cell(one)}按本行业全市中位数（{count} 家）所对应的规模"
    names = "、".join(each[0].name for each in off[:4])
    text = f"{form.cell(scale)}，约为{other_cell}的 {plain(ratio)} 倍，{names}同向偏离；请核对单位。"
    return Doubt("industry", scale.key, one.key, form.cell(scale), other_cell, text, ratio)


def _comparable(form: Filled, scale: Indicator, context: Context) -> list[Indicator]:
    return [
        one
        for one in form.amounts
        if one is not scale and _spread(one, scale, context) and form.numbers.get(one.key, 0) > 0
    ]


def _off(
    form: Filled, one: Indicator, scale: Indicator, context: Context
) -> tuple[Indicator, float, float, int] | None:
    """How many decades the cell is away from the median, where that is too far."""
    value, spread = form.numbers.get(one.key), _spread(one, scale, context)
    if not value or value < 0 or spread is None or one.skippable or not one.required:
        return None
    here = math.log10(value / form.numbers[scale.key])
    middle, width, count = spread
    away = here - middle
    past = _last(context, one.key)
    if past and abs(here - (_intensity(past.numbers, one, scale) or math.inf)) < JUMP:
        return None  # the unit is unlike its industry, but like itself
    return (one, away, middle, count) if abs(away) > max(PEER_LEAST, PEER_SPREADS * width) else None


def _intensity(numbers: Numbers, one: Indicator, scale: Indicator) -> float | None:
    """Decades of amount per output, where both are there."""
    amount, size = numbers.get(one.key, 0), numbers.get(scale.key, 0)
    return math.log10(amount / size) if amount > 0 and size > 0 else None


def _spread(one: Indicator, scale: Indicator, context: Context) -> tuple[float, float, int] | None:
    """Median and robust spread (decades) of amount per output, and how many units."""
    found = [away for peer in context.peers if (away := _intensity(peer, one, scale)) is not None]
    if len(found) < FEWEST_PEERS:
        return None
    middle = statistics.median(found)
    return middle, 1.4826 * statistics.median(abs(each - middle) for each in found), len(found)


def twins(form: Filled, context: Context) -> Iterator[Doubt]:
    """The same figures as another unit's form of this year; which unit, nobody is told."""
    amounts = [
        one for one in form.amounts if _digits(form.numbers.get(one.key, Decimal(0))) >= TELLING_DIGITS
    ]
    for other in context.twins:
        same = [one for one in amounts if form.numbers[one.key] == other.get(one.key)]
        if len(same) >= FEWEST_TWINS and len(same) * 2 >= len(amounts):
            one = same[0]
            names = "、".join(each.name for each in same[:5])
            text = f"{form.cell(one)}等 {len(same)} 项（{names}）与本年度另一单位所填完全相同（比值 1），疑为照抄。"
            yield Doubt(
                "twin",
                one.key,
                "twin",
                form.cell(one),
                "本年度另一单位所填的同名指标",
                text,
                Decimal(1),
                tuple(each.key for each in same),
            )
            return


# --- within the form --------------------------------------------------------------------------------------


def relations(form: Filled, context: Context) -> Iterator[Doubt]:
    """Identities between cells (勾稽关系)."""
    for relation in form.definition.relations:
        left_node, right_node = formulas.parse(relation.left), formulas.parse(relation.right)
        left, right = formulas.evaluate(left_node, form.numbers), formulas.evaluate(right_node, form.numbers)
        if left is None or right is None or not _broken(relation.compares, left, right, relation.tolerance):
            continue
        names = form.definition.names
        cells = [
            f"{form.year} 年表“{formulas.in_words(text, names)}”{plain(rounded(value))}"
            for text, value in ((relation.left, left), (relation.right, right))
        ]
        ratio = _ratio(float(left / right)) if right else None
        by = f"（比值 {plain(ratio)}）" if ratio is not None else ""
        keys = (*formulas.references(left_node), *formulas.references(right_node))
        text = f"应“{relation.name}”，现{cells[0]}，{cells[1]}{by}。"
        yield Doubt("relation", keys[0], keys[-1], cells[0], cells[1], text, ratio, keys)


def _broken(compares: str, left: Decimal, right: Decimal, tolerance: Decimal) -> bool:
    slack = abs(right) * tolerance / 100
    over, under = left > right + slack, left < right - slack
    return {Compares.AT_MOST: over, Compares.AT_LEAST: under, Compares.EQUAL: over or under}[
        Compares(compares)
    ]


def soft_limits(form: Filled, context: Context) -> Iterator[Doubt]:
    """A figure outside of its usual range."""
    for one in form.definition.numbers:
        value = form.numbers.get(one.key)
        limit = None if value is None else _beyond(one, value)
        if value is None or limit is None:
            continue
        ratio = _ratio(float(value / limit)) if limit else None
        inputs = formulas.references(formulas.parse(one.formula)) if one.formula else ()
        made_of = (
            "，由" + "、".join(form.cell(each) for key in inputs if (each := form.definition.get(key)))
            if inputs
            else ""
        )
        other_cell = f"合理范围的{'上' if value > limit else '下'}限 {plain(limit)}{one.unit}"
        by = f"，是其 {plain(ratio)} 倍" if ratio is not None else ""
        text = f"{form.cell(one)}{made_of}，超出{other_cell}{by}；请核对数值和单位。"
        yield Doubt("range", one.key, "", form.cell(one), other_cell, text, ratio, inputs)


def _beyond(one: Indicator, value: Decimal) -> Decimal | None:
    if one.low is not None and value < one.low:
        return one.low
    return one.high if one.high is not None and value > one.high else None


def copied_cells(form: Filled, context: Context) -> Iterator[Doubt]:
    """The same digits in two cells that have nothing to do with each other."""
    tied = [_tied(relation.left, relation.right) for relation in form.definition.relations]
    amounts = [one for one in form.amounts if _digits(form.numbers.get(one.key, Decimal(0))) >= 4]
    for index, one in enumerate(amounts):
        for other in amounts[index + 1 :]:
            if form.numbers[one.key] != form.numbers[other.key] or any(
                {one.key, other.key} <= pair for pair in tied
            ):
                continue
            text = f"{form.cell(one)}，与{form.cell(other)}数字完全相同（比值 1），疑为填错行。"
            yield Doubt("copied_cell", one.key, other.key, form.cell(one), form.cell(other), text, Decimal(1))


def _tied(left: str, right: str) -> set[str]:
    return {*formulas.references(formulas.parse(left)), *formulas.references(formulas.parse(right))}


# --- against the unit's own record ------------------------------------------------------------------------


def own_record(form: Filled, context: Context) -> Iterator[Doubt]:
    """Name, address and boundary as registered; a stated change explains a difference (第二十条)."""
    known = context.known
    checks = (
        ("name", "单位名称", known.names[:1], ChangeKind.NAME),
        ("address", "生产地址", known.addresses, ChangeKind.ADDRESS),
        ("boundary", "边界四至", (known.boundary,), ChangeKind.BOUNDARY),
    )
    for key, label, registered, change in checks:
        stated = form.head.get(key) or ""
        if not stated or not any(registered) or change.value in form.declared:
            continue
        if not any(_agree(key, stated, one) for one in registered if one):
            former = key == "name" and any(_agree(key, stated, one) for one in known.names[1:])
            cells = (
                f"{form.year} 年表“{label}”{stated}",
                f"单位登记“{label}”{'、'.join(one for one in registered if one)}",
            )
            advice = (
                "填写的是曾用名" if former else "两者不一致；如有变更，请在“重大事项变更”中说明（第二十条）"
            )
            yield Doubt("record", key, "unit", *cells, f"{cells[0]}，{cells[1]}：{advice}。")
    yield from _record_numbers(form, context)


def _record_numbers(form: Filled, context: Context) -> Iterator[Doubt]:
    """Without an earlier report, the registered output and energy tell a slipped unit."""
    for key, registered in context.known.numbers.items():
        one, value = form.definition.get(key), form.numbers.get(key)
        if one is None or not value or not registered or value * registered < 0 or _last(context, key):
            continue
        moved = math.log10(value / registered)
        power = round(moved)
        if power and abs(moved - power) <= SLIP:
            other_cell, ratio = f"单位登记“{one.name}”{said(one, registered)}", _ratio(10**moved)
            text = f"{form.cell(one)}，是{other_cell}的 {plain(ratio)} 倍，{_slip_words(one, power)}。"
            yield Doubt("slip", one.key, "", form.cell(one), other_cell, text, ratio)


def _agree(key: str, stated: str, registered: str) -> bool:
    left, right = _bare(stated), _bare(registered)
    return left == right or (key != "name" and (left in right or right in left))


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


# --- words and digits -------------------------------------------------------------------------------------


def _slip_words(one: Indicator, power: int) -> str:
    if unit := MISTAKEN.get((one.unit, power)):
        return f"疑为按“{unit}”填报（本表单位为 {one.unit}）"
    size = SIZES.get(abs(power), f"10 的 {abs(power)} 次方")
    return f"疑为小数点或单位错位（{'放大' if power > 0 else '缩小'}约{size}倍）"


def _ratio(value: float) -> Decimal:
    return rounded(Decimal(repr(value)))


def _same(now: Decimal | None, before: Decimal | None, digits: int) -> bool:
    return now is not None and now == before and _digits(now) >= digits


def _digits(value: Decimal) -> int:
    """Significant digits, trailing zeros not counted."""
    return len(value.normalize().as_tuple().digits) if value else 0


CHECKS: tuple[Callable[[Filled, Context], Iterator[Doubt]], ...] = (
    own_years, copied_years, relations, soft_limits, copied_cells, industry, twins, own_record,
)  # fmt: skip
