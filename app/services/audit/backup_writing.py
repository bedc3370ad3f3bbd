"""Writing a backup: all three databases at one instant, into a folder that appears when it is complete."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bson import json_util
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure

from app.services.audit import backup_manifest
from app.services.audit.backup_files import RowsFile, key_of_file
from app.services.audit.backup_manifest import FORMAT, BackupRefused, Manifest
from models import schema
from models.database import ALIASES

STEM = "greenladder"
NAME = re.compile(r"greenladder-\d{8}-\d{6}")
UNFINISHED = ".unfinished-"
# Who is signed in and how often somebody tried is no business of a restored system.
EPHEMERAL = frozenset({"sessions", "rate_counters", "rate_windows"})
SNAPSHOT_TOO_OLD = 239


def stem_of(client: MongoClient[Any]) -> str:
    """Return the stem of the names of the three databases that a URI names."""
    return client.get_default_database(STEM).name


def stored_collections(client: MongoClient[Any], stem: str) -> list[tuple[str, str]]:
    """Return suffix and name of every collection of the three databases."""
    return [
        (suffix, name)
        for suffix in ALIASES.values()
        for name in sorted(client[stem + suffix].list_collection_names(filter={"type": "collection"}))
        if not name.startswith("system.")
    ]


def write_backup(
    uri: str, parent: Path, *, master: bytes | None, facts: Mapping[str, Any], now: datetime
) -> Manifest:
    """Write a backup into a new folder of `parent` and return its verified manifest. Raises BackupRefused.

    `facts` are further entries of the manifest. A backup that is cut off leaves a folder without manifest under
    another name, which the next one removes.
    """
    name = f"greenladder-{now:%Y%m%d-%H%M%S}"
    with _only_one(parent):
        for leftover in parent.glob(f"{UNFINISHED}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        if (parent / name).exists():
            raise BackupRefused(f"{parent / name} 已存在。")
        draft = parent / f"{UNFINISHED}{name}"
        draft.mkdir(mode=0o700)
        try:
            _write(uri, draft, master, {**facts, "format": FORMAT, "taken_at": now.isoformat()})
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        _sync(draft)
        draft.rename(parent / name)
        _sync(parent)
    return backup_manifest.read(parent / name, master)


def finished_backups(parent: Path) -> list[Path]:
    """Return the complete backups of a folder, oldest first."""
    folders = parent.iterdir() if parent.is_dir() else ()
    return sorted(
        folder
        for folder in folders
        if NAME.fullmatch(folder.name) and (folder / backup_manifest.MANIFEST).is_file()
    )


def remove_old_backups(parent: Path, keep: int) -> list[str]:
    """Remove all but the newest backups; return the names of those that went."""
    removed = []
    for folder in finished_backups(parent)[:-keep]:
        # Without its manifest it is no backup any more, however far the removal comes.
        (folder / backup_manifest.MANIFEST).unlink()
        shutil.rmtree(folder)
        removed.append(folder.name)
    return removed


def _write(uri: str, folder: Path, master: bytes | None, facts: Mapping[str, Any]) -> None:
    salt = secrets.token_bytes(16) if master else b""
    client: MongoClient[Any] = MongoClient(uri, appname="greenladder-backup")
    with client:
        stem = stem_of(client)
        with client.start_session(snapshot=True) as session:
            try:
                listed = [
                    _write_collection(client, stem, *place, folder, master, salt, session)
                    for place in stored_collections(client, stem)
                    if place[1] not in EPHEMERAL
                ]
            except OperationFailure as error:
                if error.code != SNAPSHOT_TOO_OLD:
                    raise
                raise BackupRefused(
                    "备份用时超过了数据库保留快照的时间：请由数据库管理员调大 minSnapshotHistoryWindowInSeconds。"
                ) from error
            snapshot = str(session._snapshot_time) if hasattr(session, "_snapshot_time") else ""
        values = {**facts, "stem": stem, "salt": salt.hex(), "snapshot": snapshot}
        values |= {"schema": schema.version(), "collections": listed}
    backup_manifest.write(folder, values, master)


def _write_collection(
    client: MongoClient[Any],
    stem: str,
    suffix: str,
    name: str,
    folder: Path,
    master: bytes | None,
    salt: bytes,
    session: ClientSession,
) -> dict[str, Any]:
    collection = client[stem + suffix][name]
    file = f"{STEM}{suffix}.{name}.bson.gz{'.enc' if master else ''}"
    rows = RowsFile(folder / file, key_of_file(master, salt, file) if master else None)
    for batch in collection.find_raw_batches({}, session=session):
        rows.add(batch)
    indexes = [index for index in collection.list_indexes() if index["name"] != "_id_"]
    plain = json.loads(json_util.dumps(indexes, json_options=json_util.RELAXED_JSON_OPTIONS))
    return {"database": suffix, "collection": name, "file": file, "indexes": plain, **rows.finish()}


@contextlib.contextmanager
def _only_one(parent: Path) -> Iterator[None]:
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (parent / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"{parent} 中正在进行另一次备份。") from None
        yield


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
