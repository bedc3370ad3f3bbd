"""Where on the pages we are: the grid is exact, so pages can be counted without a layout engine.

The imprint stands on the last, even page; only the number of pages says whether one must be added before it.
"""

from math import ceil

from app.documents.chinese import width

LINE = 579
UPRIGHT = 12756  # height of the type area, 225 mm
TURNED = 8845
CHARACTERS = 27.6  # a full line less what the rules of punctuation push to the next


class Flow:
    """Counts pages while elements are laid out; heights in twips."""

    def __init__(self):
        self.page, self.used, self.height = 1, 0, UPRIGHT

    def block(self, height):
        """Something that does not split."""
        if self.used + height > self.height and self.used:
            self.new_page()
        self.used += height

    def text(self, string, indent=2, keep=False):
        """A paragraph of body text; a heading takes the next line along."""
        if keep and self.left < 2 * LINE:
            self.new_page()
        for _ in range(max(1, ceil((width(string) + indent) / CHARACTERS))):
            self.block(LINE)

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
