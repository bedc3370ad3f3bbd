"""The sealed audit log, checks of the stored data, backups, and the evidence bundle of a listing (第十五至十七条)."""

from app.services.audit.backup_manifest import BackupRefused
from app.services.audit.backups import (
    BackupPlan,
    backup_age,
    record_restore,
    restore_backup,
    take_backup,
)
from app.services.audit.evidence import export_evidence
from app.services.audit.integrity import run_checks
from app.services.audit.sealing import open_ledger

__all__ = [
    "BackupPlan",
    "BackupRefused",
    "backup_age",
    "export_evidence",
    "open_ledger",
    "record_restore",
    "restore_backup",
    "run_checks",
    "take_backup",
]
