"""Restoring a backup into an empty database, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo import IndexModel, MongoClient
from pymongo.database import Database

from app.services.audit import backup_manifest
from app.services.audit.backup_files import RAW, Damaged, open_rows
from app.services.audit.backup_manifest import BackupRefused, Manifest
from app.services.audit.backup_writing import EPHEMERAL, finished_backups, stem_of, stored_collections
from models import schema

BATCH_ROWS, BATCH_BYTES = 1_000, 8 << 20
INDEX_FACTS = {"v", "key", "ns"}  # of the server's description of an index: no options of a new one
IGNORED = EPHEMERAL | {schema.COLLECTION}


def load_backup(folder: Path, uri: str, *, master: bytes | None) -> Manifest:
    """Fill the empty databases of a URI from a backup; the caller brings schema and indexes up to date.

    Everything is checked before the first row is written. Until it is complete a mark in the target makes the
    program refuse it; a restore that was cut off is done again from the beginning. Raises BackupRefused.
    """
    manifest = backup_manifest.read(_one_backup(folder), master)
    client: MongoClient[Any] = MongoClient(uri, appname="greenladder-restore")
    with client:
        stem = stem_of(client)
        marks = client[stem][schema.COLLECTION]
        if marks.find_one({"_id": schema.RESTORING}):
            _empty(client, stem)
        _demand_empty(client, stem)
        mark = {"_id": schema.RESTORING, "backup": manifest.folder.name}
        marks.replace_one({"_id": schema.RESTORING}, mark, upsert=True)
        marks.delete_many({"_id": {"$ne": schema.RESTORING}})
        for collection in manifest.collections:
            _load(client[stem + collection["database"]], manifest, collection)
        marks.delete_many({"_id": {"$in": [schema.RESTORING, schema.LEASE]}})
    return manifest


def _one_backup(folder: Path) -> Path:
    """Return the folder if it may be a backup; otherwise name the backups in it."""
    if not (folder / backup_manifest.MANIFEST).exists() and (inside := finished_backups(folder)):
        raise BackupRefused(f"{folder} 中有 {len(inside)} 份备份，请指明一份，如 {inside[-1]}。")
    return folder


def _demand_empty(client: MongoClient[Any], stem: str) -> None:
    filled = [
        f"{stem}{suffix}.{name}"
        for suffix, name in stored_collections(client, stem)
        if name not in IGNORED and client[stem + suffix][name].find_one({}, {"_id": 1})
    ]
    if filled:
        shown = "、".join(filled[:5]) + ("等" if len(filled) > 5 else "")
        raise BackupRefused(
            f"目标数据库不是空的（{shown}有数据），没有改动：请恢复到空的数据库，并先停止网页服务和定时任务。"
        )


def _empty(client: MongoClient[Any], stem: str) -> None:
    """Drop what a restore left that was cut off, its mark apart."""
    for suffix, name in stored_collections(client, stem):
        if name != schema.COLLECTION:
            client[stem + suffix].drop_collection(name)


def _load(database: Database[Any], manifest: Manifest, listed: dict[str, Any]) -> None:
    name, loaded = listed["collection"], 0
    if name != schema.COLLECTION:
        database.drop_collection(name)  # empty; its indexes are those of another release
        database.create_collection(name)
    target = database.get_collection(name, codec_options=RAW)
    try:
        with open_rows(manifest.folder / listed["file"], manifest.file_key(listed["file"])) as rows:
            for batch in _batches(rows):
                target.insert_many(batch)
                loaded += len(batch)
    except Damaged as error:
        raise BackupRefused(f"备份损坏：{listed['file']} 解不开，目标数据库没有恢复完成。") from error
    if loaded != listed["rows"]:
        raise BackupRefused(f"备份损坏：{listed['file']} 应有 {listed['rows']} 条，读出 {loaded} 条。")
    if listed["indexes"]:
        database[name].create_indexes([_index(facts) for facts in listed["indexes"]])


def _index(facts: dict[str, Any]) -> IndexModel:
    """Return an index as the server described it."""
    options = {key: value for key, value in facts.items() if key not in INDEX_FACTS}
    return IndexModel([(field, _direction(way)) for field, way in facts["key"].items()], **options)


def _direction(way: Any) -> Any:
    return int(way) if isinstance(way, float) else way


def _batches(rows: Iterable[RawBSONDocument]) -> Iterator[list[RawBSONDocument]]:
    """Yield rows in batches of bounded number and size."""
    batch: list[RawBSONDocument] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row.raw)
        if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
