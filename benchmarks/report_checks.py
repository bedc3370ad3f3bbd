"""Checks of annual reports on an invented city: how many wrong forms are caught, how many clean ones are accused.

python benchmarks/report_checks.py [seed] [units] [unrest]

`unrest` widens every honest change between years (1: as assumed; 2: twice as wide and twice as often).
"""

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.policy.reports import built_in, calculation, cell_values, doubts
from app.policy.reports.doubts import Context, Doubt, Known, Past

DEFINITION = built_in.built_in_definitions()["factory"]
YEAR = 2026
POLLUTANTS = ("cod", "ammonia", "sulfur_dioxide", "nitrogen_oxides", "particulates", "voc")
# Per 万元 of output, one row an industry: tce, m³, t waste; then tCO₂ a tce. Orders of magnitude apart, as in life.
INDUSTRIES = {
    "水泥": (1.1, 1.8, 0.15, 5.5),
    "石材": (0.06, 1.5, 0.9, 3.2),
    "五金": (0.09, 1.1, 0.05, 3.6),
    "化工": (0.35, 4.0, 0.4, 2.8),
    "食品": (0.05, 3.5, 0.08, 2.9),
    "建材": (0.4, 0.8, 0.3, 3.0),
}
Values = dict[str, Decimal]


@dataclass
class Plant:
    """An invented factory with its years; the last year is the form to be checked."""

    name: str
    industry: str
    address: str
    years: dict[int, Values] = field(default_factory=dict)

    @property
    def form(self) -> Values:
        return self.years[YEAR]


def city(chance: random.Random, units: int, unrest: float = 1) -> list[Plant]:
    return [_plant(chance, number, unrest) for number in range(units)]


def _plant(chance: random.Random, number: int, unrest: float) -> Plant:
    industry = chance.choice(list(INDUSTRIES))
    plant = Plant(f"云浮市虚构{number}号有限公司", industry, f"虚构镇工业路{number}号")
    state = _start(chance, industry)
    for year in range(YEAR - chance.choice((0, 1, 1, 2, 2)), YEAR + 1):  # a fifth has no earlier form
        plant.years[year] = _written_down(chance, state)
        _grow(chance, state, unrest)
    return plant


def _start(chance: random.Random, industry: str) -> dict[str, float]:
    energy, water, waste, factor = INDUSTRIES[industry]

    def near(value: float, spread: float) -> float:
        return value * chance.lognormvariate(0, spread)

    output = near(18000, 1.1)
    return {
        "output": output,
        "added": chance.uniform(0.15, 0.4),
        "energy": near(energy, 0.45),
        "power": chance.uniform(0.2, 0.9),
        "renewable": chance.choice((0.0, chance.uniform(0.01, 0.25))),
        "pv": chance.choice((0.0, near(2, 0.6))),
        "hours": chance.uniform(850, 1200),
        "factor": min(max(near(factor, 0.12), 1.2), 7.2),
        "water": near(water, 0.5),
        "reuse": chance.uniform(0.2, 0.95),
        "waste": near(waste, 0.6),
        "used": chance.choice((1.0, chance.uniform(0.5, 1.0))),
        "advanced": chance.randint(0, 30),
        "retrofits": chance.randint(0, 8),
        "cost": near(300, 1.0),
        "land": near(40000, 0.8),
        "building": chance.uniform(30, 65),
        "floor": chance.uniform(0.6, 2.2),
        "footprint": chance.uniform(0, 60),
        "efficient": chance.uniform(0, 90),
        "share": chance.uniform(0.5, 8),
        "items": chance.randint(0, 12),
        **{key: chance.choice((0.0, near(1.5, 1.2))) for key in POLLUTANTS},
    }


def _grow(chance: random.Random, state: dict[str, float], unrest: float = 1) -> None:
    """Move the state by a year: slow drift, and now and then an honest large change."""
    state["output"] *= chance.lognormvariate(0.03, 0.11 * unrest) * (
        chance.uniform(0.55, 2.1) if chance.random() < 0.06 * unrest else 1
    )
    for key in ("energy", "water", "waste", "factor"):
        state[key] *= chance.lognormvariate(-0.01, 0.06 * unrest) * (
            chance.uniform(0.6, 1.5) if chance.random() < 0.03 * unrest else 1
        )
    state["factor"] = min(max(state["factor"], 1.1), 7.6)
    for key in POLLUTANTS:
        state[key] *= chance.lognormvariate(-0.05, 0.25 * unrest)
    state["power"] = min(0.97, state["power"] * chance.lognormvariate(0, 0.05))
    state["added"] = min(0.6, state["added"] * chance.lognormvariate(0, 0.08))
    state["hours"] = chance.uniform(850, 1200)
    state["reuse"] = min(0.98, state["reuse"] * chance.lognormvariate(0.01, 0.03))
    for key in ("footprint", "efficient", "share"):
        state[key] = min(100.0, max(0.0, state[key] + chance.gauss(1, 3)))
    if chance.random() < 0.1:
        state["renewable"] = min(0.5, state["renewable"] * 1.4 + 0.01)
    if chance.random() < 0.04:
        state["land"] *= chance.uniform(1.1, 1.7)
    state["cost"] *= chance.lognormvariate(0.1, 0.5)
    state["advanced"] += chance.randint(0, 3)


