"""Where on the pages we are: the grid is exact, so pages can be counted without a layout engine.

The imprint stands on the last, even page; only the number of pages says whether one must be added before it.
"""

import re

from app.documents.layout.chinese import width

LINE = 579
UPRIGHT = 12756  # height of the type area, 225 mm
TURNED = 8845
CHARACTERS = 28.16  # 156 mm in characters of size 3, set 0.3 points closer
_NEVER_FIRST = "，。、；：？！）》」』】〕”’…—％%"
_NEVER_LAST = "（《「『【〔“‘"
_WORDS = re.compile(r"[A-Za-z0-9./:-]+|.", re.DOTALL)


def lines(string, indent=0, room=CHARACTERS):
    """How many lines a paragraph takes: words stay whole, stops never begin a line, brackets never end one."""
    count, used, before = 1, indent, ""
    for word in _WORDS.findall(string):
        need = width(before + word) - width(before) if before else width(word)
        if used + need > room:
            count += 1
            # what must not part from its neighbour goes to the new line with it
            carried = width(before) if before and (word in _NEVER_FIRST or before in _NEVER_LAST) else 0
            used, need = carried, width(word)
        used, before = used + need, word
    return count


class Flow:
    """Counts pages while elements are laid out; heights in twips."""

    def __init__(self):
        self.page, self.used, self.height, self.last = 1, 0, UPRIGHT, 0

    def block(self, height):
        """Something that does not split."""
        if self.used + height > self.height and self.used:
            self.new_page()
        self.used += height

    def text(self, string, indent=2, keep=False):
        """A paragraph of body text; a heading takes the next line along."""
        if keep and self.left < 2 * LINE:
            self.new_page()
        self.last = lines(string, indent)
        for _ in range(self.last):
            self.block(LINE)

    def gather(self, height):
        """What closes a paper stays together: it takes the last paragraph along to a new page."""
        if self.left < height:
            self.new_page()
            self.used = self.last * LINE

    def whole(self, height):
        """What stays on one page as long as a page can hold it."""
        if self.left < height <= self.height:
            self.new_page()

    def rows(self, header, heights):
        """A table whose header is repeated on each page."""
        if self.used + header + (heights[0] if heights else 0) > self.height:
            self.new_page()
        self.used += header
        for height in heights:
            if self.used + height > self.height:
                self.new_page()
                self.used = header
            self.used += height

    def new_page(self, height=None):
        self.page, self.used, self.height = self.page + 1, 0, height or self.height

    @property
    def left(self):
        return self.height - self.used
