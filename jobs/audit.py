"""Sealing of the audit log every ten minutes, and the daily backup, each with a database user of its own."""

from datetime import datetime

from app.config import VERSION, Config
from app.services.audit import BackupPlan, open_ledger, take_backup
from app.services.core.by import By
from jobs.registry import job


@job(every=10, label="封存审计日志")
def seal_audit_log(now: datetime, config: Config) -> None:
    """Seal and anchor the log; return nothing, because a result is audited and the log would grow by sealing."""
    with open_ledger(config.uri("sealer"), key=config.audit_key, anchors=config.audit_anchors) as ledger:
        ledger.seal()
        ledger.anchor(now)


@job(hour=2, minute=30, label="备份")
def back_up(by: By, config: Config) -> str:
    """Take the day's backup; another one of the same day is one more, never a loss."""
    if config.backup_dir is None:
        return "没有备份：没有设置 BACKUP_DIR"
    plan = BackupPlan(
        uri=config.uri("backup"),
        folder=config.backup_dir,
        keep=config.backup_keep,
        key_file=config.backup_key,
        program=VERSION,
        keys={"AUDIT_KEY": config.audit_key, "TIPS_KEY": config.tips_key},
    )
    backup = take_backup(plan, by=by)
    return f"{backup}：{backup.rows} 条，{backup.size / 1e6:.1f} MB，用时 {backup.seconds} 秒"
