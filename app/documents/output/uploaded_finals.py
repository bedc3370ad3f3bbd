"""A draft that came back from Word or WPS: does it still carry its number, its code and the names of the case?"""

from dataclasses import fields, is_dataclass

from app.documents.checks.elements import NUMBERS, Paper
from app.documents.checks.source import Unreadable
from app.documents.kinds.applications import StandardLine
from app.documents.layout.ooxml import clean

NAME_HEADINGS = ("单位名称", "原名称", "现名称")
NAME_FIELDS = ("name", "name_before", "name_after")
CODE_LINE = "公文验证码"
PLAIN_NUMBER = "无头字号"


def faults(content, inputs, *, number, code):
    """Chinese sentences, one a fault; [] when everything is there letter for letter."""
    try:
        paper = Paper(content)
    except Unreadable as error:
        return [str(error)]
    return [*_number(paper, number), *_code(paper, code), *_names(paper, inputs)]


def _number(paper, number):
    found = [one.words for one in paper.everything if one.style in (*NUMBERS, PLAIN_NUMBER) and one.words]
    if number and number not in found:
        yield f"文号应为{number}，实为{'、'.join(found) or '空'}"


def _code(paper, code):
    found = [one.words for one in paper.everything if CODE_LINE in one.words]
    if not any(code in words for words in found):
        yield f"验证码应为{code}，实为{'、'.join(found) or '空'}"


def _names(paper, inputs):
    """The names in the tables are those of the case, neither more nor fewer."""
    wanted, written = set(_of_the_case(inputs)), set(_in_tables(paper))
    if missing := sorted(wanted - written):
        yield f"表格中缺少或写错了单位名称：{'、'.join(missing)}"
    if invented := sorted(written - wanted):
        yield f"表格中有不在名单内的单位名称：{'、'.join(invented)}"


def _of_the_case(inputs):
    for field in fields(inputs):
        rows = getattr(inputs, field.name)
        for row in rows if isinstance(rows, tuple) else ():
            if is_dataclass(row) and not isinstance(row, StandardLine):
                yield from (clean(getattr(row, name)).strip() for name in NAME_FIELDS if hasattr(row, name))


def _in_tables(paper):
    for table in paper.tables:
        columns = [at for at, heading in enumerate(table.columns) if heading.strip() in NAME_HEADINGS]
        for row in table.rows[max(table.heads, 1) :]:
            cells = table.cells(row)
            yield from (cells[at].strip() for at in columns if at < len(cells) and cells[at].strip())
