"""Rows of a rule pack: city, rules, dates, areas, number series, departments, honours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class City:
    """City, its bureau and the offices that it writes to."""

    name: str
    region_code: str
    bureau: str
    bureau_short: str
    province_department: str
    addressees: str
    incident_report_to: str
    platform: str
    platform_address: str

    def holds(self, region_code: str) -> bool:
        """Return whether a code of GB/T 2260 lies in the city (第七至九条); internal codes of parks do, too."""
        return region_code.startswith(self.region_code[:4])


@dataclass(frozen=True)
class Rules:
    """The rules: title, document number, days in force (第二十九条)."""

    title: str
    number: str
    issued_on: date
    in_force_from: date
    in_force_to: date

    @property
    def citation(self) -> str:
        return f"《{self.title}》（{self.number}）"


@dataclass(frozen=True)
class Upstream:
    """Superior document cited by the rules; its articles are cited by number only."""

    key: str
    title: str
    number: str
    short: str

    @property
    def citation(self) -> str:
        return f"《{self.title}》（{self.number}）"


@dataclass(frozen=True)
class LegalDate:
    """Date fixed by the rules for every year."""

    key: str
    label: str
    month: int
    day: int
    article: int


@dataclass(frozen=True)
class Area:
    """County-level area or park (第五条).

    `via` is the county that acts if the applicant is the area's own administration, whose credit code is
    `administration`.
    """

    code: str
    name: str
    department: str
    login: str
    series: str
    evaluates: bool = True
    recommends: bool = True
    via: str | None = None
    administration: str | None = None
    certainty: str = "原文"

    @property
    def username(self) -> str:
        return f"county-{self.login}"

    @property
    def series_key(self) -> str:
        return f"area-{self.code}"


@dataclass(frozen=True)
class Series:
    """Series of document numbers: 云工信〔2026〕7号."""

    key: str
    mark: str
    label: str
    area: str | None = None
    certainty: str = "原文"

    def number(self, year: int, count: int) -> str:
        """Return the number with this count in a year."""
        return f"{self.mark}〔{year}〕{count}号"


@dataclass(frozen=True)
class Department:
    """Department to be consulted (第十六条) and the matter it is asked about."""

    key: str
    short: str
    name: str
    asks: str
    article: int
    certainty: str = "原文"


@dataclass(frozen=True)
class Honour:
    """Title named in 第十一条 (focus of cultivation), 第二十四条 (encouraged), or both."""

    key: str
    label: str
    articles: tuple[int, ...]
