"""Readers of cells: each returns the value and its normalised text, or raises Problem.

The text is compared with the cell's own; None means that nothing was changed.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from app.exchange.columns import NOTHING, compact
from app.policy.terms import Kind, Mode, Term

EXACT_INTEGERS = 10**15
MAX_TEXT_LENGTH = 2_000
SERIAL_DAYS = range(36_526, 73_051)  # 2000-01-01 to 2099-12-31 as a spreadsheet counts days
SPREADSHEET_ZERO = datetime.date(1899, 12, 30)
FULL_SCORE = 100

KIND_WORDS = {
    "工厂": Kind.FACTORY,
    "绿色园区": Kind.PARK,
    "工业园区": Kind.PARK,
    "园区": Kind.PARK,
    "绿色供应链": Kind.SUPPLY_CHAIN,
    "绿色供应链管理示范企业": Kind.SUPPLY_CHAIN,
    "供应链管理企业": Kind.SUPPLY_CHAIN,
    "供应链": Kind.SUPPLY_CHAIN,
    **{term.label: term for term in Kind},
}
MODE_WORDS = {
    "自评价": Mode.SELF,
    "自评": Mode.SELF,
    "自我": Mode.SELF,
    "第三方": Mode.THIRD_PARTY,
    "委托第三方": Mode.THIRD_PARTY,
    "委托第三方评价": Mode.THIRD_PARTY,
    "第三方机构评价": Mode.THIRD_PARTY,
    **{term.label: term for term in Mode},
}

_LINK = re.compile(r'=\s*HYPERLINK\(\s*"(?:[^"]|"")*"\s*[,;，]\s*"((?:[^"]|"")+)"\s*\)', re.IGNORECASE)
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(.*)", re.DOTALL)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?\d{1,2}:\d{2}(?::\d{2})?)?")
_DENSE_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_INDUSTRY = re.compile(r"(?P<name>.*?)[(\[]?[A-T]?(?P<code>\d{4})[)\]]?")
_INDUSTRY_BREAK = re.compile(r"[、;；\n]|(?<=[)\d])[,，]")
_LOST_CODE = "被存成数字，末位可能已丢失；请将该列设为“文本”格式后重新填写"


class Problem(Exception):
    """An unusable cell: reason and remedy, as a Chinese clause without full stop."""


Read: TypeAlias = tuple[Any, str | None]  # value, normalised text


def plain(cell: Any) -> tuple[Any, str | None]:
    """Return a cell without its tag, and its formula if it had one."""
    if cell.__class__ is str:
        return (_displayed(cell), cell) if cell[:1] == "=" else (cell, None)
    if cell.__class__ is not list:
        return cell, None
    if cell[0] == "date":
        return datetime.date.fromisoformat(cell[1]), None
    if cell[0] == "error":
        raise Problem(f"单元格是错误值“{cell[1]}”；请改填实际内容")
    _, formula, saved = cell
    return (_displayed(formula) if saved is None else plain(saved)[0]), formula


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
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def clean(value: Any) -> str:
    """Return text in one line: NFC, no control characters, no surrounding spaces."""
    if _is_printable_line(value):
        return value if unicodedata.is_normalized("NFC", value) else unicodedata.normalize("NFC", value)
    if isinstance(value, float) and abs(value) >= EXACT_INTEGERS:
        raise Problem(_LOST_CODE)
    characters = "".join(map(_printable, shown(value)))
    text = " ".join(unicodedata.normalize("NFC", characters).split())
    if len(text) > MAX_TEXT_LENGTH:
        raise Problem(f"内容有{len(text)}字，超过{MAX_TEXT_LENGTH}字；请精简后重新填写")
    return text


def _is_printable_line(value: Any) -> bool:
    """Return whether a value is clean but for its normal form, as nearly every cell is."""
    return (
        value.__class__ is str
        and value.isprintable()
        and value == value.strip()
        and len(value) <= MAX_TEXT_LENGTH
    )


def _printable(character: str) -> str:
    """Return a character as it is, any white space as a space, a control character as ""."""
    if not unicodedata.category(character).startswith(("C", "Z")):
        return character
    return " " if character.isspace() else ""


def text(value: Any) -> Read:
    """Read text as it stands."""
    result = clean(value)
    return result, result


def optional(value: Any) -> Read:
    """Read text; a stroke or 无 means empty."""
    result = clean(value)
    return ("", "") if result in NOTHING else (result, result)


def digits(value: Any) -> Read:
    """Read telephone and receipt numbers, half-width."""
    result, _ = optional(value)
    result = unicodedata.normalize("NFKC", result)
    return result, result


def name(value: Any) -> Read:
    """Read a unit's name: at least two characters, not a number."""
    result, _ = optional(value)
    if len(result) < 2 or result.replace(".", "").isdigit():
        raise Problem(
            f"单位名称“{result}”不完整；请填写营业执照上的全称"
            if result
            else "单位名称缺失；请补填营业执照上的全称"
        )
    return result, result


