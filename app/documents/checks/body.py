"""Body text, headings, attachment list, signature, date and note (7.3.3 – 7.3.6)."""

import re
from collections.abc import Iterator
from datetime import date

from app.documents.checks.effective import Paragraph
from app.documents.checks.elements import DATE, LIST, NOTE, SIGNATURE, TEXT, Paper
from app.documents.checks.fonts import FANG, HEI, KAI, is_a
from app.documents.checks.result import PLAIN, Fault, Rulebook
from app.documents.layout.chinese import width

SIZE = 32
TWO, SLACK = 2.0, 0.1
INDENT, INDENT_SLACK = 632, 12
DATE_FORM = re.compile(r"^(\d{4})年([1-9]\d?)月([1-9]\d?)日$")
ANY_DATE = re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?")
GOOD_DATE = re.compile(r"\d{4}年(?:[1-9]|1[0-2])月(?:(?:[1-9]|[12]\d|3[01])日)?")
NOTE_FORM = re.compile(r"^（.+）$")
DATE_RIGHT = 4.0
OFF_CENTRE = 0.8
STOPS = "，。、；：,.;"
HEADS = ((HEI, re.compile(r"^[一二三四五六七八九十]+、")), (KAI, re.compile(r"^（[一二三四五六七八九十]+）")))
CHAPTER = re.compile(r"^第[一二三四五六七八九十百]+[章节]")
ARTICLE = re.compile(r"^第[零一二三四五六七八九十百]+条")
rules: Rulebook[Paper] = Rulebook()


def running_text(paper: Paper) -> list[Paragraph]:
    """Return the paragraphs of body text, attachments included."""
    return [paragraph for context in paper.contexts() for paragraph in context]


def _is_dated(paper: Paper) -> bool:
    """Return whether the date must be printed; a record filled in on the spot is dated by hand."""
    return paper.family != PLAIN or paper.first(SIGNATURE, DATE) is not None


@rules("7.3.3", "正文字号", "3号字")
def body_size(paper: Paper) -> Iterator[Fault]:
    for paragraph in running_text(paper):
        yield from ((paragraph.where, f"{run.size / 2:g}磅") for run in paragraph.runs if run.size != SIZE)


@rules("7.3.3", "正文字体", "仿宋体；一、用黑体，（一）用楷体，1. 和（1）用仿宋体；章、条用黑体")
def body_fonts(paper: Paper) -> Iterator[Fault]:
    for paragraph in running_text(paper):
        leading = _article_font if paragraph in paper.issued else _heading_font
        head, font = leading(paragraph.text)
        position = 0
        for run in paragraph.runs:
            start, position = position, position + len(run.text)
            expected = font if start < head else FANG
            if not is_a(run.font, expected) or (start < head < position and font != FANG):
                yield paragraph.where, f"“{run.text[:8]}”用{run.font}"


@rules("7.3.3", "正文缩进", "首行空二字")
def body_indent(paper: Paper) -> Iterator[Fault]:
    for paragraph in running_text(paper):
        if paragraph.attribute("jc") == "center" and CHAPTER.match(paragraph.words):
            continue
        indent = paragraph.indent("firstLine")
        if abs(indent - TWO) > SLACK or paragraph.number("ind", "left"):
            yield paragraph.where, f"首行空{indent:.2g}字"


@rules("7.3.3", "正文日期", "年份写全，月、日不补零")
def dates_in_text(paper: Paper) -> Iterator[Fault]:
    for paragraph in running_text(paper):
        yield from (
            (paragraph.where, each)
            for each in ANY_DATE.findall(paragraph.text)
            if not GOOD_DATE.fullmatch(each)
        )


@rules(
    "7.3.4",
    "附件说明",
    "正文下空一行、左空二字，“附件：1. 名称”，名称后无标点",
    when=lambda paper: paper.listed or paper.attachments,
)
def attachment_list(paper: Paper) -> Iterator[Fault]:
    lines = paper.styled(LIST)
    if not lines:
        yield "正文下", "没有附件说明"
        return
    first = lines[0]
    yield from _list_start_faults(paper, first)
    yield from ((line.where, f"末尾有“{line.words[-1]}”") for line in lines if line.words[-1] in STOPS)
    numbers = [number for number, _ in paper.listed]
    expected = [None] if len(lines) == 1 else [str(n) for n in range(1, len(lines) + 1)]
    if numbers != expected:
        yield first.where, f"序号为{'、'.join(str(n or '无') for n in numbers)}"


