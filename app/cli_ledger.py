"""`flask import-ledger`: the same preview and commit as the screen, for the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app import clock
from app.exchange.errors import ExchangeError
from app.policy.access import Actor
from app.policy.flow import PolicyError
from app.policy.terms import RowOutcome
from app.services import ledger
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
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@with_appcontext
def import_ledger(file: Path, username: str, year: int | None, write: bool, as_json: bool) -> None:
    """Preview or import a file; exit with status 1 and a sentence when the whole file is refused."""
    actor, now = _actor(username), clock.now()
    try:
        data = file.read_bytes()
        year = year or ledger.stated_year(data) or now.year
        if write:
            plan = ledger.preview_ledger(data, file.name, year=year, by=By(actor, now))
            ledger.commit_import(plan.batch, by=By(actor, clock.now()))
        else:
            plan = ledger.examine_ledger(data, year=year, by=By(actor, now))
    except (ExchangeError, PolicyError, NotSaved) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if as_json:
        click.echo(json.dumps(summary(plan), ensure_ascii=False))
    else:
        click.echo("\n".join(sentences(plan, written=write)))


def summary(plan: Plan) -> dict[str, Any]:
    """Return the outcome as data: counts, refused and normalised cells, late rows."""
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
    }


def sentences(plan: Plan, *, written: bool) -> list[str]:
    """Return the outcome in sentences, with every change, at most MAX_SHOWN of a kind."""
    counts = "，".join(f"{outcome.label} {plan.counts[outcome.value]}" for outcome in RowOutcome)
    done = "已导入。" if written else "未写入（加 --commit 写入）。"
    return [
        f"{plan.year} 年度推荐汇总表：共 {len(plan.rows)} 行，{counts}。{done}",
        *_few("未通过", [f"第 {row} 行 {column}：{why}" for row, column, why in plan.refused]),
        *_few("更新", _differences(plan)),
        *_few(
            "已规范",
            [f"第 {row} 行 {column}：“{was}” → “{now}”" for row, column, was, now in plan.normalised],
        ),
        *_few("逾期提交（管理平台日期晚于截止日）", [f"第 {row} 行" for row in plan.late]),
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
