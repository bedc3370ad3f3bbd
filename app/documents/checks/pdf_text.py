"""The text as printed: lines, characters, type area, fonts, page numbers."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from app.documents.checks.elements import TEXT
from app.documents.checks.fonts import expected_in_print
from app.documents.checks.measure import MM, Line, Page, Stroke
from app.documents.checks.printout import (
    BOTTOM,
    CHARACTER,
    FIRST_BASELINE,
    LEFT,
    PITCH,
    RIGHT,
    PrintOut,
    area,
    bare,
    ink_bottom,
    ink_top,
)
from app.documents.checks.result import LETTER, Fault, Rulebook

LINES = 22
BODY_POINTS, NUMBER_POINTS = 16, 14
OFF_GRID = 0.12  # of a line
EDGE = 0.6  # mm by which a justified line may miss the edge
MIN_ROOM = 1.3  # lines left below the last one of page 1, too few for another
NUMBER_DROP, NUMBER_INDENT = 7.0, NUMBER_POINTS * MM
NEVER_FIRST = set("，。、；：？！）》〕】”’…—％")
NEVER_LAST = set("（《〔【“‘")
LATIN_WORD = re.compile(r"[^一-龥]*[0-9A-Za-z]")
rules: Rulebook[PrintOut] = Rulebook()


@rules("5.2.3", "版面：每面22行", "满面22行")
def full_pages(print_out: PrintOut) -> Iterator[Fault]:
    """Require full pages, unless the next one begins with a kept block; page 1 only leaves no room for a line."""
    for page, following in pairwise(print_out.main_pages):
        lines, after = print_out.body_lines(page), print_out.body_lines(following)
        if _has_table(page) or not lines or not after or _kept(print_out, after[0]):
            continue
        left = BOTTOM - lines[-1].baseline
        if page.number == 1 and left > PITCH * MIN_ROOM:
            yield page.where, f"末行距版心下边缘{left:.1f} mm"
        rows = round((lines[-1].baseline - FIRST_BASELINE) / PITCH) + 1
        if page.number > 1 and rows != LINES:
            yield page.where, f"{rows}行"


@rules("5.2.3", "版面：行距", "各行在28.95磅的行格上")
def on_the_grid(print_out: PrintOut) -> Iterator[Fault]:
    for page in (each for each in print_out.main_pages[1:] if not _has_table(each)):
        for line in print_out.body_lines(page):
            place = (line.baseline - FIRST_BASELINE) / PITCH
            off = abs(place - round(place))
            if off > OFF_GRID:
                yield page.where, f"“{line.text[:8]}”偏离行格{off * PITCH:.1f} mm"


@rules("5.2.3", "版面：每行28字", "满行汉字28字")
def full_lines(print_out: PrintOut) -> Iterator[Fault]:
    for page, line, following in print_out.body_pairs():
        missing = _missing_characters(line)
        if missing and not _carried_over(line, following, missing):
            yield page.where, f"“{line.text[:8]}…”{len(line.glyphs)}字"


@rules("5.2.1", "版面：版心之外无内容", "文字和线条不出版心")
def inside_type_area(print_out: PrintOut) -> Iterator[Fault]:
    for page in print_out.pages:
        for line in page.lines:
            if _leaves_type_area(line, page) and not _belongs_outside(print_out, page, line):
                yield page.where, f"“{line.text[:10]}”"
        for rule in page.rules:
            if not rule.red and _rule_leaves_type_area(rule, page):
                yield page.where, f"线条 {rule.x0:.1f}–{rule.x1:.1f} mm"


def _leaves_type_area(line: Line, page: Page) -> bool:
    left, right, top, bottom = area(page)
    beside = line.x0 < left - EDGE or line.x1 > right + EDGE
    return beside or ink_top(line) < top - EDGE or ink_bottom(line) > bottom + EDGE


def _rule_leaves_type_area(rule: Stroke, page: Page) -> bool:
    left, right, _, bottom = area(page)
    return rule.x0 < left - EDGE or rule.x1 > right + EDGE or rule.y > bottom + EDGE


@rules("5.2.2", "版面：字体", "仿宋、楷体、黑体、小标宋、宋体或其代用字体")
def printed_fonts(print_out: PrintOut) -> Iterator[Fault]:
    for page in print_out.pages:
        names = {glyph.font for line in page.lines for glyph in line.glyphs}
        yield from ((page.where, name) for name in sorted(names) if not expected_in_print(name))


@rules("7.5", "版面：页码", "— 1 —，版心下边缘之下7 mm，单页居右、双页居左各空一字")
def page_numbers(print_out: PrintOut) -> Iterator[Fault]:
    for page in print_out.pages:
        folio = print_out.folio(page)
        if print_out.family == LETTER and page.number == 1:
            if folio:
                yield page.where, "信函首页有页码"
            continue
        if folio is None:
            yield page.where, "没有页码"
            continue
        edge, aside = ("右", RIGHT - folio.x1) if page.number % 2 else ("左", folio.x0 - LEFT)
        if abs(aside - NUMBER_INDENT) > 2:
            yield page.where, f"距版心{edge}边{aside:.1f} mm"
        middle = folio.baseline - folio.line.size * MM * 0.3  # of the digits, where the dashes are
        if abs(middle - BOTTOM - NUMBER_DROP) > 1.5:
            yield page.where, f"在版心下{middle - BOTTOM:.1f} mm"


def _has_table(page: Page) -> bool:
    """Return whether the page has a table, whose rows have their own height."""
    return any(not rule.red for rule in page.rules)


def _kept(print_out: PrintOut, first: Line) -> bool:
    opened = print_out.opens(first)
    return opened is not None and (opened.on("keepNext") or opened.style not in TEXT)


def _missing_characters(line: Line) -> int:
    """Return how many characters a full line of ideographs lacks; 0 for any other line."""
    if line.x1 < RIGHT - 1.5 * CHARACTER or round(line.size) != BODY_POINTS:
        return 0
    if any(unicodedata.east_asian_width(glyph.text[:1]) not in "WFA" for glyph in line.glyphs):
        return 0
    return round((RIGHT - line.x0) / CHARACTER) - len(line.glyphs)


def _carried_over(line: Line, following: Line, missing: int) -> bool:
    """Return whether punctuation rules or a Latin word carried characters over to the next line."""
    if missing < 0:
        return sum(glyph.text in NEVER_FIRST | NEVER_LAST for glyph in line.glyphs) >= 2 * -missing
    carried = following.text[: missing + 1]
    stranded = carried[0] in NEVER_LAST or any(each in NEVER_FIRST for each in carried[1:])
    return stranded or bool(LATIN_WORD.match(following.text))


def _belongs_outside(print_out: PrintOut, page: Page, line: Line) -> bool:
    folio, mark = print_out.folio(page), print_out.paper.mark
    if folio is not None and folio.line is line:
        return True
    return (
        print_out.family == LETTER and page.number == 1 and mark is not None and line.text == bare(mark.text)
    )