def _written_down(chance: random.Random, state: dict[str, float]) -> Values:
    """Return the figures as a clerk writes them: some with cents, some rounded to hundreds."""
    coarse = chance.random() < 0.2

    def written(value: float) -> Decimal:
        if coarse and value > 1000:
            return Decimal(round(value, -2))
        return Decimal(str(round(value, 2 if value < 1e5 else 0)))

    output = state["output"]
    energy, water, waste = output * state["energy"], output * state["water"], output * state["waste"]
    amounts = {
        "output": output,
        "value_added": output * state["added"],
        "energy": energy,
        "renewable": energy * state["renewable"],
        "electricity": energy * state["power"] / 1.229,
        "pv_capacity": state["pv"],
        "carbon": energy * state["factor"],
        "pv_generation": state["pv"] * state["hours"] / 10,
        "water": water,
        "retrofit_cost": state["cost"],
        "water_reused": water * state["reuse"] / (1 - state["reuse"]),
        "waste": waste,
        "waste_used": waste * state["used"],
        "advanced": float(state["advanced"]),
        "retrofits": float(state["retrofits"]),
        "land": state["land"],
        "retrofit_share": state["share"],
        "footprint_share": state["footprint"],
        "efficient_share": state["efficient"],
        "platform_items": float(state["items"]),
        "building_share": state["building"],
        "floor_ratio": state["floor"],
        **{key: state[key] for key in POLLUTANTS},
    }
    return {key: written(value) for key, value in amounts.items()}


# --- mistakes: each changes the form and names the cells that are wrong now --------------------------------

Mistake = Callable[[random.Random, Plant, list[Plant]], tuple[str, ...]]
MAIN = ("output", "energy", "electricity", "carbon", "water", "waste")


def _times(factor: str, *keys: str) -> Mistake:
    def spoil(chance: random.Random, plant: Plant, _: list[Plant]) -> tuple[str, ...]:
        key = chance.choice([one for one in keys if plant.form[one]])
        plant.form[key] = plant.form[key] * Decimal(factor)
        return (key,)

    return spoil


def _whole_form(chance: random.Random, plant: Plant, _: list[Plant]) -> tuple[str, ...]:
    for key in MAIN:
        plant.form[key] *= 1000
    return MAIN


def _exceeds(small: str, large: str) -> Mistake:
    def spoil(chance: random.Random, plant: Plant, _: list[Plant]) -> tuple[str, ...]:
        plant.form[small] = (plant.form[large] * Decimal(str(round(chance.uniform(1.1, 1.9), 3)))).quantize(
            Decimal("0.01")
        )
        return (small,)

    return spoil


def _last_year(chance: random.Random, plant: Plant, _: list[Plant]) -> tuple[str, ...]:
    before = plant.years.get(YEAR - 1)
    if before is None:
        raise LookupError
    keys = chance.sample(MAIN, chance.randint(3, len(MAIN)))
    plant.form.update({key: before[key] for key in keys})
    return tuple(keys)


def _neighbour_cell(chance: random.Random, plant: Plant, _: list[Plant]) -> tuple[str, ...]:
    target, source = chance.choice(
        (("carbon", "energy"), ("water", "output"), ("energy", "output"), ("electricity", "carbon"))
    )
    plant.form[target] = plant.form[source]
    return (target,)


def _neighbour_unit(chance: random.Random, plant: Plant, plants: list[Plant]) -> tuple[str, ...]:
    other = chance.choice([one for one in plants if one is not plant])
    plant.form.update({key: other.form[key] for key in MAIN})
    return MAIN


def _other_name(chance: random.Random, plant: Plant, _: list[Plant]) -> tuple[str, ...]:
    plant.name += "（原名）"
    return ("name",)


def _other_address(chance: random.Random, plant: Plant, _: list[Plant]) -> tuple[str, ...]:
    plant.address = "另一镇环城路 9 号"
    return ("address",)


