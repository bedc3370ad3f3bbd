"""Readers of cells: each returns the value and its normalised text, or raises Problem.

The text is compared with the cell's own; None means that nothing was changed.
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from app.exchange.columns import NOTHING, compact
from app.policy import spelling
from app.policy.terms import Kind, Mode, Term

EXACT_INTEGERS = 10**15
MAX_TEXT_LENGTH = 2_000

KIND_WORDS = {
    "工厂": Kind.FACTORY,
    "绿色工厂企业": Kind.FACTORY,
    "绿色园区": Kind.PARK,
    "工业园区": Kind.PARK,
    "园区": Kind.PARK,
    "绿色供应链": Kind.SUPPLY_CHAIN,
    "绿色供应链企业": Kind.SUPPLY_CHAIN,
    "绿色供应链管理": Kind.SUPPLY_CHAIN,
    "绿色供应链管理示范企业": Kind.SUPPLY_CHAIN,
    "绿色供应链示范企业": Kind.SUPPLY_CHAIN,
    "供应链管理企业": Kind.SUPPLY_CHAIN,
    "供应链企业": Kind.SUPPLY_CHAIN,
    "供应链": Kind.SUPPLY_CHAIN,
    **{term.label: term for term in Kind},
}
MODE_WORDS = {
    **dict.fromkeys(
        ("自评价", "自评", "自我", "自主评价", "自行评价", "企业自评", "企业自评价", "单位自评", "自我声明"),
        Mode.SELF,
    ),
    **dict.fromkeys(
        (
            "第三方",
            "第三方机构",
            "第三方机构评价",
            "委托第三方",
            "委托第三方评价",
            "委托第三方机构",
            "委托第三方机构评价",
            "委托评价",
        ),
        Mode.THIRD_PARTY,
    ),
    **{term.label: term for term in Mode},
}
BY_THIRD_PARTY = {"是": Mode.THIRD_PARTY, "否": Mode.SELF}  # under “是否第三方评价”

_LINK = re.compile(r'=\s*HYPERLINK\(\s*"(?:[^"]|"")*"\s*[,;，]\s*"((?:[^"]|"")+)"\s*\)', re.IGNORECASE)
_INDUSTRY = re.compile(r"(?P<name>.*?)[(\[]?[A-T]?(?P<code>\d{4})[)\]]?")
_INDUSTRY_BREAK = re.compile(r"[、;；\n]|(?<=[)\d])[,，]")
_LOST_CODE = "被存成数字，末位可能已丢失；请将该列设为“文本”格式后重新填写"
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_ORDINAL = re.compile(r"^(?:[(]?[\d一二三四五六七八九十]+[)、.．]|[a-z][.、])", re.IGNORECASE)
_LEVEL = re.compile(r"[(](?:市级|市|省级|国家级)[)]$|^(?:市级|云浮市级|云浮市)")
_LOOK_ALIKE = str.maketrans("OI", "01")
_LEADING_PLACE = re.compile(r"^(?:广东省)?云浮市(?=.)|^广东省")
_OFFICE = re.compile(
    r"(?:工业和信息化主管部门|工业和信息化局|工信局|经济和信息化局|经信局|科技和工业信息化局|管理委员会|管委会|工业园区?管委会)$"
)
_SEVERAL = re.compile(r"[、,，;；/\n]|(?<=公司)和|(?<=中心)和")
_BODY = re.compile(r"(?:公司|中心|研究院|研究所|设计院|科学院|协会|学会|事务所|集团|院|所)(?:（[^）]*）)?$")


class Problem(Exception):
    """An unusable cell: reason and remedy, as a Chinese clause without full stop."""


Read: TypeAlias = tuple[Any, str | None]  # value, normalised text


def plain(cell: Any) -> tuple[Any, str | None]:
    """Return a cell without its tag, and its formula, or how its number is shown, if that differs."""
    if cell.__class__ is str:
        return (_displayed(cell), cell) if cell[:1] == "=" else (cell, None)
    if cell.__class__ is not list:
        return cell, None
    tag, content, *rest = cell
    if tag == "date":
        return datetime.date.fromisoformat(content), None
    if tag == "error":
        raise Problem(f"单元格是错误值“{content}”；请改填实际内容")
    if tag == "percent":
        return Percent(content), None
    if tag == "scaled":
        return content, f"{rest[0]}（按格式缩小显示）"
    return (_displayed(content) if rest[0] is None else plain(rest[0])[0]), content


class Percent(float):
    """A number shown as percent: 0.45 that people read as 45%."""

    def __str__(self) -> str:
        return f"{Decimal(f'{float(self) * 100:.12g}').normalize():f}%"


def saved(cell: Any) -> Any:
    """Return what a cell holds for reading a row at a glance: without tag, a formula's saved result."""
    if cell.__class__ is not list:
        return cell
    return cell[2] if cell[0] == "formula" else cell[1]


