"""Tables as printed: a header on every page, every row once."""

from collections.abc import Iterator

from app.documents.checks.attachments import numbered
from app.documents.checks.elements import Table
from app.documents.checks.measure import Line, Page
from app.documents.checks.printout import PrintOut, area, bare
from app.documents.checks.result import Fault, Rulebook

COLUMN = 13.5  # mm; the first column is 13 mm wide
MAX_CELL_SIZE = 15
rules: Rulebook[PrintOut] = Rulebook()


def has_list(print_out: PrintOut) -> bool:
    """Return whether the paper has a numbered table."""
    return bool(numbered(print_out.paper))


@rules("7.3.7", "版面：每面有表头", "每面重复表头", when=has_list)
def header_on_each_page(print_out: PrintOut) -> Iterator[Fault]:
    for table, page, serials in _printed(print_out):
        if serials and bare(table.columns[0]) not in "".join(_leads(page)):
            yield page.where, "没有表头"


@rules("7.3.7", "版面：表格序号", "从1到末行各出现一次", when=has_list)
def serials(print_out: PrintOut) -> Iterator[Fault]:
    tables = numbered(print_out.paper)
    expected = [table.cells(row)[0] for table in tables for row in table.rows[table.heads :]]
    printed = [serial for page in print_out.pages for serial in _first_column(page)]
    if printed != expected:
        pairs = enumerate(zip(printed, expected, strict=False), 1)
        first_wrong = next((row for row, (serial, due) in pairs if serial != due), len(printed) + 1)
        yield f"第{first_wrong}行起", f"印出{len(printed)}行，应为{len(expected)}行"


def _printed(print_out: PrintOut) -> Iterator[tuple[Table, Page, list[str]]]:
    """Yield each numbered table with each page that shows rows of it, and their serial numbers."""
    columns = [(page, _first_column(page)) for page in print_out.pages]
    for table in numbered(print_out.paper):
        left = len(table.rows) - table.heads
        while left and columns:
            page, numbers = columns[0]
            own, next_table = numbers[:left], numbers[left:]
            left -= len(own)
            columns[:1] = [(page, next_table)] if next_table else []
            yield table, page, own


def _first_column(page: Page) -> list[str]:
    """Return the numbers at the left edge of the page's table, from top to bottom."""
    return [lead for lead in _leads(page) if lead.isdigit()]


def _leads(page: Page) -> list[str]:
    """Return the text at the left edge of the page's table, line by line."""
    left = min((rule.x0 for rule in page.rules if not rule.red), default=None)
    if left is None:
        return []
    _, _, top, bottom = area(page)
    lines = (line for line in page.lines if line.upright and top < line.baseline < bottom)
    return [_text_left_of(left + COLUMN, line) for line in lines if line.size < MAX_CELL_SIZE]


def _text_left_of(edge: float, line: Line) -> str:
    return "".join(glyph.text for glyph in line.glyphs if glyph.x1 < edge)
