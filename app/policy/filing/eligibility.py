"""Conditions of 第七至九条, grounds of 第十条, the look-back, and what still stands in the way."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from app.policy.articles import article_label
from app.policy.deadlines import years_later
from app.policy.reading import records
from app.policy.terms import Ground, Kind, Met

_FILE = Path(__file__).parents[1] / "data" / "requirements.toml"
_OWN_ARTICLE = {7: Kind.FACTORY, 8: Kind.PARK, 9: Kind.SUPPLY_CHAIN}


@dataclass(frozen=True)
class Requirement:
    """One thing that must be checked: `item` is the （一）, （二） … of its article."""

    code: str
    article: int
    item: int
    label: str
    help: str
    lasting: bool = False  # a ground that may be a state (on a list until taken off) and not only an event

    @property
    def kinds(self) -> frozenset[Kind]:
        """Whom its article is about; 第十条 is about all."""
        return frozenset(Kind) if self.excludes else frozenset({_OWN_ARTICLE[self.article]})

    @property
    def cited(self) -> str:
        return article_label(self.article, self.item)

    @property
    def name(self) -> str:
        return f"{self.cited}“{self.label}”"

    @property
    def excludes(self) -> bool:
        """Whether it is a ground of 第十条 (无 is good) and not a condition (满足 is good)."""
        return self.article == 10

    @property
    def results(self) -> type[Met] | type[Ground]:
        return Ground if self.excludes else Met

    @property
    def passed(self) -> Met | Ground:
        return Ground.ABSENT if self.excludes else Met.MET


class Finding(Protocol):
    """What an official recorded about one requirement."""

    code: str
    result: str
    source: str | None
    checked_on: date | None
    fact_on: date | None  # day of the fact, where a ground was met
    ended_on: date | None  # a lasting state's end


def _read() -> tuple[Requirement, ...]:
    problems: list[str] = []
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    rows = records(Requirement, raw["requirements"], "核查项目", problems)
    if problems:
        raise ValueError("\n".join(problems))
    return rows


REQUIREMENTS = _read()
BY_CODE = {requirement.code: requirement for requirement in REQUIREMENTS}
GROUNDS = tuple(requirement for requirement in REQUIREMENTS if requirement.excludes)


def requirements(kind: Kind | str) -> tuple[Requirement, ...]:
    """Everything to be checked for a kind: its own article and 第十条."""
    return tuple(requirement for requirement in REQUIREMENTS if Kind(kind) in requirement.kinds)


def conditions(kind: Kind | str) -> tuple[Requirement, ...]:
    """The conditions of 第七, 八 or 九条 alone."""
    return tuple(requirement for requirement in requirements(kind) if not requirement.excludes)


def counts_until(fact_day: date, years: int, *, same_day_counts: bool = True) -> date:
    """The last day on which a fact of that day counts (第十条 近三年); it is free from the next."""
    last = years_later(fact_day, years)
    return last if same_day_counts else last - timedelta(days=1)


@dataclass(frozen=True)
class LookBack:
    """近三年 (第十条): how long a state counts after its end and the boundary day are discretion."""

    years: int
    lasting_years: int | None = None  # as `years`
    same_day_counts: bool = True

    def until(self, requirement: Requirement, day: date | None, ended: date | None = None) -> date | None:
        """The last day on which a fact counts; None: a state that still lasts, or a fact without a day."""
        years, start = self.years, day
        if requirement.lasting:
            years, start = self.years if self.lasting_years is None else self.lasting_years, ended
        return start and counts_until(start, years, same_day_counts=self.same_day_counts)


def unmet(findings: Iterable[Finding], kind: Kind | str) -> list[str]:
    """One sentence for each condition of 第七, 八 or 九条 that is not 满足 with source and day."""
    found = {finding.code: finding for finding in findings}
    return _sentences(_short_of(row, found.get(row.code)) for row in conditions(kind))


def uncleared(
    findings: Iterable[Finding], on: date, years: int | LookBack, *, same_day: bool = False
) -> list[str]:
    """One sentence for each ground of 第十条 that is not 无 with source and day at a gate on day `on`.

    A fact that no longer counts does not stand in the way. `same_day`: every ground must have been checked on
    that very day (公示前、列入前当日复核).
    """
    found = {finding.code: finding for finding in findings}
    look_back = _look_back(years)
    return _sentences(_not_clear(row, found.get(row.code), on, look_back, same_day) for row in GROUNDS)


def excluded(findings: Iterable[Finding], on: date, years: int | LookBack) -> list[str]:
    """One sentence for each ground of 第十条 that is 有 and counts on day `on`; 待核 does not exclude."""
    look_back = _look_back(years)
    met = ((row, finding) for finding in findings if (row := BY_CODE.get(finding.code)) and row.excludes)
    return _sentences(_excludes(row, finding, on, look_back) for row, finding in met)


def _look_back(years: int | LookBack) -> LookBack:
    return years if isinstance(years, LookBack) else LookBack(years)


def _sentences(reasons: Iterable[str]) -> list[str]:
    return [why for why in reasons if why]


def _short_of(row: Requirement, finding: Finding | None) -> str:
    if finding is None or not finding.result:
        return f"{row.name}尚未核查。"
    result = row.results(finding.result)
    if result is not row.passed:
        return f"{row.name}的核查结果为“{result.label}”。"
    return _undocumented(row, finding)


def _undocumented(row: Requirement, finding: Finding) -> str:
    if not (finding.source or "").strip():
        return f"{row.name}没有写明依据或查询来源。"
    return f"{row.name}没有写明核查日期。" if finding.checked_on is None else ""


def _not_clear(
    row: Requirement, finding: Finding | None, on: date, look_back: LookBack, same_day: bool
) -> str:
    if finding is None or row.results(finding.result or Ground.OPEN) is not Ground.PRESENT:
        why = _short_of(row, finding)
    else:
        why = _excludes(row, finding, on, look_back) or _undocumented(row, finding)
    if why or not finding:
        return why
    if finding.checked_on and finding.checked_on > on:
        return f"{row.name}的核查日期{finding.checked_on}晚于办理日期。"
    if same_day and finding.checked_on != on:
        return f"{row.name}是{finding.checked_on}核查的，须在办理当日重新核查。"
    return ""


def _excludes(row: Requirement, finding: Finding, on: date, look_back: LookBack) -> str:
    if row.results(finding.result or Ground.OPEN) is not Ground.PRESENT:
        return ""
    last = look_back.until(row, finding.fact_on, finding.ended_on)
    if last and on > last:
        return ""
    source = f"（{finding.source}）" if finding.source else ""
    return f"{row.name}的核查结果为“有”{source}" + (f"，计入近三年至{last}。" if last else "。")
