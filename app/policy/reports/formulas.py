"""Parse formulas between indicators: arithmetic on keys, never run as code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from app.policy.reports.formula_values import Call, FormulaError, Node, Number, Operation, Reference
from app.policy.reports.formula_words import FUNCTION_WORDS

MAX_LENGTH = 400
MAX_DEPTH = 24
_WRITTEN = str.maketrans("×÷＋－＊／（），．", "*/+-*/(),.")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*)|「(?P<words>[^「」]+)」|(?P<sign>[-+*/(),]))"
)


# zero(x): what is not filled in counts as nothing; everywhere else it makes the whole result empty.
FUNCTIONS = ("min", "max", "zero")


@lru_cache(maxsize=2048)
def parse(text: str) -> Node:
    """Parse a formula into a tree. Raises FormulaError in words."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"公式超过 {MAX_LENGTH} 个字符，请拆成几个指标。")
    reader = _Reader(list(_tokens(text.translate(_WRITTEN))))
    if not reader.tokens:
        raise FormulaError("公式是空的。")
    node = reader.sum()
    if reader.tokens:
        raise FormulaError(f"公式在“{reader.tokens[0][1]}”处多出内容，请检查括号和运算符。")
    return node


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise FormulaError(f"公式中不认识“{text[place:].strip()[:6]}”；可用：指标、数字、＋－×÷和括号。")
        if match["words"] is not None:
            raise FormulaError(f"公式中的「{match['words']}」不是本表的指标名称。")
        yield str(match.lastgroup), match[match.lastgroup or 0]
        place = match.end()


class _Reader:
    """Reads tokens from the left: sums of products of parts."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.depth = 0

    def _next(self, *signs: str) -> str:
        """Take the next token if it is one of these signs."""
        if self.tokens and self.tokens[0][0] == "sign" and self.tokens[0][1] in signs:
            return self.tokens.pop(0)[1]
        return ""

    def sum(self) -> Node:
        node = self.product()
        while sign := self._next("+", "-"):
            node = Operation(sign, node, self.product())
        return node

    def product(self) -> Node:
        node = self.part()
        while sign := self._next("*", "/"):
            node = Operation(sign, node, self.part())
        return node

    def part(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError("公式的括号层次太多，请拆成几个指标。")
        try:
            return self._part()
        finally:
            self.depth -= 1

    def _part(self) -> Node:
        if self._next("-"):
            return Operation("-", Number(Decimal(0)), self.part())
        if self._next("("):
            return self._closed(self.sum())
        if not self.tokens or self.tokens[0][0] == "sign":
            raise FormulaError("公式不完整：运算符后缺少指标或数字。")
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return Number(Decimal(text))
        if not self._next("("):
            return Reference(text)
        return self._call(text)

    def _call(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise FormulaError(f"公式中没有函数 {name}；可用：{'、'.join(FUNCTION_WORDS.values())}。")
        parts = [self.sum()]
        while self._next(","):
            parts.append(self.sum())
        if (name == "zero") != (len(parts) == 1):
            raise FormulaError(
                f"函数 {FUNCTION_WORDS[name]} 的括号里应有{'一' if name == 'zero' else '两'}项。"
            )
        return self._closed(Call(name, tuple(parts)))

    def _closed(self, node: Node) -> Node:
        if not self._next(")"):
            raise FormulaError("公式缺少右括号。")
        return node
