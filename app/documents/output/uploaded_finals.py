"""Compare an uploaded final version with its case: number, verification code, names in the tables."""

from collections.abc import Iterator

from app.documents.checks.elements import NUMBERS, Paper
from app.documents.checks.source import Unreadable
from app.documents.kinds.inputs import Letterhead, labels_of, tables_of
from app.documents.layout.ooxml import clean

NAME_HEADINGS = ("单位名称", "原名称", "现名称")
CODE_LINE = "公文验证码"
PLAIN_NUMBER = "无头字号"


def faults(content: bytes, inputs: Letterhead, *, number: str, code: str) -> list[str]:
    """Return a Chinese sentence for each fault; [] when everything agrees letter for letter."""
    try:
        paper = Paper(content)
    except Unreadable as error:
        return [str(error)]
    return [*_number_faults(paper, number), *_code_faults(paper, code), *_name_faults(paper, inputs)]


def _number_faults(paper: Paper, number: str) -> Iterator[str]:
    styles = (*NUMBERS, PLAIN_NUMBER)
    written = [each.words for each in paper.everything if each.style in styles and each.words]
    if number and number not in written:
        yield f"文号应为{number}，实为{'、'.join(written) or '空'}"


def _code_faults(paper: Paper, code: str) -> Iterator[str]:
    written = [each.words for each in paper.everything if CODE_LINE in each.words]
    if not any(code in words for words in written):
        yield f"验证码应为{code}，实为{'、'.join(written) or '空'}"


def _name_faults(paper: Paper, inputs: Letterhead) -> Iterator[str]:
    """Yield a fault unless the tables name exactly the units of the case."""
    expected, written = set(_names_of_case(inputs)), set(_names_in_tables(paper))
    if missing := sorted(expected - written):
        yield f"表格中缺少或写错了单位名称：{'、'.join(missing)}"
    if added := sorted(written - expected):
        yield f"表格中有不在名单内的单位名称：{'、'.join(added)}"


def _names_of_case(inputs: Letterhead) -> Iterator[str]:
    for rows in tables_of(inputs):
        for row in rows:
            names = (name for name, label in labels_of(type(row)).items() if label in NAME_HEADINGS)
            yield from (clean(getattr(row, name)).strip() for name in names)


def _names_in_tables(paper: Paper) -> Iterator[str]:
    for table in paper.tables:
        columns = [at for at, heading in enumerate(table.columns) if heading.strip() in NAME_HEADINGS]
        for row in table.rows[max(table.heads, 1) :]:
            cells = table.cells(row)
            yield from (cells[at].strip() for at in columns if at < len(cells) and cells[at].strip())
