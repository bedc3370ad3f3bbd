"""Conditions of 第七至九条, grounds of 第十条, the look-back, and the obstacles that remain."""

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
    """Condition or ground to be checked: `item` is the （一）, （二） … of its article."""

    code: str
    article: int
    item: int
    label: str
    help: str
    lasting: bool = False  # a ground that may be a state (on a list until taken off) and not only an event

    @property
    def kinds(self) -> frozenset[Kind]:
        """Return the kinds that the article applies to; 第十条 applies to all."""
        return frozenset(Kind) if self.excludes else frozenset({_OWN_ARTICLE[self.article]})

    @property
    def cited(self) -> str:
        return article_label(self.article, self.item)

    @property
    def name(self) -> str:
        return f"{self.cited}“{self.label}”"

    @property
    def excludes(self) -> bool:
        """Return whether this is a ground of 第十条 (passed by 无) and not a condition (passed by 满足)."""
        return self.article == 10

    @property
    def results(self) -> type[Met] | type[Ground]:
        return Ground if self.excludes else Met

    @property
    def passed(self) -> Met | Ground:
        return Ground.ABSENT if self.excludes else Met.MET


class Finding(Protocol):
    """Official's result for one requirement."""

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
    """Return the requirements of a kind: those of its own article and of 第十条."""
    return tuple(requirement for requirement in REQUIREMENTS if Kind(kind) in requirement.kinds)


def conditions(kind: Kind | str) -> tuple[Requirement, ...]:
    """Return the conditions of 第七, 八 or 九条 alone."""
    return tuple(requirement for requirement in requirements(kind) if not requirement.excludes)


def counts_until(fact_day: date, years: int, *, same_day_counts: bool = True) -> date:
    """Return the last day on which a fact counts (第十条 近三年)."""
    last = years_later(fact_day, years)
    return last if same_day_counts else last - timedelta(days=1)


@dataclass(frozen=True)
class LookBack:
    """近三年 (第十条); the years that a state counts after its end and the boundary day are discretion."""

    years: int
    lasting_years: int | None = None  # as `years`
    same_day_counts: bool = True

    def until(self, requirement: Requirement, day: date | None, ended: date | None = None) -> date | None:
        """Return the last day on which a fact counts; None for a state that lasts, or a fact without a day."""
        years, start = self.years, day
        if requirement.lasting:
            start = ended
            if self.lasting_years is not None:
                years = self.lasting_years
        if start is None:
            return None
        return counts_until(start, years, same_day_counts=self.same_day_counts)


def unmet_conditions(findings: Iterable[Finding], kind: Kind | str) -> list[str]:
    """Return a sentence for each condition of 第七, 八 or 九条 that is not 满足 with source and day."""
    by_code = {finding.code: finding for finding in findings}
    return _sentences(_shortfall(row, by_code.get(row.code)) for row in conditions(kind))


def uncleared_grounds(
    findings: Iterable[Finding], on: date, years: int | LookBack, *, same_day: bool = False
) -> list[str]:
    """Return a sentence for each ground of 第十条 that is not 无 with source and day, judged on day `on`.

    A fact that no longer counts is no obstacle. With `same_day`, every ground must have been checked on that
    very day (公示前、列入前当日复核).
    """
    by_code = {finding.code: finding for finding in findings}
    look_back = _look_back(years)
    return _sentences(_obstacle(row, by_code.get(row.code), on, look_back, same_day) for row in GROUNDS)


def excluding_grounds(findings: Iterable[Finding], on: date, years: int | LookBack) -> list[str]:
    """Return a sentence for each ground of 第十条 that is 有 and counts on day `on`; 待核 does not exclude."""
    look_back = _look_back(years)
    grounds = {row.code: row for row in GROUNDS}
    return _sentences(
        _exclusion(grounds[finding.code], finding, on, look_back)
        for finding in findings
        if finding.code in grounds
    )


def _look_back(years: int | LookBack) -> LookBack:
    return years if isinstance(years, LookBack) else LookBack(years)


def _sentences(reasons: Iterable[str]) -> list[str]:
    return [why for why in reasons if why]


def _shortfall(row: Requirement, finding: Finding | None) -> str:
    """Return why a requirement is not passed with source and day."""
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


def _obstacle(
    row: Requirement, finding: Finding | None, on: date, look_back: LookBack, same_day: bool
) -> str:
    """Return why a ground is not cleared on day `on`."""
    if finding is None or not _present(row, finding):
        why = _shortfall(row, finding)
    else:
        why = _exclusion(row, finding, on, look_back) or _undocumented(row, finding)
    if why or not finding:
        return why
    if finding.checked_on and finding.checked_on > on:
        return f"{row.name}的核查日期{finding.checked_on}晚于办理日期。"
    if same_day and finding.checked_on != on:
        return f"{row.name}是{finding.checked_on}核查的，须在办理当日重新核查。"
    return ""


def _present(row: Requirement, finding: Finding) -> bool:
    return row.results(finding.result or Ground.OPEN) is Ground.PRESENT


def _exclusion(row: Requirement, finding: Finding, on: date, look_back: LookBack) -> str:
    """Return the sentence that a present ground still counts on day `on`."""
    if not _present(row, finding):
        return ""
    last = look_back.until(row, finding.fact_on, finding.ended_on)
    if last and on > last:
        return ""
    source = f"（{finding.source}）" if finding.source else ""
    counted = f"，计入近三年至{last}" if last else ""
    return f"{row.name}的核查结果为“有”{source}{counted}。"
