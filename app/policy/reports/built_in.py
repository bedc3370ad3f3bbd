"""The definitions that come with the program, read from their file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.policy.reading import record, records
from app.policy.reports.definition_checks import definition_problems
from app.policy.reports.indicators import Definition, Indicator, Relation

_FILE = Path(__file__).parents[1] / "data" / "indicators.toml"


@cache
def built_in_definitions() -> Mapping[str, Definition]:
    """Return the program's own definitions by kind. Raises ValueError naming all faults of their file."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"), parse_float=Decimal)
    found: list[str] = []
    read = [_read(row, found) for row in raw["definitions"]]
    found += [f"{one.title}：{why}" for one in read if one for why in definition_problems(one)]
    if found:
        raise ValueError("\n".join(found))
    return {one.kind: one for one in read if one}


def _read(raw: dict[str, Any], found: list[str]) -> Definition | None:
    where = f"年度指标 {raw.get('kind')}"
    head = {key: value for key, value in raw.items() if key not in ("indicators", "relations")}
    rows = records(Indicator, raw.get("indicators"), f"{where} 指标", found)
    relations = records(Relation, raw["relations"], f"{where} 勾稽", found) if "relations" in raw else ()
    definition = record(Definition, head, where, found)
    return definition and replace(definition, indicators=rows, relations=relations)
