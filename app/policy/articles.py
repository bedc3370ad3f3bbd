"""Articles of the rules: the text exactly as issued, and a readable form for quoting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

_DIGITS = "零一二三四五六七八九"
_ITEM = re.compile(r"^（([一二三四五六七八九十]+)）")
_SENTENCE_ENDS = "。；：！？"


def numeral(number: int) -> str:
    """1–99 in Chinese: 14 → 十四."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def article_label(article: int, item: int | None = None) -> str:
    """“第十四条”, “第二十一条（二）”."""
    return f"第{numeral(article)}条" + (f"（{numeral(item)}）" if item else "")


@dataclass(frozen=True)
class Chapter:
    """A chapter: title, first and last article."""

    number: int
    title: str
    first: int
    last: int

    @property
    def label(self) -> str:
        return f"第{numeral(self.number)}章 {self.title}"


@dataclass(frozen=True)
class Erratum:
    """A slip of the printed text and how it is read; the text itself stays as issued."""

    article: int
    printed: str
    reading: str


@dataclass(frozen=True)
class Article:
    """One article: `text` verbatim; `paragraphs` without page breaks, list marks and slips."""

    number: int
    text: str
    chapter: int
    paragraphs: tuple[str, ...]

    @property
    def label(self) -> str:
        return article_label(self.number)

    @property
    def body(self) -> tuple[str, ...]:
        """The paragraphs without the leading “第…条”."""
        return (self.paragraphs[0].removeprefix(self.label).lstrip(), *self.paragraphs[1:])

    @property
    def items(self) -> tuple[str, ...]:
        """The items （一）, （二） … without their numbers and closing stops."""
        return tuple(_ITEM.sub("", part).rstrip("；。") for part in self.paragraphs if _ITEM.match(part))

    def quote(self, item: int | None = None) -> str:
        return self.items[item - 1] if item else "\n".join(self.body)


def read_articles(
    raw: Any, chapters: tuple[Chapter, ...], errata: tuple[Erratum, ...], problems: list[str]
) -> Mapping[int, Article]:
    """The table of articles; every number from 1 to the last chapter's last must be there."""
    if not isinstance(raw, dict):
        problems.append("[articles]：缺少条文")
        return MappingProxyType({})
    expected = [number for chapter in chapters for number in range(chapter.first, chapter.last + 1)]
    if expected != list(range(1, len(expected) + 1)):
        problems.append("[[chapters]]：各章的条文序号应从 1 起首尾相接")
    problems += [f"[articles]：{key} 不属于任何一章" for key in raw if key not in map(str, expected)]
    articles = {}
    for chapter in chapters:
        for number in range(chapter.first, chapter.last + 1):
            text = raw.get(str(number))
            if not isinstance(text, str) or not text.startswith(article_label(number)):
                problems.append(f"[articles]：{number} 应以“{article_label(number)}”开头")
                continue
            slips = tuple(slip for slip in errata if slip.article == number)
            problems += [
                f"[[errata]]：{article_label(number)}中没有“{slip.printed}”"
                for slip in slips
                if slip.printed not in text
            ]
            articles[number] = Article(number, text, chapter.number, _paragraphs(text, slips))
    return MappingProxyType(articles)


def _paragraphs(text: str, slips: tuple[Erratum, ...]) -> tuple[str, ...]:
    """A paragraph that does not end like a sentence was cut by a page break of the printed text."""
    for slip in slips:
        text = text.replace(slip.printed, slip.reading)
    parts: list[str] = []
    for part in (line.strip().removeprefix("- ") for line in text.split("\n")):
        if not part:
            continue
        if parts and parts[-1][-1] not in _SENTENCE_ENDS:
            parts[-1] += part
        else:
            parts.append(part)
    return tuple(parts)
