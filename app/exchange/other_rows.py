"""Rows below a header that are no unit: section headings, totals, notes, signatures."""

import re
from typing import Any

from app.exchange import normalise
from app.exchange.columns import compact

_NO_UNIT = re.compile(
    r"(?:合计|小计|总计|共计|总数|注|备注|说明|填表|填报|审核|负责人|单位负责人|制表|联系人|经办人|分管领导|主要领导|主要负责人"
    r"|审批|复核|抄送|附[:件表]|以上|以下|此页|本页|本表)"
    r"|[(（]?以下(?:空白|无正文)|[(（]?盖章|[一二三四五六七八九十]+、|第\d+页|共\d+页|[*※★]|20\d{2}年\d{1,2}月\d{1,2}日?$"
    r"|\d{1,2}[.、．)](?!\d)|.*[(（](?:共)?\d+[家个户][)）]$|.*[(（]盖章[)）][:：]?$|.*(?:负责人|经办人|联系人|联系电话|日期)[:：]"
)


_CODE_LIKE = re.compile(r"[0-9A-Za-z]{8}")


def closes(row: list[Any]) -> bool:
    """Return whether a row begins like a heading, a total, a note or a signature."""
    first = next((cell for cell in row if not normalise.is_blank(cell)), None)
    return isinstance(first, str) and _NO_UNIT.match(compact(first)) is not None


def identifies(field: str, cell: Any) -> bool:
    """Return whether a cell says something of a unit: a run of digits as in a code, a mode that is one."""
    if normalise.is_blank(cell):
        return False
    if not isinstance(cell, str):
        return field != "mode"
    if field == "credit_code":
        return _CODE_LIKE.search(compact(cell)) is not None
    return normalise.is_mode(cell)


def text_of(row: list[Any]) -> str:
    """Return the beginning of a row's cells in one line."""
    return " ".join(normalise.shown(normalise.saved(cell)) for cell in row if not normalise.is_blank(cell))[
        :80
    ]
