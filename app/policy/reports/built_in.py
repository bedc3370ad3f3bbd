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
    problems: list[str] = []
    read = [_read(row, problems) for row in raw["definitions"]]
    definitions = [definition for definition in read if definition]
    problems += [f"{each.title}：{why}" for each in definitions for why in definition_problems(each)]
    if problems:
        raise ValueError("\n".join(problems))
    return {definition.kind: definition for definition in definitions}


def _read(raw: dict[str, Any], problems: list[str]) -> Definition | None:
    where = f"年度指标 {raw.get('kind')}"
    head = {key: value for key, value in raw.items() if key not in ("indicators", "relations")}
    rows = records(Indicator, raw.get("indicators"), f"{where} 指标", problems)
    relations = records(Relation, raw["relations"], f"{where} 勾稽", problems) if "relations" in raw else ()
    definition = record(Definition, head, where, problems)
    return definition and replace(definition, indicators=rows, relations=relations)
