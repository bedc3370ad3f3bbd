"""`flask backup` and `flask restore`: the same service as the daily job."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app import clock
from app.config import VERSION, Config, ConfigError
from app.policy.access import Actor
from app.policy.terms import Role
from app.services.audit import (
    BackupPlan,
    BackupRefused,
    open_ledger,
    record_restore,
    restore_backup,
    run_checks,
    take_backup,
)
from app.services.core.by import By
from models import database, schema

KEY_OPTION = click.option("--key", type=click.Path(path_type=Path), help="密钥文件，默认用 BACKUP_KEY")
MAX_PROBLEMS_SHOWN = 20


@click.command("backup", help="把三个数据库和全部文件备份到这个目录下的一个新目录；不影响使用。")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@KEY_OPTION
@with_appcontext
def backup(folder: Path, key: Path | None) -> None:
    try:
        taken = take_backup(_plan(folder, key, ""), by=_by())
    except (BackupRefused, ConfigError) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    kind = "已加密" if taken.encrypted else "未加密"
    click.echo(
        f"{folder / taken.name}：{taken.rows} 条，{taken.size / 1e6:.1f} MB，{kind}，用时 {taken.seconds} 秒。"
    )


@click.command("restore", help="把一份备份恢复到空的数据库（默认为设置中的数据库），随后核对数据和审计。")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--into", metavar="URI", default="", help="另一个空的数据库的连接串")
@KEY_OPTION
@with_appcontext
def restore(folder: Path, into: str, key: Path | None) -> None:
    try:
        plan = _plan(folder, key, into)
        manifest, warnings = restore_backup(plan)
    except (BackupRefused, ConfigError) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"已写入 {manifest.rows} 条（{manifest.values['taken_at']} 的备份），正在建立索引、核对。")
    problems = [*warnings, *_prepared_and_checked(plan.uri)]
    record_restore(manifest, by=_by())
    for problem in problems[:MAX_PROBLEMS_SHOWN]:
        click.echo(f"    {problem}")
    if problems:
        click.echo(f"数据已恢复，核对发现 {len(problems)} 处问题。")
        raise SystemExit(1)
    click.echo("恢复完成：数据自洽，审计日志完好。")


def _prepared_and_checked(uri: str) -> list[str]:
    """Bring the restored database up to date and return every problem that the checks find in it."""
    config: Config = current_app.config["SETTINGS"]
    database.connect(uri)
    schema.init_db(announce=click.echo)
    problems = [problem for check in run_checks() for problem in check.problems]
    with open_ledger(uri, key=config.audit_key, anchors=config.audit_anchors) as ledger:
        return problems + [finding.message for finding in ledger.verify()]


def _plan(folder: Path, key: Path | None, uri: str) -> BackupPlan:
    config: Config = current_app.config["SETTINGS"]
    return BackupPlan(
        uri=uri or config.uri("backup"),
        folder=folder,
        key_file=key or config.backup_key,
        program=VERSION,
        keys={"AUDIT_KEY": config.audit_key, "TIPS_KEY": config.tips_key},
    )


def _by() -> By:
    return By(Actor("cli", "命令行", Role.ADMIN, source="cli"), clock.now())
