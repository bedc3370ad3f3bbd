"""Commands of `flask --app wsgi`, on the same services as the screens."""

from datetime import date

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from pymongo.errors import OperationFailure

from app import clock
from app.cli_backup import backup, restore
from app.cli_ledger import import_ledger
from app.cli_mail import mail
from app.cli_papers import papers
from app.policy.access import Actor
from app.policy.flow import PolicyError
from app.policy.terms import Role
from app.services import accounts
from app.services.audit import open_ledger, run_checks
from app.services.core import rules
from app.services.core.by import By
from models import database, schema
from models.accounts.people import User
from models.settings.jobs import RunState


def register(app: Flask) -> None:
    """Add every command to `flask --app wsgi`."""
    for command in COMMANDS:
        app.cli.add_command(command)


@click.command("create-admin", help="建立第一个系统管理员账号（仅在还没有账号时）。")
@click.argument("username")
@click.option("--name", default="系统管理员", help="姓名")
@with_appcontext
def create_admin(username: str, name: str) -> None:
    if User.objects.first() is not None:
        raise click.ClickException("已经有账号；请由系统管理员在“账号”页新增。")
    actor = Actor("cli", "命令行", Role.ADMIN, source="cli")
    try:
        _, password = accounts.create_user(
            username=username, name=name, role="admin", by=By(actor, clock.now())
        )
    except PolicyError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"账号 {username} 已建立。初始密码（只显示这一次）：{password}")


@click.command("init-db", help="建立集合与索引，设置多数确认，升级数据库结构；可重复执行。")
@with_appcontext
def init_db() -> None:
    _prepare_database()
    click.echo("数据库已就绪。")


@click.command("migrate", help="把数据库结构升级到本版程序需要的版本；可重复执行，中断后再执行即可。")
@with_appcontext
def migrate() -> None:
    ran = _prepare_database()
    words = f"已升级到第 {schema.newest()} 版" if ran else f"已是第 {schema.newest()} 版，无须升级"
    click.echo(f"数据库结构{words}。")


def _prepare_database() -> list[int]:
    config = current_app.config["SETTINGS"]
    try:
        return schema.init_db(None if config.mongodb_uri else config.uri("owner"), announce=click.echo)
    except database.DatabaseRefused as refusal:
        raise click.ClickException(f"{refusal}。") from refusal
    except OperationFailure as error:
        if error.code != database.UNAUTHORIZED:
            raise
        raise click.ClickException(
            "这个数据库账户无权建立集合和索引：请以数据库管理员的连接串执行（见 deploy/README.md）。"
        ) from error


@click.command("rules", help="显示现行规则包：条款、日期、酌定事项。")
@with_appcontext
def show_rules() -> None:
    pack = rules.pack()
    click.echo(f"{pack.rules.citation}　规则包 {pack.code} {pack.version}　摘要 {pack.digest[:16]}")
    for legal in pack.dates.values():
        click.echo(f"  {legal.month}月{legal.day}日前　{legal.label}（第{legal.article}条）")
    values = rules.values()
    for row in pack.discretion.values():
        click.echo(f"  酌定　{row.label}：{row.shown(values[row.key]) or '（未填）'}")


@click.command("run-job", help="立即执行一项任务。")
@click.argument("name")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="按这一天执行")
@with_appcontext
def run_job(name: str, today: date | None) -> None:
    from jobs import runs

    try:
        done = runs.run(name, today.date() if today else None)
    except KeyError as unknown:
        raise click.ClickException(unknown.args[0]) from unknown
    click.echo("，".join(filter(None, (f"{done}：{RunState(done.state).label}", done.result))))
    if done.state == RunState.FAILED.value:
        raise SystemExit(1)


@click.command("demo", help="在空的数据目录中装入虚构的演示数据；已装过的不再改动，只显示账号。")
@with_appcontext
def demo_data() -> None:
    from app import demo

    config = current_app.config["SETTINGS"]
    if config.mongodb_uri:
        raise click.ClickException("演示数据不得写入外部数据库（MONGODB_URI）。")
    try:
        click.echo(demo.seed(config.var_dir, now=clock.now()))
    except PolicyError as refusal:
        raise click.ClickException(str(refusal)) from refusal


@click.group("check", help="核对数据。")
def check() -> None:
    """Check data and change nothing."""


@check.command("data", help="核对数据是否自洽：环节、文号、公文、文件、名单、审批单、审计。")
@with_appcontext
def check_data() -> None:
    checks = run_checks()
    for result in checks:
        click.echo(f"{'通过' if not result.problems else '有误'}　{result.label}（{result.looked_at} 项）")
        for problem in result.problems:
            click.echo(f"    {problem}")
    wrong = sum(len(result.problems) for result in checks)
    click.echo(f"发现 {wrong} 处问题。" if wrong else "数据自洽。")
    if wrong:
        raise SystemExit(1)


@click.group("audit", help="审计日志。")
def audit() -> None:
    """Work on the sealed log."""


@audit.command("verify", help="核对审计日志的封存：改动、删除、插入、调换、截断。")
@with_appcontext
def verify_audit() -> None:
    config = current_app.config["SETTINGS"]
    with open_ledger(config.uri("sealer"), key=config.audit_key, anchors=config.audit_anchors) as ledger:
        findings = ledger.verify()
    for finding in findings:
        click.echo(finding.message)
    click.echo(f"发现 {len(findings)} 处问题。" if findings else "审计日志完好。")
    if findings:
        raise SystemExit(1)


COMMANDS = (
    *(create_admin, init_db, migrate, show_rules, run_job, import_ledger, demo_data),
    *(backup, restore, check, audit, mail, papers),
)
