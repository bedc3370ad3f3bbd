"""Backups as they are taken and kept: each with its record, the oldest removed, the age of the last good one."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pymongo.errors import PyMongoError

from app.policy.audit import Verb
from app.services.audit import backup_manifest, backup_writing, restoring
from app.services.audit.backup_manifest import BackupRefused, Manifest
from app.services.core import audit
from app.services.core.by import By
from models.audit import Backup, BackupState
from models.database import transactional


@dataclass(frozen=True)
class BackupPlan:
    """Source, place and key of backups, and the facts that each carries."""

    uri: str = field(repr=False)
    folder: Path
    keep: int | None = None  # None keeps all
    key_file: Path | None = None
    program: str = ""
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)  # of the system, by name of setting

    def master(self) -> bytes | None:
        """Return the key that backups are encrypted with. Raises BackupRefused."""
        return backup_manifest.master_key(self.key_file) if self.key_file else None


def take_backup(plan: BackupPlan, *, by: By) -> Backup:
    """Take a backup, record it, remove those beyond the number to keep. Raises BackupRefused, recorded too."""
    began = time.monotonic()
    try:
        manifest = backup_writing.write_backup(
            plan.uri, plan.folder, master=plan.master(), facts=_facts(plan), now=by.now
        )
    except (BackupRefused, OSError, PyMongoError) as error:
        why = str(error) if isinstance(error, BackupRefused) else f"备份没有做成：{error}"
        _record_failure(plan, why, by=by)
        raise BackupRefused(why) from error
    backup = _record(plan, manifest, round(time.monotonic() - began), by=by)
    if plan.keep:
        _note_removed(backup_writing.remove_old_backups(plan.folder, plan.keep), plan, now=by.now)
    return backup


def last_backup() -> Backup | None:
    """Return the last backup that succeeded."""
    last: Backup | None = Backup.objects(state=BackupState.DONE.value).order_by("-taken_at").first()
    return last


def backup_age(now: datetime) -> timedelta | None:
    """Return the age of the last good backup, None if there is none."""
    last = last_backup()
    return now - last.taken_at if last else None


def restore_backup(plan: BackupPlan) -> tuple[Manifest, list[str]]:
    """Fill the empty databases of the plan's URI from its folder; return the manifest and what differs since.

    The caller connects to them, brings schema and indexes up to date and has everything checked.
    Raises BackupRefused.
    """
    manifest = restoring.load_backup(plan.folder, plan.uri, master=plan.master())
    then = manifest.values.get("keys", {})
    others = [name for name, key in plan.keys.items() if name in then and then[name] != _fingerprint(key)]
    return manifest, [
        f"{name} 与备份时的不同：请换回备份时的密钥，否则用它保护的内容无法核验或解密。" for name in others
    ]


@transactional
def record_restore(manifest: Manifest, *, by: By) -> None:
    """Write into the restored audit log that it was restored, and from which backup."""
    reason = f"{manifest.folder.name}，{manifest.rows} 条"
    audit.record(Verb.RESTORED, by=by, reason=reason)


def _facts(plan: BackupPlan) -> dict[str, object]:
    keys = {name: _fingerprint(key) for name, key in plan.keys.items() if key}
    return {"program": plan.program, "keys": keys}


def _fingerprint(key: str) -> str:
    """Return a mark by which the same key is known again and from which nobody finds it."""
    return hmac.new(key.encode(), b"greenladder fingerprint", hashlib.sha256).hexdigest()[:16]


@transactional
def _record(plan: BackupPlan, manifest: Manifest, seconds: int, *, by: By) -> Backup:
    backup = Backup(
        taken_at=by.now,
        name=manifest.folder.name,
        folder=str(plan.folder),
        state=BackupState.DONE.value,
        rows=manifest.rows,
        size=manifest.size,
        seconds=seconds,
        encrypted=manifest.master is not None,
        schema=manifest.values["schema"],
    ).save()
    audit.record(Verb.BACKED_UP, by=by, subject=backup, reason=f"{manifest.rows} 条，{manifest.size} 字节")
    return backup


@transactional
def _record_failure(plan: BackupPlan, why: str, *, by: By) -> None:
    failed = Backup(
        taken_at=by.now, folder=str(plan.folder), state=BackupState.FAILED.value, reason=why
    ).save()
    audit.record(Verb.BACKUP_FAILED, by=by, subject=failed, reason=why)


def _note_removed(names: list[str], plan: BackupPlan, *, now: datetime) -> None:
    Backup.objects(name__in=names, folder=str(plan.folder)).update(set__removed_at=now)