def is_blank(cell: Any) -> bool:
    """Return whether nobody sees anything in a cell: empty, white space, or a formula that gave empty text."""
    if cell.__class__ is list:
        return cell[0] == "formula" and cell[2] == ""
    return cell is None or (cell.__class__ is str and not (cell and compact(cell)))


def _displayed(formula: str) -> str:
    link = _LINK.fullmatch(formula.strip())
    if not link:
        raise Problem(f"单元格是公式“{formula[:40]}”而不是内容；请改填公式的结果")
    return link[1].replace('""', '"')


def shown(value: Any) -> str:
    """Return a value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:.15g}" if value.__class__ is float else str(value)


def clean(value: Any) -> str:
    """Return text in one line as it is kept. Raises Problem naming the place of a character that cannot be."""
    if isinstance(value, float) and abs(value) >= EXACT_INTEGERS:
        raise Problem(_LOST_CODE)
    try:
        text = spelling.line(shown(value))
    except spelling.Unwritable as refusal:
        raise Problem(str(refusal)) from None
    if len(text) > MAX_TEXT_LENGTH:
        raise Problem(f"内容有{len(text)}字，超过{MAX_TEXT_LENGTH}字；请精简后重新填写")
    return text


def text(value: Any) -> Read:
    """Read text as it stands."""
    result = clean(value)
    return result, result


def optional(value: Any) -> Read:
    """Read text; a stroke or 无 means empty."""
    result = clean(value)
    return ("", "") if result in NOTHING else (result, result)


def digits(value: Any) -> Read:
    """Read telephone and receipt numbers, half-width; digits that a spreadsheet has rounded are refused."""
    result, _ = optional(value)
    result = unicodedata.normalize("NFKC", result)
    if _ROUNDED.fullmatch(result):
        raise Problem(f"“{result}”已被表格软件四舍五入，{_LOST_CODE}")
    return result, result


def name(value: Any) -> Read:
    """Read a unit's name: at least two characters, not a number."""
    result = spelling.name(optional(value)[0])
    if len(result) < 2 or result.replace(".", "").isdigit():
        raise Problem(
            f"单位名称“{result}”不完整；请填写营业执照上的全称"
            if result
            else "单位名称缺失；请补填营业执照上的全称"
        )
    return result, result


def institution(value: Any) -> Read:
    """Read the name of one institution."""
    stated = optional(value)[0] if not isinstance(value, str) else optional(value.replace("\n", ""))[0]
    result = spelling.name(stated)
    parts = [part for part in _SEVERAL.split(result) if part.strip()]
    if len(parts) > 1 and all(_BODY.search(part.strip()) for part in parts):
        raise Problem(f"“{result}”是{len(parts)}家机构；请只填出具评价报告的一家")
    return result, result