MISTAKES: dict[str, Mistake] = {
    "一格 ×10": _times("10", *MAIN),
    "一格 ÷10": _times("0.1", *MAIN),
    "一格 ×1000": _times("1000", *MAIN[1:]),
    "kgce 当 tce": _times("1000", "energy"),
    "tce 当 kgce": _times("0.001", "energy"),
    "元 当 万元": _times("10000", "output"),
    "亿元 当 万元": _times("0.0001", "output"),
    "kWh 当 万kWh": _times("10000", "electricity"),
    "万m³ 当 m³": _times("0.0001", "water"),
    "整表 ×1000": _whole_form,
    "可再生能源大于综合能耗": _exceeds("renewable", "energy"),
    "增加值大于总产值": _exceeds("value_added", "output"),
    "利用量大于产生量": _exceeds("waste_used", "waste"),
    "照抄上年": _last_year,
    "填错行": _neighbour_cell,
    "照抄另一单位": _neighbour_unit,
    "单位名称不符": _other_name,
    "生产地址不符": _other_address,
}


# --- judging ----------------------------------------------------------------------------------------------


def found_in(plant: Plant, plants: list[Plant], name: str, address: str) -> list[Doubt]:
    """Return the doubts about a form, with all records that the system would have."""
    past = [
        Past(year, calculation.figures(DEFINITION, form)) for year, form in plant.years.items() if year < YEAR
    ]
    peers = [
        one.years.get(YEAR - 1, one.form)
        for one in plants
        if one is not plant and one.industry == plant.industry
    ]
    others = [one.form for one in plants if one is not plant]
    context = Context(YEAR, past, peers, others, Known((name,), (address,)))
    return doubts.doubts(DEFINITION, plant.form, context, {"name": plant.name, "address": plant.address})


def refused(form: Values) -> set[str]:
    """Return the cells that the form refuses outright."""
    wrong = set(calculation.impossible_figures(DEFINITION, calculation.figures(DEFINITION, form)))
    for one in DEFINITION.inputs:
        try:
            cell_values.within_limits(one, form.get(one.key, Decimal(1)))
        except cell_values.Refused:
            wrong.add(one.key)
    return wrong


def clean_forms(seed: int, units: int, unrest: float = 1) -> Iterator[tuple[Plant, list[Doubt]]]:
    plants = city(random.Random(seed), units, unrest)
    for plant in plants:
        yield plant, found_in(plant, plants, plant.name, plant.address)


def wrong_forms(seed: int, units: int, unrest: float = 1) -> Iterator[tuple[str, Plant, list[Doubt], bool]]:
    """Yield each mistake with a form, its doubts, and whether the wrong cell was named."""
    for number, (label, spoil) in enumerate(MISTAKES.items()):
        chance = random.Random(f"{seed}-{number}")
        plants = city(chance, units, unrest)
        for plant in plants[: max(20, units // 5)]:
            name, address, form = plant.name, plant.address, dict(plant.form)
            try:
                cells = set(spoil(chance, plant, plants))
            except LookupError:
                continue
            said = found_in(plant, plants, name, address)
            caught = bool(cells & refused(plant.form)) or any(cells & doubt.cells for doubt in said)
            yield label, plant, said, caught
            plant.name, plant.address, plant.years[YEAR] = name, address, form


@dataclass
class Score:
    """Detected mistakes by kind, and false alarms on clean forms."""

    caught: dict[str, list[bool]]
    clean: int
    accused: int
    alarms: int

    @property
    def recall(self) -> float:
        every = [one for rows in self.caught.values() for one in rows]
        return sum(every) / len(every)

    @property
    def false_alarms(self) -> float:
        """Return the alarms per clean form; 1 in 20 is 0.05."""
        return self.alarms / self.clean


def judged(seed: int = 2026, units: int = 120, unrest: float = 1) -> Score:
    caught: dict[str, list[bool]] = {}
    for label, _, _, hit in wrong_forms(seed, units, unrest):
        caught.setdefault(label, []).append(hit)
    said = [found for _, found in clean_forms(seed, units, unrest)]
    return Score(caught, len(said), sum(bool(one) for one in said), sum(len(one) for one in said))


def main(seed: str = "2026", units: str = "400", unrest: str = "1") -> None:
    score = judged(int(seed), int(units), float(unrest))
    for label, hits in score.caught.items():
        print(f"{label:<16}{sum(hits):>5} / {len(hits):<5}{sum(hits) / len(hits):>7.2f}")
    print(
        f"检出率 {score.recall:.3f}（要求 ≥ 0.9）；{score.clean} 份正确的表共误报 {score.alarms} 处，涉及 {score.accused} 份，"
        f"每 20 份 {score.false_alarms * 20:.2f} 处（要求 ≤ 1）"
    )


def measure(server: object) -> None:
    """Run for `make bench`; it needs no database."""
    main()


if __name__ == "__main__":
    main(*sys.argv[1:4])
