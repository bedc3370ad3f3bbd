"""Formulas as trees: their values and the indicators that they read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

_CONTEXT = Context(prec=28, traps=[DivisionByZero, InvalidOperation, Overflow])


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


def evaluate(node: Node, values: Values) -> Decimal | None:
    """Return the result, or None where a cell is empty or the divisor is zero."""
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
            computed = [_value(part, values) for part in parts]
            known = [value for value in computed if value is not None]
            return None if len(known) < len(computed) else (min if name == "min" else max)(known)


def references(node: Node) -> tuple[str, ...]:
    """Return the keys that a formula reads, in order, each once."""
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
