"""Formulas in words: 「names」 of indicators instead of keys, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.policy.reports.formula_values import FormulaError


def with_keys(text: str, keys: Mapping[str, str]) -> str:
    """Replace every 「name」 by its key (name → key). Raises FormulaError for unknown names."""

    def key(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name not in keys:
            raise FormulaError(f"公式中的「{name}」不是本表的指标名称。")
        return keys[name]

    for name, word in FUNCTION_WORDS.items():
        text = re.sub(rf"{word}(?=\s*[（(])", name, text)
    return re.sub("「([^「」]*)」", key, text)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Replace every key by its 「name」 (key → name); `with_keys` reads the result back."""

    def named(match: re.Match[str]) -> str:
        return f"「{names[match[0]]}」" if match[0] in names else FUNCTION_WORDS.get(match[0], match[0])

    return re.sub(r"[a-z][a-z0-9_]*", named, text)


def in_words(text: str, names: Mapping[str, str]) -> str:
    """Return the formula for readers: names instead of keys (key → name)."""
    spelled = re.sub(
        r"[a-z][a-z0-9_]*", lambda match: names.get(match[0], FUNCTION_WORDS.get(match[0], match[0])), text
    )
    return re.sub(
        r"\s*([-+*/])\s*",
        lambda match: f" {'×' if match[1] == '*' else '÷' if match[1] == '/' else match[1]} ",
        spelled,
    )


FUNCTION_WORDS = {"zero": "空按零", "min": "较小", "max": "较大"}
