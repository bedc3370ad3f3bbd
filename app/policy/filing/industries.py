"""Industries by GB/T 4754-2017: classes that occur here, all divisions of manufacturing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

STANDARD = "GB/T 4754-2017"
_FILE = Path(__file__).parents[1] / "data" / "industries.toml"
_CODE = re.compile(r"(?<!\d)\d{4}(?!\d)")


@cache
def _tables() -> tuple[Mapping[str, str], Mapping[str, str]]:
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType(raw["divisions"]), MappingProxyType(raw["classes"])


def classes() -> Mapping[str, str]:
    """Four-digit code → official name, in code order."""
    return _tables()[1]


def name(code: str) -> str:
    """The class's name, else its division's (not every class is listed here), else ""."""
    divisions, known = _tables()
    return known.get(code) or divisions.get(code[:2], "")


def is_manufacturing(code: str) -> bool:
    """Divisions 13 to 43 (第七条 制造型企业)."""
    return bool(_CODE.fullmatch(code)) and 13 <= int(code[:2]) <= 43


def problem(code: str) -> str:
    """Empty, or why a text is no class code of manufacturing."""
    if not _CODE.fullmatch(code):
        return f"行业代码“{code}”应为四位数字（{STANDARD} 小类）。"
    return "" if is_manufacturing(code) else f"行业代码{code}不属于制造业（{STANDARD} 大类13至43）。"


def codes_in(text: str) -> tuple[str, ...]:
    """The codes in a cell such as “食品（1422）” or “3032、3382”."""
    return tuple(dict.fromkeys(_CODE.findall(text)))
