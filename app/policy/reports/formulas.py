"""Formulas between indicators: exact arithmetic on keys and 「names」, parsed here and never run as code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from functools import lru_cache

LONGEST = 400
DEEPEST = 24
_CONTEXT = Context(prec=28, traps=[DivisionByZero, InvalidOperation, Overflow])
_WRITTEN = str.maketrans("×÷＋－＊／（），．", "*/+-*/(),.")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*)|「(?P<words>[^「」]+)」|(?P<sign>[-+*/(),]))"
)

Values = Mapping[str, Decimal]


class FormulaError(ValueError):
    """A formula that cannot be read; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: Decimal


@dataclass(frozen=True)
class Reference:
    """An indicator's value."""

    key: str


@dataclass(frozen=True)
class Operation:
    """Two parts and a sign."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    """One of FUNCTIONS applied to its parts."""

    name: str
    parts: tuple[Node, ...]


Node = Number | Reference | Operation | Call

SIGNS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
# zero(x): what is not filled in counts as nothing; everywhere else it makes the whole result empty.
FUNCTIONS = ("min", "max", "zero")


def evaluate(node: Node, values: Values) -> Decimal | None:
    """The result, or None where a part is not filled in or there is nothing to divide by."""
    with localcontext(_CONTEXT):
        try:
            return _value(node, values)
        except (DivisionByZero, InvalidOperation, Overflow):
            return None


def _value(node: Node, values: Values) -> Decimal | None:
    match node:
        case Number(value):
            return value
        case Reference(key):
            return values.get(key)
        case Operation(sign, left, right):
            first, second = _value(left, values), _value(right, values)
            return None if first is None or second is None else SIGNS[sign](first, second)
        case Call("zero", (only,)):
            return _value(only, values) or Decimal(0)
        case Call(name, parts):
            found = [_value(part, values) for part in parts]
            known = [one for one in found if one is not None]
            return None if len(known) < len(found) else (min if name == "min" else max)(known)


def references(node: Node) -> tuple[str, ...]:
    """The keys that a formula reads, in order, each once."""
    return tuple(dict.fromkeys(_references(node)))


def _references(node: Node) -> Iterator[str]:
    match node:
        case Reference(key):
            yield key
        case Operation(_, left, right):
            yield from _references(left)
            yield from _references(right)
        case Call(_, parts):
            for part in parts:
                yield from _references(part)


def with_keys(text: str, keys: Mapping[str, str]) -> str:
    """The formula with every 「name」 replaced by its key (name → key). Raises FormulaError for unknown names."""

    def key(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name not in keys:
            raise FormulaError(f"公式中的「{name}」不是本表的指标名称。")
        return keys[name]

    for name, word in _FUNCTION_WORDS.items():
        text = re.sub(rf"{word}(?=\s*[（(])", name, text)
    return re.sub("「([^「」]*)」", key, text)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The formula with 「names」 instead of keys (key → name): what `with_keys` reads back."""

    def named(match: re.Match[str]) -> str:
        return f"「{names[match[0]]}」" if match[0] in names else _FUNCTION_WORDS.get(match[0], match[0])

    return re.sub(r"[a-z][a-z0-9_]*", named, text)


def in_words(text: str, names: Mapping[str, str]) -> str:
    """The formula as people read it: names instead of keys (key → name)."""
    spelled = re.sub(
        r"[a-z][a-z0-9_]*", lambda match: names.get(match[0], _FUNCTION_WORDS.get(match[0], match[0])), text
    )
    return re.sub(
        r"\s*([-+*/])\s*",
        lambda match: f" {'×' if match[1] == '*' else '÷' if match[1] == '/' else match[1]} ",
        spelled,
    )


_FUNCTION_WORDS = {"zero": "空按零", "min": "较小", "max": "较大"}


@lru_cache(maxsize=2048)
def parse(text: str) -> Node:
    """The formula as a tree. Raises FormulaError in words."""
    if len(text) > LONGEST:
        raise FormulaError(f"公式超过 {LONGEST} 个字符，请拆成几个指标。")
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
        """Takes the next token if it is one of these signs."""
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
        if self.depth > DEEPEST:
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
            raise FormulaError(f"公式中没有函数 {name}；可用：{'、'.join(_FUNCTION_WORDS.values())}。")
        parts = [self.sum()]
        while self._next(","):
            parts.append(self.sum())
        if (name == "zero") != (len(parts) == 1):
            raise FormulaError(
                f"函数 {_FUNCTION_WORDS[name]} 的括号里应有{'一' if name == 'zero' else '两'}项。"
            )
        return self._closed(Call(name, tuple(parts)))

    def _closed(self, node: Node) -> Node:
        if not self._next(")"):
            raise FormulaError("公式缺少右括号。")
        return node
