"""Attachments (7.3.7) and the tables in them."""

import re
from collections.abc import Iterator
from itertools import islice

from app.documents.checks.body import STOPS
from app.documents.checks.effective import Paragraph, whole
from app.documents.checks.elements import TABLE_HEADS, TABLE_TEXT, Paper, Table
from app.documents.checks.fonts import FANG, HEI, TITLE, is_a
from app.documents.checks.page import TEXT_HEIGHT, TEXT_WIDTH
from app.documents.checks.result import Fault, Rulebook
from app.documents.checks.source import W

SERIAL = "序号"
TITLE_SIZE, LABEL_SIZE = 44, 32
CELL_SIZES, CELL_LINES = (18, 28), (240, 400)  # 9–14 pt on 12–20 pt; ours are 12 on 17.25, crowded 9 on 13
WIDTH_SLACK = 30
BLANKS = re.compile(r"\s")
rules: Rulebook[Paper] = Rulebook()


def has_attachments(paper: Paper) -> bool:
    """Return whether the paper has attachments."""
    return bool(paper.attachments)


def has_tables(paper: Paper) -> bool:
    """Return whether the paper has tables with a header."""
    return bool(paper.tables)


def numbered(paper: Paper) -> list[Table]:
    """Return the tables whose first column counts their rows."""
    return [table for table in paper.tables if table.columns[:1] == [SERIAL]]


@rules(
    "7.3.4",
    "附件名称一致",
    "附件说明与附件序号、标题逐一相同",
    when=lambda paper: paper.listed or paper.attachments,
)
def names_agree(paper: Paper) -> Iterator[Fault]:
    listed = [_bare(name).rstrip(STOPS) for _, name in paper.listed]
    titles = [_bare(each.name) for each in paper.attachments]
    if len(listed) != len(titles):
        yield "附件说明", f"说明{len(listed)}件，附{len(titles)}件"
    for number, (name, title) in enumerate(zip(listed, titles, strict=False), 1):
        if name != title:
            yield f"附件{number}", f"说明作“{name}”，标题作“{title or '无'}”"


@rules("7.3.7", "附件标识", "另面编排，“附件”及序号用3号黑体顶格", when=has_attachments)
def label(paper: Paper) -> Iterator[Fault]:
    single = len(paper.attachments) == 1
    for number, attachment in enumerate(paper.attachments, 1):
        expected = "附件" if single else f"附件{number}"
        if _bare(attachment.label.text) != expected:
            yield attachment.label.where, f"应为“{expected}”"
        if not (attachment.label.on("pageBreakBefore") or attachment.breaks_before):
            yield attachment.label.where, "未另面编排"
        yield from _label_format_faults(attachment.label)


def _label_format_faults(paragraph: Paragraph) -> Iterator[Fault]:
    if any(paragraph.number("ind", side) for side in ("left", "firstLine", "firstLineChars")):
        yield paragraph.where, "未顶格"
    if any(not is_a(run.font, HEI) or run.size != LABEL_SIZE for run in paragraph.runs):
        yield paragraph.where, "不是3号黑体"


@rules("7.3.7", "附件标题", "2号小标宋体，居中编排在版心第三行", when=has_attachments)
def attachment_title(paper: Paper) -> Iterator[Fault]:
    for each in paper.attachments:
        if not each.title:
            yield each.label.where, "没有标题"
            continue
        line = paper.blocks.index(each.title[0]) - paper.blocks.index(each.label) + 1
        if line != 3:
            yield each.title[0].where, f"在第{line}行"
        for paragraph in each.title:
            if paragraph.attribute("jc") != "center":
                yield paragraph.where, "未居中"
            if any(not is_a(run.font, TITLE) or run.size != TITLE_SIZE for run in paragraph.runs):
                yield paragraph.where, "不是2号小标宋体"


@rules("7.3.7", "表头重复", "每面重复表头", when=has_tables)
def header_repeats(paper: Paper) -> Iterator[Fault]:
    for table in paper.tables:
        if any(row.find(f"{W}trPr/{W}tblHeader") is None for row in table.rows[: table.heads]):
            yield table.where, "未设重复标题行"


@rules("7.3.7", "表格行不跨页", "每行完整在一面", when=has_tables)
def rows_whole(paper: Paper) -> Iterator[Fault]:
    for table in paper.tables:
        for number, row in enumerate(table.rows, 1):
            if row.find(f"{W}trPr/{W}cantSplit") is None:
                yield table.where, f"第{number}行可跨页"


@rules("7.3.7", "表格宽度", "不超出版心", when=has_tables)
def table_width(paper: Paper) -> Iterator[Fault]:
    for table in paper.tables:
        room = TEXT_HEIGHT if _in_landscape(paper, table) else TEXT_WIDTH
        if sum(table.widths) > room + WIDTH_SLACK:
            yield table.where, f"{sum(table.widths) / 56.7:.0f} mm"


@rules("7.3.7", "表格文字", "表头黑体、表内仿宋体，小于正文，固定行距", when=has_tables)
def cell_text(paper: Paper) -> Iterator[Fault]:
    for table in paper.tables:
        yield from ((table.where, fault) for each in table.paragraphs if (fault := _cell_fault(each)))


@rules("7.3.7", "表格序号", "从1起连续，各行不缺不重", when=numbered)
def serials(paper: Paper) -> Iterator[Fault]:
    """Require serial numbers from 1; tables with the same header continue one list."""
    for run in _runs_of_tables(paper):
        serials = [table.cells(row)[0].strip() for table in run for row in table.rows[table.heads :]]
        wrong = (each for each in enumerate(serials, 1) if each[1] != str(each[0]))
        for number, serial in islice(wrong, 1):
            yield run[0].where, f"第{number}行序号为“{serial}”"


def _runs_of_tables(paper: Paper) -> list[list[Table]]:
    """Group the numbered tables, each with those that continue it."""
    runs: list[list[Table]] = []
    previous = None
    for block in paper.blocks:
        if isinstance(block, Table) and block.heads and block.columns[:1] == [SERIAL]:
            if previous is not None and previous.columns == block.columns:
                runs[-1].append(block)
            else:
                runs.append([block])
            previous = block
        elif not isinstance(block, Paragraph) or block.words:
            previous = None
    return runs


def _cell_fault(paragraph: Paragraph) -> str:
    if paragraph.style not in TABLE_TEXT:
        return f"样式“{paragraph.style}”"
    line = paragraph.number("spacing", "line")
    if paragraph.attribute("spacing", "lineRule") != "exact" or not CELL_LINES[0] <= line <= CELL_LINES[1]:
        return f"行距{line / 20:g}磅"
    font = HEI if paragraph.style in TABLE_HEADS else FANG
    for run in paragraph.runs:
        if not CELL_SIZES[0] <= run.size <= CELL_SIZES[1] or not is_a(run.font, font):
            return f"{run.font} {run.size / 2:g}磅"
    return ""


def _in_landscape(paper: Paper, table: Table) -> bool:
    """Return whether the table stands in a landscape section."""
    after = paper.blocks[paper.blocks.index(table) :]
    own = (
        block.own.find(f"{W}sectPr")
        for block in after
        if isinstance(block, Paragraph) and block.own is not None
    )
    section = next((each for each in own if each is not None), paper.sections[-1])
    size = section.find(f"{W}pgSz")
    return size is not None and whole(size.get(f"{W}w")) > whole(size.get(f"{W}h"))


def _bare(text: str) -> str:
    return BLANKS.sub("", text)