def credit_code(value: Any) -> Read:
    """Read a 统一社会信用代码 by GB 32100: 18 characters with check digit; the letters O and I stand for 0 and 1."""
    if not isinstance(value, str):
        raise Problem(f"信用代码{_LOST_CODE}")
    code = value if len(value) == 18 and value.isascii() and value.isalnum() else spelling.code(value)
    code = code.upper()
    if _ROUNDED.fullmatch(compact(value)):
        raise Problem(f"信用代码“{compact(value)}”已被表格软件四舍五入，{_LOST_CODE}")
    if len(code) != 18:
        raise Problem(f"信用代码“{code}”有{len(code)}位，应为18位；请对照营业执照核改")
    for spelled in (code, code.translate(_LOOK_ALIKE)):
        if spelling.is_credit_code(spelled):
            return spelled, spelled
    raise Problem(f"信用代码“{code}”校验位不符，至少有一位填错；请对照营业执照核改")


def area(value: Any, codes: Mapping[str, str]) -> Read:
    """Read an area as its code; `codes` by official name."""
    stated = clean(value)
    if stated in codes:
        return codes[stated], stated
    spellings = _area_spellings(tuple(codes.items()))
    plain_ = _LEADING_PLACE.sub("", compact(stated)) or compact(stated)
    for text in (compact(stated), plain_, _OFFICE.sub("", plain_)):
        if text in spellings:
            return spellings[text]
    raise Problem(f"“{stated}”不是本市现有的县（市、区）；请改为{'、'.join(codes)}之一")


@lru_cache(maxsize=16)
def _area_spellings(codes: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, str]]:
    """Return code and official name by every spelling: code, name, name without 县 or 区 or without brackets."""
    spellings = {}
    for official, code in codes:
        bare = compact(official)
        for text in (
            bare,
            code,
            bare.replace("(", "").replace(")", ""),
            bare[:-1] if bare[-1] in "区县市" else bare,
        ):
            spellings[text] = (code, official)
    return spellings


def term(value: Any, words: Mapping[str, Term]) -> Read:
    """Read a term by its official wording or a common synonym."""
    member = words.get(value) or words.get(_bare_term(compact(clean(value))))
    if member is None:
        official = "、".join(member.label for member in type(next(iter(words.values()))))
        raise Problem(f"“{clean(value)}”无法识别；请改为{official}之一")
    return member, member.label


def is_mode(stated: str) -> bool:
    """Return whether a text names a mode of evaluation."""
    return _bare_term(compact(stated)) in MODE_WORDS


def _bare_term(stated: str) -> str:
    return _LEVEL.sub("", _ORDINAL.sub("", stated)).strip("*★:。")


def kind(value: Any) -> Read:
    """Read the kind: 绿色工厂, 绿色工业园区 or 绿色供应链管理企业."""
    return term(value, KIND_WORDS)


def mode(value: Any, words: Mapping[str, Mode] = MODE_WORDS) -> Read:
    """Read who evaluated: the unit itself or a third party."""
    return term(value, words)


def industries(value: Any) -> Read:
    """Read industries as (name, four-digit class of GB/T 4754-2017); the class is empty where none is given."""
    stated = clean(value if not isinstance(value, str) else value.replace("\n", "、"))
    if stated in NOTHING:
        return (), ""
    return _industries(stated), stated


@lru_cache(maxsize=1_024)
def _industries(stated: str) -> tuple[tuple[str, str], ...]:
    """Split stated industries; cached, since a few dozen spellings make up a whole ledger."""
    parts = _INDUSTRY_BREAK.split(unicodedata.normalize("NFKC", stated))
    return tuple(_industry(part.strip()) for part in parts if part.strip())


def _industry(stated: str) -> tuple[str, str]:
    match = _INDUSTRY.fullmatch(stated)
    if match:
        return match["name"].strip(), match["code"]
    leading = re.fullmatch(r"[A-T]?(\d{4})\s*(.+)", stated)
    return (leading[2], leading[1]) if leading else (stated, "")
