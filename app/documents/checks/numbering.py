"""Levels of headings: 一、（一）1.（1） in this order, each counting from one (7.3.3)."""

import re
from collections.abc import Iterator

from app.documents.checks.effective import Paragraph
from app.documents.checks.elements import Paper
from app.documents.checks.result import Fault, Rulebook

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
rules: Rulebook[Paper] = Rulebook()


@rules("7.3.3", "层次序数形式", "“一、”“（一）”“1.”“（1）”")
def form(paper: Paper) -> Iterator[Fault]:
    for context in paper.contexts():
        yield from ((p.where, found[0]) for p in context if (found := MALFORMED.match(p.text)))


@rules("7.3.3", "层次次序", "依次为“一、”“（一）”“1.”“（1）”")
def order(paper: Paper) -> Iterator[Fault]:
    for context in paper.contexts():
        yield from (
            (p.where, f"“{MARKS[level]}”上没有“{MARKS[missing]}”") for p, level, missing in _orphans(context)
        )


@rules("7.3.3", "层次序数连续", "各层次从一起连续编号")
def consecutive(paper: Paper) -> Iterator[Fault]:
    for context in paper.contexts():
        yield from _skips(context)
        for pattern in (CHAPTER, ARTICLE):
            numbers = [(p, arabic(m[1])) for p in context if (m := pattern.match(p.text))]
            yield from (
                (p.where, f"应为第{expected}")
                for expected, (p, number) in enumerate(numbers, 1)
                if number != expected
            )


def _levelled(context: list[Paragraph]) -> Iterator[tuple[Paragraph, int, int]]:
    """Yield (paragraph, level, number); an article counts as level 一、, so its items begin with one."""
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


def _skips(context: list[Paragraph]) -> Iterator[Fault]:
    """Yield skipped numbers; a level counts on until a higher one appears."""
    counts = [0] * len(LEVELS)
    for paragraph, level, number in _levelled(context):
        counts[level + 1 :] = [0] * (len(LEVELS) - level - 1)
        if level == 2 and number == 1:
            counts[2] = 0  # a second list of 1. 2. 3. under the same heading
        expected = counts[level] + 1
        if number != expected:
            yield paragraph.where, f"第{number}项，应为第{expected}项"
        counts[level] = number


def arabic(text: str) -> int:
    """Return the number written as 一百二十三, 二十 or 7."""
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
