"""The rule pack of a city: names, areas, number series, legal dates, article texts, discretion."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.policy.articles import Article, Chapter, Erratum, read_articles
from app.policy.pack_check import cross_check
from app.policy.pack_tables import Area, City, Department, Honour, LegalDate, Rules, Series, Upstream
from app.policy.reading import record, records
from app.policy.settings import REQUIRED, Discretion

PACKS = Path(__file__).parent / "packs"


class PackError(ValueError):
    """Unusable rule pack; `problems` names every fault in it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("规则包不能使用：\n" + "\n".join(f"· {problem}" for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class RulePack:
    """All that differs from city to city, and the text of the law."""

    code: str
    version: str
    digest: str
    cultivation_years: int
    exclusion_years: int
    city: City
    rules: Rules
    upstream: Mapping[str, Upstream]
    dates: Mapping[str, LegalDate]
    areas: tuple[Area, ...]
    series: Mapping[str, Series]
    departments: tuple[Department, ...]
    honours: tuple[Honour, ...]
    discretion: Mapping[str, Discretion]
    chapters: tuple[Chapter, ...]
    articles: Mapping[int, Article]

    def area(self, code: str) -> Area:
        """Return the area of a code; KeyError names an unknown one."""
        for area in self.areas:
            if area.code == code:
                return area
        raise KeyError(f"规则包中没有代码为 {code} 的县（市、区）或园区")

    def order(self, code: str) -> int:
        """Return the place of an area in official lists, from 1."""
        return self.areas.index(self.area(code)) + 1

    def recommends_via(self, code: str, credit_code: str) -> str:
        """Return the county that acts instead of the area, else "": no area acts on its own administration.

        Where the pack does not name the administration's credit code, every body registered by an
        establishment office (first character 1, GB 32100) counts as it; companies begin with 9.
        """
        area = self.area(code)
        if area.via is None:
            return ""
        own = credit_code == area.administration if area.administration else credit_code.startswith("1")
        return area.via if own else ""

    def department(self, key: str) -> Department:
        """Return the department of a key."""
        return next(department for department in self.departments if department.key == key)

    def honours_of(self, article: int) -> tuple[Honour, ...]:
        """Return the nine honours of 第十一条 or the seven of 第二十四条."""
        return tuple(honour for honour in self.honours if article in honour.articles)

    def quote(self, article: int, item: int | None = None) -> str:
        """Return the readable wording of an article, or of its item （一）, （二） and so on."""
        return self.articles[article].quote(item)

    def default(self, key: str) -> Any:
        """Return the pack's value of a discretion; an override lives in the database."""
        return self.discretion[key].value

    def in_force(self, today: date) -> bool:
        """Return whether the rules are in force, first and last day included (第二十九条)."""
        return self.rules.in_force_from <= today <= self.rules.in_force_to


def load(name_or_path: str | Path = "yunfu") -> RulePack:
    """Load a pack by its name in `packs/` or by the path of a .toml file; PackError names every problem."""
    content = _file(name_or_path).read_bytes()
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PackError([f"不是有效的 TOML 文件：{error}"]) from error
    return _pack(raw, hashlib.sha256(content).hexdigest())


def _file(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = PACKS / f"{name_or_path}.toml"
    if not path.is_file():
        known = "、".join(sorted(file.stem for file in PACKS.glob("*.toml")))
        raise PackError([f"找不到规则包 {name_or_path}（自带的有：{known}；其他城市请写 .toml 文件的路径）"])
    return path


@dataclass(frozen=True)
class _Head:
    code: str
    version: str
    cultivation_years: int
    exclusion_years: int


_SECTIONS = {
    "upstream": Upstream,
    "dates": LegalDate,
    "areas": Area,
    "series": Series,
    "departments": Department,
    "honours": Honour,
    "discretion": Discretion,
    "chapters": Chapter,
}
_TABLES = {"city": City, "rules": Rules}
_KEYED = ("upstream", "dates", "series", "discretion")  # read by key, the other sections in order


def _pack(raw: dict[str, Any], digest: str) -> RulePack:
    problems: list[str] = []
    tables: dict[str, Any] = {
        key: record(cls, raw.pop(key, None), f"[{key}]", problems) for key, cls in _TABLES.items()
    }
    rows: dict[str, tuple[Any, ...]] = {
        key: records(cls, raw.pop(key, None), f"[[{key}]]", problems) for key, cls in _SECTIONS.items()
    }
    rows["series"] += _series_of_areas(rows["areas"])
    errata = records(Erratum, raw.pop("errata"), "[[errata]]", problems) if "errata" in raw else ()
    articles = read_articles(raw.pop("articles", None), rows["chapters"], errata, problems)
    head = record(_Head, raw, "文件开头", problems)  # last: a key still left is unknown
    problems += cross_check(rows | {"articles": articles}, tables["rules"], REQUIRED)
    if problems or head is None:
        raise PackError(problems)
    sections: dict[str, Any] = rows | {key: _by_key(rows[key]) for key in _KEYED}
    return RulePack(**vars(head), **tables, **sections, digest=digest, articles=articles)


def _series_of_areas(areas: tuple[Area, ...]) -> tuple[Series, ...]:
    """Return the series in which the letters of each area are numbered."""
    return tuple(
        Series(area.series_key, area.series, f"{area.name}来函", area.code, area.certainty) for area in areas
    )


def _by_key(rows: tuple[Any, ...]) -> Mapping[str, Any]:
    return MappingProxyType({row.key: row for row in rows})
