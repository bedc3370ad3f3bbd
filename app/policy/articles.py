"""Articles of the rules: the text exactly as issued, and a readable form for quoting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

_DIGITS = "零一二三四五六七八九"
_ITEM = re.compile(r"^（([一二三四五六七八九十]+)）")
_SENTENCE_ENDS = "。；：！？"


def numeral(number: int) -> str:
    """Write a number from 1 to 99 in Chinese: 14 → 十四."""
    tens, ones = divmod(number, 10)
    head = f"{_DIGITS[tens] if tens > 1 else ''}十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


def article_label(article: int, item: int | None = None) -> str:
    """Write the number of an article, or of an item in it: 第十四条, 第二十一条（二）."""
    return f"第{numeral(article)}条" + (f"（{numeral(item)}）" if item else "")


@dataclass(frozen=True)
class Chapter:
    """Chapter: title, first and last article."""

    number: int
    title: str
    first: int
    last: int

    @property
    def label(self) -> str:
        return f"第{numeral(self.number)}章 {self.title}"


@dataclass(frozen=True)
class Erratum:
    """Misprint in the issued text and its reading; the text itself stays as issued."""

    article: int
    printed: str
    reading: str


@dataclass(frozen=True)
class Article:
    """Article: `text` verbatim, `paragraphs` without page breaks, list marks and misprints."""

    number: int
    text: str
    chapter: int
    paragraphs: tuple[str, ...]

    @property
    def label(self) -> str:
        return article_label(self.number)

    @property
    def body(self) -> tuple[str, ...]:
        """Return the paragraphs without the leading “第…条”."""
        return (self.paragraphs[0].removeprefix(self.label).lstrip(), *self.paragraphs[1:])

    @property
    def items(self) -> tuple[str, ...]:
        """Return the items （一）, （二） … without their numbers and closing stops."""
        return tuple(_ITEM.sub("", part).rstrip("；。") for part in self.paragraphs if _ITEM.match(part))

    def quote(self, item: int | None = None) -> str:
        """Return the readable wording of the article, or of one of its items."""
        return self.items[item - 1] if item else "\n".join(self.body)


def read_articles(
    raw: Any, chapters: tuple[Chapter, ...], errata: tuple[Erratum, ...], problems: list[str]
) -> Mapping[int, Article]:
    """Read the table of articles, which must hold every number of the chapters, from 1 without gaps."""
    if not isinstance(raw, dict):
        problems.append("[articles]：缺少条文")
        return MappingProxyType({})
    expected = [
        (number, chapter.number) for chapter in chapters for number in range(chapter.first, chapter.last + 1)
    ]
    problems += _numbering_problems(raw, [number for number, _ in expected])
    articles = [
        _read_article(number, raw.get(str(number)), chapter, errata, problems) for number, chapter in expected
    ]
    return MappingProxyType({article.number: article for article in articles if article is not None})


def _numbering_problems(raw: Mapping[str, Any], numbers: list[int]) -> Iterator[str]:
    """Yield the gaps between the chapters' articles, and the articles of no chapter."""
    if numbers != list(range(1, len(numbers) + 1)):
        yield "[[chapters]]：各章的条文序号应从 1 起首尾相接"
    known = {str(number) for number in numbers}
    yield from (f"[articles]：{key} 不属于任何一章" for key in raw if key not in known)


def _read_article(
    number: int, text: Any, chapter: int, all_errata: tuple[Erratum, ...], problems: list[str]
) -> Article | None:
    label = article_label(number)
    if not isinstance(text, str) or not text.startswith(label):
        problems.append(f"[articles]：{number} 应以“{label}”开头")
        return None
    errata = tuple(erratum for erratum in all_errata if erratum.article == number)
    problems += [
        f"[[errata]]：{label}中没有“{erratum.printed}”" for erratum in errata if erratum.printed not in text
    ]
    return Article(number, text, chapter, _paragraphs(text, errata))


def _paragraphs(text: str, errata: tuple[Erratum, ...]) -> tuple[str, ...]:
    """Split a text into paragraphs, joining those that a page break of the printed text has cut."""
    for erratum in errata:
        text = text.replace(erratum.printed, erratum.reading)
    parts: list[str] = []
    for part in (line.strip().removeprefix("- ") for line in text.split("\n")):
        if not part:
            continue
        if parts and parts[-1][-1] not in _SENTENCE_ENDS:
            parts[-1] += part
        else:
            parts.append(part)
    return tuple(parts)
