"""Levels of headings: 一、（一）1.（1） in this order, each counting from one (7.3.3)."""

import re
from collections.abc import Iterator

from app.documents.checks.effective import Paragraph
from app.documents.checks.result import Rulebook

DIGITS = "零一二三四五六七八九"
LEVELS = (
    re.compile(r"^([一二三四五六七八九十]+)、"),
    re.compile(r"^（([一二三四五六七八九十]+)）"),
    re.compile(r"^(\d+)[.．](?!\d)"),
    re.compile(r"^（(\d+)）"),
)
MARKS = ("一、", "（一）", "1.", "（1）")
NEEDED = {1: (0,), 3: (2,)}  # （一） stands under 一、 and （1） under 1.; 1. may follow 一、 directly
CHAPTER = re.compile(r"^第([一二三四五六七八九十]+)章")
ARTICLE = re.compile(r"^第([零一二三四五六七八九十百]+)条")
MALFORMED = re.compile(
    r"^(\d+、|\(\d+\)|\([一二三四五六七八九十]+\)|（[一二三四五六七八九十\d]+）[、.]|[一二三四五六七八九十]+[.．])"
)
rules = Rulebook()


@rules("7.3.3", "层次序数形式", "“一、”“（一）”“1.”“（1）”")
def form(paper) -> Iterator[tuple[str, str]]:
    for context in paper.contexts():
        yield from ((p.where, found[0]) for p in context if (found := MALFORMED.match(p.text)))


@rules("7.3.3", "层次次序", "依次为“一、”“（一）”“1.”“（1）”")
def order(paper) -> Iterator[tuple[str, str]]:
    for context in paper.contexts():
        yield from (
            (p.where, f"“{MARKS[level]}”上没有“{MARKS[missing]}”") for p, level, missing in _orphans(context)
        )


@rules("7.3.3", "层次序数连续", "各层次从一起连续编号")
def consecutive(paper) -> Iterator[tuple[str, str]]:
    for context in paper.contexts():
        yield from _skips(context)
        for pattern in (CHAPTER, ARTICLE):
            numbers = [(p, arabic(m[1])) for p in context if (m := pattern.match(p.text))]
            yield from (
                (p.where, f"应为第{wanted}")
                for wanted, (p, found) in enumerate(numbers, 1)
                if found != wanted
            )


def _levelled(context: list[Paragraph]) -> Iterator[tuple[Paragraph, int, int]]:
    """An article takes the place of 一、: its items count from one under it."""
    for paragraph in context:
        if match := ARTICLE.match(paragraph.text):
            yield paragraph, 0, arabic(match[1])
        for level, pattern in enumerate(LEVELS):
            if match := pattern.match(paragraph.text):
                yield paragraph, level, arabic(match[1])


def _orphans(context: list[Paragraph]) -> Iterator[tuple[Paragraph, int, int]]:
    open_levels: set[int] = set()
    for paragraph, level, _ in _levelled(context):
        for missing in NEEDED.get(level, ()):
            if missing not in open_levels:
                yield paragraph, level, missing
        open_levels = {each for each in open_levels if each < level} | {level}


def _skips(context: list[Paragraph]) -> Iterator[tuple[str, str]]:
    """A level counts on until a higher one appears, then it begins again."""
    counts = [0] * len(LEVELS)
    for paragraph, level, found in _levelled(context):
        counts[level + 1 :] = [0] * (len(LEVELS) - level - 1)
        if level == 2 and found == 1:
            counts[2] = 0  # a second list of 1. 2. 3. under the same heading
        wanted = counts[level] + 1
        if found != wanted:
            yield paragraph.where, f"第{found}项，应为第{wanted}项"
        counts[level] = found


def arabic(text: str) -> int:
    """一百二十三, 二十, 7 → number."""
    if text.isdigit():
        return int(text)
    total = digit = 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = DIGITS.index(character)
    return total + digit