def credit_code(value: Any) -> Read:
    """Read a 统一社会信用代码 by GB 32100: 18 characters with check digit."""
    if not isinstance(value, str):
        raise Problem(f"信用代码{_LOST_CODE}")
    code = (
        value if len(value) == 18 and value.isascii() and value.isalnum() else compact(value).replace("-", "")
    )
    code = code.upper()
    if len(code) != 18:
        raise Problem(f"信用代码“{code}”有{len(code)}位，应为18位；请对照营业执照核改")
    try:
        return uscc.validate(code), code
    except ValidationError:
        raise Problem(f"信用代码“{code}”校验位不符，至少有一位填错；请对照营业执照核改") from None


def area(value: Any, codes: Mapping[str, str]) -> Read:
    """Read an area as its code; `codes` by official name."""
    stated = clean(value)
    if stated in codes:
        return codes[stated], stated
    for official, code in codes.items():
        if compact(official) == compact(stated):
            return code, official
    raise Problem(f"“{stated}”不是本市现有的县（市、区）；请改为{'、'.join(codes)}之一")


def term(value: Any, words: Mapping[str, Term]) -> Read:
    """Read a term by its official wording or a common synonym."""
    member = words.get(value) or words.get(compact(clean(value)))
    if member is None:
        official = "、".join(member.label for member in type(next(iter(words.values()))))
        raise Problem(f"“{clean(value)}”无法识别；请改为{official}之一")
    return member, member.label


def kind(value: Any) -> Read:
    """Read the kind: 绿色工厂, 绿色工业园区 or 绿色供应链管理企业."""
    return term(value, KIND_WORDS)


def mode(value: Any) -> Read:
    """Read who evaluated: the unit itself or a third party."""
    return term(value, MODE_WORDS)


def quantity(value: Any, units: Mapping[str, Decimal], unit: str) -> Read:
    """Read a number into the field's first unit, from the unit in the cell or `unit` (the heading's)."""
    if isinstance(value, (bool, datetime.date)):
        raise Problem(f"“{shown(value)}”不是数字；请填写数字")
    if not isinstance(value, str):
        number, own = Decimal(f"{value:.15g}"), unit
    elif (stated := compact(value)) in NOTHING:
        return None, ""
    else:
        number, own = _quantity(stated, units, unit)
    result = number * units[own]
    if result < 0:
        raise Problem(f"“{shown(value)}”是负数；请核对后填写")
    return result, None if own == unit == next(iter(units)) and not isinstance(value, str) else f"{result:f}"


def _quantity(stated: str, units: Mapping[str, Decimal], unit: str) -> tuple[Decimal, str]:
    match = _NUMBER.fullmatch(stated)
    own = (match[2].strip("()") or unit) if match else ""
    if not match or own not in units:
        raise Problem(f"“{stated}”不是可识别的数字；请只填数字，单位为{next(iter(units))}")
    return Decimal(match[1].replace(",", "")), own


def score(value: Any, units: Mapping[str, Decimal], unit: str) -> Read:
    """Read points from 0 to 100."""
    result, now = quantity(value, units, unit)
    if result is not None and result > FULL_SCORE:
        raise Problem(f"得分{result:f}超过{FULL_SCORE}分；请核对评价报告后填写0至{FULL_SCORE}之间的数")
    return result, now


def day(value: Any, years: Iterable[int]) -> Read:
    """Read a date of one of `years`, in any of the usual spellings."""
    if not isinstance(value, (str, float, int, datetime.date)) or isinstance(value, bool):
        raise Problem(f"“{shown(value)}”不是日期；请按“2026-04-30”的样式填写")
    date = value if isinstance(value, datetime.date) else _day(value)
    if date is None:
        return None, ""
    if date.year not in years:
        raise Problem(f"日期{date}不在本年度申报期内；请核对年份")
    return date, None if isinstance(value, datetime.date) else date.isoformat()


def _day(value: str | float) -> datetime.date | None:
    if not isinstance(value, str) and value in SERIAL_DAYS:
        return SPREADSHEET_ZERO + datetime.timedelta(days=int(value))
    if value.__class__ is str and value[4:5] == "-" == value[7:8] and len(value) == 10:
        with suppress(ValueError):
            return datetime.date.fromisoformat(value)
    stated = unicodedata.normalize("NFKC", shown(value)).strip()
    if stated in NOTHING:
        return None
    stated = re.sub(r"\s*([-/.年月日])\s*", r"\1", stated)
    match = _DAY.fullmatch(stated) or _DENSE_DAY.fullmatch(stated)
    with suppress(ValueError):
        if match:
            return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    raise Problem(f"“{stated}”不是有效日期；请按“2026-04-30”的样式填写")


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
