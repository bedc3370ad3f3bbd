"""Consistency of a rule pack: references, uniqueness, and its data with the text of the law."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from app.policy.articles import article_label

CERTAINTY = ("原文", "转述", "回忆", "推断", "未核实")
LEGAL_DATES = ("annual_report", "application", "county", "nomination")  # in the order of the year
_MARK = re.compile(r"[一-龥]+")


def cross_check(parts: dict[str, Any], rules: Any, required: frozenset[str]) -> list[str]:
    """Return every disagreement as a Chinese sentence; `rules` is None if that table could not be read."""
    return [
        *_repeated(parts),
        *_rules(rules),
        *_dates(parts),
        *_areas(parts["areas"]),
        *_series(parts["series"]),
        *_cited(parts),
        *_certainty(parts),
        *_wording(parts),
        *_discretion(parts["discretion"], required),
    ]


def _repeated(parts: dict[str, Any]) -> Iterator[str]:
    for section in ("upstream", "dates", "series", "departments", "honours", "discretion"):
        yield from _twice((row.key for row in parts[section]), f"[[{section}]]：key")
    for name in ("code", "name", "login"):
        yield from _twice((getattr(area, name) for area in parts["areas"]), f"[[areas]]：{name}")
    yield from _twice((series.mark for series in parts["series"]), "文号代字")


def _twice(values: Iterable[str], where: str) -> Iterator[str]:
    return (f"{where} 重复：{value}" for value, count in Counter(values).items() if count > 1)


def _rules(rules: Any) -> Iterator[str]:
    if rules and rules.in_force_from >= rules.in_force_to:
        yield "[rules]：施行日应早于失效日"


def _dates(parts: dict[str, Any]) -> Iterator[str]:
    rows = {row.key: row for row in parts["dates"]}
    if set(rows) != set(LEGAL_DATES):
        yield f"[[dates]]：应当恰好有 {'、'.join(LEGAL_DATES)}"
        return
    for row in rows.values():
        try:
            date(2001, row.month, row.day)
        except ValueError:
            yield f"[[dates]]：{row.label}的 {row.month}月{row.day}日不是每年都有的日子"
    days = [(rows[key].month, rows[key].day) for key in LEGAL_DATES]
    if days != sorted(days):
        yield "[[dates]]：填报、申报、县级推荐、推荐省厅四个日期应由早到晚"


def _areas(areas: tuple[Any, ...]) -> Iterator[str]:
    counties = {area.code for area in areas if area.via is None}
    for area in areas:
        if area.via is not None and area.via not in counties:
            yield f"[[areas]]：{area.name}的 via（{area.via}）不是另一个县（市、区）的代码"


def _series(rows: tuple[Any, ...]) -> Iterator[str]:
    for row in rows:
        if not _MARK.fullmatch(row.mark):
            yield f"文号代字“{row.mark}”只能用汉字"
    if missing := {"document", "letter", "tip"} - {row.key for row in rows}:
        yield f"[[series]]：缺少 {'、'.join(sorted(missing))}"


def _cited(parts: dict[str, Any]) -> Iterator[str]:
    articles = parts["articles"]
    for section in ("dates", "departments", "discretion", "honours"):
        for row in parts[section]:
            cited = row.articles if section == "honours" else (row.article,)
            for article in cited:
                if article not in articles:
                    yield f"[[{section}]]：{row.key} 引用的{article_label(article)}不在条文中"


def _certainty(parts: dict[str, Any]) -> Iterator[str]:
    for section in ("areas", "series", "departments"):
        for row in parts[section]:
            if row.certainty not in CERTAINTY:
                yield f"[[{section}]]：certainty 只能是 {'、'.join(CERTAINTY)}"


def _wording(parts: dict[str, Any]) -> Iterator[str]:
    """Yield the data that the cited article does not state in the same words."""
    stated = [(row.article, f"{row.month}月{row.day}日") for row in parts["dates"]]
    stated += [(row.article, row.short) for row in parts["departments"]]
    stated += [(article, row.label) for row in parts["honours"] for article in row.articles]
    for article, words in stated:
        text = parts["articles"].get(article)
        if text and words not in "".join(text.paragraphs):
            yield f"{article_label(article)}的条文中没有“{words}”，数据与条文不符"


def _discretion(rows: tuple[Any, ...], required: frozenset[str]) -> Iterator[str]:
    keys = {row.key for row in rows}
    yield from (f"[[discretion]]：缺少 {key}" for key in sorted(required - keys))
    yield from (f"[[discretion]]：不认识 {key}" for key in sorted(keys - required))
    yield from (f"[[discretion]]：{problem}" for row in rows if (problem := row.problem(row.value)))
