"""Count pages while a paper is laid out: the line grid is exact, so no layout engine is needed.

The imprint stands on the last, even page; the number of pages decides whether one must be added before it.
"""

import re
from collections.abc import Sequence

from app.documents.layout.chinese import width

LINE = 579
PORTRAIT_HEIGHT = 12756  # of the type area, 225 mm
LANDSCAPE_HEIGHT = 8845
CHARACTERS = 28.16  # 156 mm in characters of size 3, set 0.3 points closer
_NEVER_FIRST = "，。、；：？！）》」』】〕”’…—％%"
_NEVER_LAST = "（《「『【〔“‘"
_WORDS = re.compile(r"[A-Za-z0-9./:-]+|.", re.DOTALL)


def line_count(string: str, indent: float = 0, room: float = CHARACTERS) -> int:
    """Count the lines of a paragraph.

    Words stay whole, stops never begin a line, opening brackets never end one.
    """
    count, used, previous = 1, indent, ""
    for word in _WORDS.findall(string):
        need = width(previous + word) - width(previous) if previous else width(word)
        if used + need > room:
            count += 1
            inseparable = bool(previous) and (word in _NEVER_FIRST or previous in _NEVER_LAST)
            used, need = width(previous) if inseparable else 0, width(word)
        used, previous = used + need, word
    return count


class PageCounter:
    """The current page and the height used on it, in twips."""

    def __init__(self) -> None:
        self.page = 1
        self.used = 0
        self.height = PORTRAIT_HEIGHT
        self._last_paragraph_lines = 0

    def add_block(self, height: int) -> None:
        """Add an element that does not split."""
        if self.used + height > self.height and self.used:
            self.new_page()
        self.used += height

    def add_text(self, string: str, indent: float = 2, heading: bool = False) -> None:
        """Add a paragraph of body text; a heading takes the next line along."""
        if heading and self.left < 2 * LINE:
            self.new_page()
        self._last_paragraph_lines = line_count(string, indent)
        for _ in range(self._last_paragraph_lines):
            self.add_block(LINE)

    def reserve_closing(self, height: int) -> None:
        """Keep the closing group together: if it does not fit, it takes the last paragraph to a new page."""
        if self.left < height:
            self.new_page()
            self.used = self._last_paragraph_lines * LINE

    def reserve_whole(self, height: int) -> None:
        """Begin a new page for an element that fits on a whole page but not on the rest of this one."""
        if self.left < height <= self.height:
            self.new_page()

    def add_rows(self, header: int, heights: Sequence[int]) -> None:
        """Add the rows of a table whose header is repeated on each page."""
        if self.used + header + (heights[0] if heights else 0) > self.height:
            self.new_page()
        self.used += header
        for height in heights:
            if self.used + height > self.height:
                self.new_page()
                self.used = header
            self.used += height

    def new_page(self, height: int | None = None) -> None:
        """Begin a page, with another height after a change of orientation."""
        self.page, self.used, self.height = self.page + 1, 0, height or self.height

    @property
    def left(self) -> int:
        """Return the height that is still free on this page."""
        return self.height - self.used
