"""A form against the unit's own record: name, address, boundary, figures known otherwise."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator

from app.policy.reports.cell_values import cell_text, plain
from app.policy.reports.doubts.found import SLIP, Context, Doubt, Filled, as_ratio, last, slip_words
from app.policy.terms import ChangeKind


def own_record(form: Filled, context: Context) -> Iterator[Doubt]:
    """Compare name, address and boundary with the register; a stated change explains a difference (第二十条)."""
    known = context.known
    checks = (
        ("name", "单位名称", known.names[:1], ChangeKind.NAME),
        ("address", "生产地址", known.addresses, ChangeKind.ADDRESS),
        ("boundary", "边界四至", (known.boundary,), ChangeKind.BOUNDARY),
    )
    for key, label, registered, change in checks:
        stated = form.head.get(key) or ""
        if not stated or not any(registered) or change.value in form.declared:
            continue
        if not any(_agree(key, stated, text) for text in registered if text):
            former = key == "name" and any(_agree(key, stated, name) for name in known.names[1:])
            cells = (
                f"{form.year} 年表“{label}”{stated}",
                f"单位登记“{label}”{'、'.join(filter(None, registered))}",
            )
            advice = (
                "填写的是曾用名" if former else "两者不一致；如有变更，请在“重大事项变更”中说明（第二十条）"
            )
            yield Doubt("record", key, "unit", *cells, f"{cells[0]}，{cells[1]}：{advice}。")
    yield from _record_numbers(form, context)


def _record_numbers(form: Filled, context: Context) -> Iterator[Doubt]:
    """Compare output and energy with the registered ones, where no earlier report shows a slipped unit."""
    for key, registered in context.known.numbers.items():
        one, value = form.definition.get(key), form.numbers.get(key)
        if one is None or not value or not registered or value * registered < 0 or last(context, key):
            continue
        moved = math.log10(value / registered)
        power = round(moved)
        if power and abs(moved - power) <= SLIP:
            other_cell, ratio = f"单位登记“{one.name}”{cell_text(one, registered)}", as_ratio(10**moved)
            text = f"{form.cell(one)}，是{other_cell}的 {plain(ratio)} 倍，{slip_words(one, power)}。"
            yield Doubt("slip", one.key, "", form.cell(one), other_cell, text, ratio)


def _agree(key: str, stated: str, registered: str) -> bool:
    left, right = _bare(stated), _bare(registered)
    return left == right or (key != "name" and (left in right or right in left))


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
