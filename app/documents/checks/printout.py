"""A paper with its printed pages: find the line of an element."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from app.documents.checks.effective import Paragraph
from app.documents.checks.elements import DATE, SIGNATURE, TEXT, Paper
from app.documents.checks.measure import MM, Line, Page

TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 184.0, 262.0
LANDSCAPE_AREA = (34.5, 262.5, 25.5, 184.5)  # left, right, top, bottom of a landscape page
WIDTH = 156.0
PITCH = 28.95 * MM
FIRST_BASELINE = 45.3
CHARACTER = 314 / 20 * MM
ASCENT, DESCENT = 0.83, 0.17  # ink of an ideograph above and below its baseline, in em; fonts differ by 0.04
NUMBERED = re.compile(r"^[—－–-](\d+)[—－–-]$")
BLANKS = re.compile(r"\s")
MIN_DISTINCT = 4  # shorter lines are too common to be told apart
OPENING = 8


@dataclass(frozen=True)
class Folio:
    """A page number, with its place on the portrait sheet."""

    line: Line
    x0: float
    x1: float
    baseline: float


@dataclass
class PrintOut:
    """Pages of a paper; its family decides which clauses hold, as for the file."""

    paper: Paper
    pages: list[Page]

    @property
    def family(self) -> str:
        return self.paper.family

    @cached_property
    def main_text(self) -> str:
        return "".join(bare(paragraph.text) for paragraph in self.paper.contexts()[0])

    @cached_property
    def _openings(self) -> dict[str, Paragraph]:
        return {bare(each.text)[:OPENING]: each for each in reversed(self.paper.paragraphs) if each.words}

    @cached_property
    def _tails(self) -> set[str]:
        """Return the ends of paragraphs, which may be the only characters of a line."""
        texts = [bare(each.text) for each in self.paper.styled(*TEXT)]
        return {text[-length:] for text in texts for length in range(1, MIN_DISTINCT)}

    @cached_property
    def main_pages(self) -> list[Page]:
        """Return the portrait pages from the first to the signed one."""
        last = self.signed[0].number if self.signed else len(self.pages)
        return [page for page in self.pages[:last] if not page.landscape]

    @cached_property
    def dated(self) -> tuple[Page, Line] | None:
        """Return the date of signature, the last line with its text."""
        element = self.paper.first(DATE)
        places = [] if element is None else self._all(element.text)
        return places[-1] if places else None

    @cached_property
    def signed(self) -> tuple[Page, Line] | None:
        """Return the signature above the date: an issuer may also be a line of the title, or a letter's mark."""
        element = self.paper.styled(SIGNATURE)[-1:]
        if self.dated is None or not element:
            return self.dated
        places = [place for place in self._all(element[0].text) if place[0] is self.dated[0]]
        return places[-1] if places else self.dated

    def find(self, text: str) -> tuple[Page, Line] | None:
        """Return the first line with exactly this text."""
        return next(iter(self._all(text)), None)

    def _all(self, text: str) -> list[tuple[Page, Line]]:
        words = bare(text)
        return [(page, line) for page in self.pages for line in page.lines if line.text == words]

    def find_element(self, *styles: str) -> tuple[Page, Line] | None:
        """Return the line of the first paragraph with one of these styles."""
        element = self.paper.first(*styles)
        return None if element is None else self.find(element.text)

    def find_mark(self) -> tuple[Page, Line] | None:
        """Return the line of the issuer's mark."""
        return None if self.paper.mark is None else self.find(self.paper.mark.text)

    def opens(self, line: Line) -> Paragraph | None:
        """Return the paragraph that begins with this line, or None."""
        return self._openings.get(line.text[:OPENING])

    def body_lines(self, page: Page) -> list[Line]:
        """Return the lines inside the type area that belong to the running text."""
        return [line for line in page.lines if inside(line) and self._is_body(line)]

    def body_pairs(self) -> Iterator[tuple[Page, Line, Line]]:
        """Yield each line of the running text with the one below it, page by page."""
        for page in self.main_pages:
            yield from ((page, *pair) for pair in pairwise(self.body_lines(page)))

    def _is_body(self, line: Line) -> bool:
        return line.text in (self._tails if len(line.text) < MIN_DISTINCT else self.main_text)

    def folio(self, page: Page) -> Folio | None:
        """Return the page number as printed, or None."""
        for line in page.lines:
            match = NUMBERED.match(line.text)
            if match and line.upright != page.landscape and int(match[1]) == page.number:
                return Folio(
                    line, line.x0, line.x1, page.width - line.baseline if page.landscape else line.baseline
                )
        return None


def bare(text: str) -> str:
    """Return the text without white space."""
    return BLANKS.sub("", text)


def area(page: Page) -> tuple[float, float, float, float]:
    """Return left, right, top and bottom of the type area."""
    return LANDSCAPE_AREA if page.landscape else (LEFT, RIGHT, TOP, BOTTOM)


def inside(line: Line) -> bool:
    """Return whether a line stands in the type area."""
    return line.upright and TOP < line.baseline < BOTTOM


def ink_top(line: Line) -> float:
    """Return the upper edge of a line's characters."""
    return line.baseline - line.size * MM * ASCENT


def ink_bottom(line: Line) -> float:
    """Return the lower edge of a line's characters."""
    return line.baseline + line.size * MM * DESCENT