def _list_start_faults(paper: Paper, first: Paragraph) -> Iterator[Fault]:
    """Check word, blank line and indent of the first line of the list."""
    if not first.words.startswith("附件："):
        yield first.where, "未以“附件：”开头"
    if (blanks := paper.blanks_above(first)) != 1:
        yield first.where, f"上空{blanks}行"
    if abs(first.number("ind", "left") - first.number("ind", "hanging") - INDENT) > INDENT_SLACK:
        yield first.where, "未左空二字"


@rules("7.3.5", "成文日期", "阿拉伯数字、年份写全、月日不补零", when=_is_dated)
def issue_date(paper: Paper) -> Iterator[Fault]:
    dated = paper.first(DATE)
    if dated is None:
        yield "正文下", "没有成文日期"
        return
    match = DATE_FORM.match(dated.words)
    if not match or not _exists(match):
        yield dated.where, dated.words


@rules("7.3.5", "成文日期位置", "右空四字", when=lambda paper: paper.first(DATE))
def date_place(paper: Paper) -> Iterator[Fault]:
    dated = paper.required(DATE)
    right, aligned = dated.indent("right"), dated.attribute("jc") == "right"
    if not aligned or abs(right - DATE_RIGHT) > SLACK:
        yield dated.where, f"右空{right:.2g}字" if aligned else "未右对齐"


@rules("7.3.5", "发文机关署名", "在成文日期之上，以成文日期为准居中", when=lambda paper: paper.first(DATE))
def signature(paper: Paper) -> Iterator[Fault]:
    signed, dated = paper.styled(SIGNATURE), paper.required(DATE)
    if not signed:
        yield "成文日期上", "没有署名"
        return
    if paper.blocks.index(signed[-1]) != paper.blocks.index(dated) - 1:
        yield signed[-1].where, "不在成文日期上一行"
    for each in signed:
        expected = max(0.0, DATE_RIGHT + (width(dated.words) - width(each.words)) / 2)
        right = each.indent("right")
        if each.attribute("jc") != "right" or abs(right - expected) > OFF_CENTRE:
            yield each.where, f"右空{right:.2g}字，应约{expected:.2g}字"


@rules("7.3.5", "署名不单独成页", "与正文末段同页", when=lambda paper: paper.first(SIGNATURE))
def signature_kept(paper: Paper) -> Iterator[Fault]:
    """Require everything from the last paragraph of text to the signature to keep with the next."""
    signed = paper.styled(SIGNATURE)[-1]
    for block in reversed(paper.blocks[: paper.blocks.index(signed) + 1]):
        if not isinstance(block, Paragraph):
            break
        if not block.on("keepNext"):
            yield block.where if block.words else "署名上空行", "未设与下段同页"
        if block.style in TEXT and block.words:
            break


@rules("7.3.6", "附注", "左空二字，加圆括号", when=lambda paper: paper.first(NOTE))
def note(paper: Paper) -> Iterator[Fault]:
    for each in paper.styled(NOTE):
        if not NOTE_FORM.match(each.words):
            yield each.where, "未加圆括号"
        if abs(each.indent("firstLine") - TWO) > SLACK:
            yield each.where, "未左空二字"


def _heading_font(text: str) -> tuple[int, str]:
    """Return how many leading characters carry a heading's font, up to the first full stop, and which."""
    for font, pattern in HEADS:
        if pattern.match(text):
            stop = text.find("。")
            return (len(text) if stop < 0 else stop + 1), font
    return 0, FANG


def _article_font(text: str) -> tuple[int, str]:
    """Return the same for issued rules: chapters whole, articles run in, items plain."""
    if CHAPTER.match(text) and "。" not in text:
        return len(text), HEI
    if article := ARTICLE.match(text):
        return article.end(), HEI
    return 0, FANG


def _exists(match: re.Match[str]) -> bool:
    try:
        return bool(date(*map(int, match.groups())))
    except ValueError:
        return False
