"""Results of 第七至十条 proposed from the data on file, each with its reason, for an official to confirm."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from app.policy.filing.eligibility import BY_CODE, LookBack, conditions
from app.policy.filing.industries import is_manufacturing
from app.policy.pack_tables import City
from app.policy.terms import Ground, Kind, Met


@dataclass(frozen=True)
class Verdict:
    """Proposed result for one requirement."""

    code: str
    article: int
    result: Met | Ground
    why: str


@dataclass(frozen=True)
class UnitFacts:
    """Facts on file about a unit; areas are codes, "" if unknown."""

    registered_area: str = ""
    production_area: str = ""
    industries: tuple[str, ...] = ()
    plan_on: date | None = None  # 培育计划发布（制定）日期


@dataclass(frozen=True)
class Fact:
    """Event, or state from `day` to `ended`, under a ground of 第十条; `record` names the source."""

    ground: str
    day: date
    record: str
    ended: date | None = None


Answer = tuple[Met, str]
_OPEN: Answer = (Met.OPEN, "需人工核对。")


def propose(kind: Kind | str, facts: UnitFacts, city: City) -> tuple[Verdict, ...]:
    """Propose a result for each condition of the kind's article; 待核 where the data cannot decide."""
    verdicts = []
    for row in conditions(kind):
        result, why = _DECIDED.get(row.code, _by_hand)(facts, city)
        verdicts.append(Verdict(row.code, row.article, result, why))
    return tuple(verdicts)


def judge(code: str, facts: Iterable[Fact], on: date, look_back: LookBack) -> Verdict:
    """Judge a ground on day `on` by the facts known then; no record is no proof, so it stays 待核."""
    ground = BY_CODE[code]
    hits = []
    for fact in facts:
        if fact.ground != code or fact.day > on:
            continue
        last = look_back.until(ground, fact.day, fact.ended)
        if last is None or on <= last:
            hits.append(f"{fact.record}（{fact.day}），{_period(last)}")
    if hits:
        return Verdict(code, ground.article, Ground.PRESENT, "；".join(hits) + "。")
    return Verdict(code, ground.article, Ground.OPEN, "没有计入近三年的记录，请到公开渠道核查。")


def _period(last: date | None) -> str:
    return f"计入至{last}" if last else "该状态尚未结束，持续计入"


def _by_hand(facts: UnitFacts, city: City) -> Answer:
    return _OPEN


def _registered_here(facts: UnitFacts, city: City) -> Answer:
    return _in_city("注册地", facts.registered_area, city)


def _produces_here(facts: UnitFacts, city: City) -> Answer:
    return _in_city("实际生产场所", facts.production_area, city)


def _in_city(place: str, area: str, city: City) -> Answer:
    if not area:
        return Met.OPEN, f"没有登记{place}。"
    if city.holds(area):
        return Met.MET, f"登记的{place}在{city.name}（{area}）。"
    return Met.UNMET, f"登记的{place}（{area}）不在{city.name}。"


def _manufactures(facts: UnitFacts, city: City) -> Answer:
    if not facts.industries:
        return Met.OPEN, "没有登记行业代码。"
    codes = "、".join(facts.industries)
    if any(is_manufacturing(code) for code in facts.industries):
        return Met.OPEN, f"行业代码{codes}属于制造业；是否从事实际生产，需人工核对。"
    return Met.UNMET, f"行业代码{codes}都不属于制造业（大类13至43）。"


def _has_plan(facts: UnitFacts, city: City) -> Answer:
    if facts.plan_on is None:
        return Met.OPEN, "没有登记培育计划。"
    return Met.MET, f"已登记{facts.plan_on}的培育计划。"


_DECIDED: dict[str, Callable[[UnitFacts, City], Answer]] = {
    "A7a": _registered_here,
    "A7b": _produces_here,
    "A7d": _manufactures,
    "A8e": _has_plan,
    "A9a": _registered_here,
    "A9b": _produces_here,
    "A9f": _has_plan,
}
