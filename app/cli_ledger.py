"""`flask import-ledger`: the same preview and commit as the screen, for the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app import clock
from app.exchange.columns import FIELDS
from app.exchange.errors import ExchangeError
from app.exchange.records import QuestionsOpen
from app.policy.access import Actor
from app.policy.flow import PolicyError
from app.policy.terms import Kind, Mode, RowOutcome
from app.services import ledger
from app.services.core import rules
from app.services.core.by import By
from app.services.ledger import Plan
from models.accounts.people import User
from models.database import NotSaved

MAX_SHOWN = 50


@click.command("import-ledger", help="导入推荐汇总表：先预览；加 --commit 才写入。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "username", required=True, help="以哪个账号的身份导入")
@click.option(
    "--year", type=click.IntRange(2025, 2100), default=None, help="年度；默认取表题中的年度，否则为今年"
)
@click.option("--commit", "write", is_flag=True, help="确认导入，一次写入全部可导入的行")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="KEY=VALUE",
    help="回答一个问题，可多次给出；问题见输出的 questions",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@with_appcontext
def import_ledger(
    file: Path, username: str, year: int | None, write: bool, answers: tuple[str, ...], as_json: bool
) -> None:
    """Preview or import a file; exit with status 1 and a sentence when the whole file is refused.

    Open questions are printed, and nothing is imported before they are answered.
    """
    given = dict(map(_answer, answers))
    actor, now = _actor(username), clock.now()
    try:
        data = file.read_bytes()
        year = _year(given, year, ledger.stated_year(data), now.year)
        plan = _import(data, file.name, year, given, By(actor, now)) if write else None
        written = plan is not None
        plan = plan or ledger.examine_ledger(data, year=year, answers=given, by=By(actor, now))
    except (ExchangeError, PolicyError, NotSaved) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if as_json:
        click.echo(json.dumps(summary(plan), ensure_ascii=False))
    else:
        click.echo("\n".join(sentences(plan, written=written)))


def _import(data: bytes, name: str, year: int, answers: Mapping[str, str], by: By) -> Plan | None:
    """Import a file and return its plan, None if questions are open."""
    try:
        plan = ledger.preview_ledger(data, name, year=year, answers=answers, by=by)
    except QuestionsOpen:
        return None
    ledger.commit_import(plan.batch, by=By(by.actor, clock.now()))
    return plan


def _answer(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise click.BadParameter(f"“{text}”应写成 KEY=VALUE。", param_hint="--answer")
    return key.strip(), value.strip()


def _year(given: Mapping[str, str], chosen: int | None, stated: int | None, now: int) -> int:
    """Return the year chosen, else that of the title, else this one; an answer decides between the first two."""
    known = {str(year): year for year in (chosen, stated) if year}
    return known.get(given.get("year", "")) or chosen or stated or now


def summary(plan: Plan) -> dict[str, Any]:
    """Return the outcome as data: counts, values, refused, skipped and normalised cells, late rows, questions."""
    return {
        "rows": len(plan.rows),
        **{
            outcome.value: plan.counts[outcome.value]
            for outcome in RowOutcome
            if outcome is not RowOutcome.REFUSED
        },
        "refused": [{"row": row, "column": column, "why": why} for row, column, why in plan.refused],
        "normalised": [{"row": r, "column": c, "was": was, "now": now} for r, c, was, now in plan.normalised],
        "late": plan.late,
        "values": list(stated_values(plan)),
        "skipped": [{"row": row, "why": f"不是单位，未导入：{text}"} for row, text in plan.skipped],
        "columns": [
            {"heading": column.heading, "field": column.field, "unit": column.unit, "why": column.why}
            for column in plan.ledger.columns
        ],
        "questions": [
            {"key": question.key, "why": question.why, "choices": list(question.choices)}
            for question in plan.ledger.questions
        ],
    }


def stated_values(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield the values of each accepted row as they are stored, by the official headings with their units."""
    accepted = {row.row: row for row in plan.rows if row.outcome is not RowOutcome.REFUSED}
    areas = {area.code: area.name for area in rules.pack().areas}
    for row in plan.ledger.rows:
        if row.row not in accepted:
            continue
        cells = {field.label: plain_value(getattr(row, field.name), areas) for field in FIELDS}
        named = {"单位名称": accepted[row.row].name}
        former = {"曾用名": row.former_name} if row.former_name else {}
        yield {"row": row.row, **cells, **named, **former}


def plain_value(value: Any, areas: Mapping[str, str]) -> Any:
    """Return a value for JSON: numbers as numbers, days as 2026-04-30, terms and areas by their official names."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case Kind() | Mode():
            return value.label
        case tuple():
            return "、".join(f"{name}（{code}）" if code else name for name, code in value)
        case str():
            return areas.get(value, value)
    return value


def sentences(plan: Plan, *, written: bool) -> list[str]:
    """Return the outcome in sentences, with every change, at most MAX_SHOWN of a kind."""
    counts = "，".join(f"{outcome.label} {plan.counts[outcome.value]}" for outcome in RowOutcome)
    done = "已导入。" if written else "未写入（加 --commit 写入）。"
    return [
        f"{plan.year} 年度推荐汇总表：共 {len(plan.rows)} 行，{counts}。{done}",
        *_few("需要回答（用 --answer KEY=VALUE）", _questions(plan)),
        *_few("未通过", [f"第 {row} 行 {column}：{why}" for row, column, why in plan.refused]),
        *_few("更新", _differences(plan)),
        *_few(
            "已规范",
            [f"第 {row} 行 {column}：“{was}” → “{now}”" for row, column, was, now in plan.normalised],
        ),
        *_few("未导入的列", [f"{c.heading}：{c.why}" for c in plan.ledger.columns if c.why]),
        *_few("跳过", [f"第 {row} 行 {text}" for row, text in plan.skipped]),
        *_few("逾期提交（管理平台日期晚于截止日）", [f"第 {row} 行" for row in plan.late]),
    ]


def _questions(plan: Plan) -> list[str]:
    return [
        f"{question.key}：{question.why}可选：{'、'.join(question.choices)}"
        for question in plan.ledger.questions
    ]


def _differences(plan: Plan) -> list[str]:
    return [
        f"第 {row.row} 行 {row.name} {label}：{old or '（空）'} → {new or '（空）'}"
        for row in plan.rows
        for label, old, new in row.differences
    ]


def _few(title: str, entries: list[str]) -> list[str]:
    if not entries:
        return []
    more = (
        [f"  …… 另有 {len(entries) - MAX_SHOWN} 条，加 --json 查看全部"] if len(entries) > MAX_SHOWN else []
    )
    return [f"{title}："] + [f"  {entry}" for entry in entries[:MAX_SHOWN]] + more


def _actor(username: str) -> Actor:
    user = User.objects.named(username)
    if user is None or not user.active:
        raise click.ClickException(f"没有名为 {username} 的账号，或该账号已停用。")
    return replace(user.actor(""), source="cli")
