"""Sealing of the audit log every ten minutes, with the sealer's own database user and key."""

from datetime import datetime

from app.config import Config
from app.services.audit import open_ledger
from jobs.registry import job


@job(every=10, label="封存审计日志")
def seal_audit_log(now: datetime, config: Config) -> None:
    """Seal and anchor the log; return nothing, because a result is audited and the log would grow by sealing."""
    with open_ledger(config.uri("sealer"), key=config.audit_key, anchors=config.audit_anchors) as ledger:
        ledger.seal()
        ledger.anchor(now)
