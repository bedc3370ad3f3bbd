"""Industries by GB/T 4754-2017: classes that occur here, all divisions of manufacturing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

STANDARD = "GB/T 4754-2017"
_FILE = Path(__file__).parents[1] / "data" / "industries.toml"
_CODE = re.compile(r"(?<!\d)\d{4}(?!\d)")


@cache
def _names() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the official names by division and by four-digit class, in code order."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return raw["divisions"], raw["classes"]


def name(code: str) -> str:
    """Return the class's name, else its division's (not every class is listed here), else ""."""
    divisions, classes = _names()
    return classes.get(code) or divisions.get(code[:2], "")


def is_manufacturing(code: str) -> bool:
    """Return whether the code lies in divisions 13 to 43 (第七条 制造型企业)."""
    return bool(_CODE.fullmatch(code)) and 13 <= int(code[:2]) <= 43


def problem(code: str) -> str:
    """Return why a text is no class code of manufacturing, "" if it is one."""
    if not _CODE.fullmatch(code):
        return f"行业代码“{code}”应为四位数字（{STANDARD} 小类）。"
    return "" if is_manufacturing(code) else f"行业代码{code}不属于制造业（{STANDARD} 大类13至43）。"


def codes_in(text: str) -> tuple[str, ...]:
    """Return the distinct codes in a cell such as “食品（1422）” or “3032、3382”."""
    return tuple(dict.fromkeys(_CODE.findall(text)))
