"""Shape of the stored data: collections, indexes and migrations, and the version that the program demands."""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

import mongoengine
from mongoengine.connection import get_connection, get_db
from mongoengine.context_managers import switch_db
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import CollectionInvalid, DuplicateKeyError, OperationFailure

from models import database
from models.database import ALIASES, OWNER, UNAUTHORIZED, DatabaseRefused
from models.migrations import MIGRATIONS, Databases

COLLECTION = "schema"  # one row a migration, the lease, and the mark of an unfinished restore
LEASE, RESTORING = "lease", "restoring"
LEASE_SECONDS = 15  # renewed after every batch; a killed holder keeps the next start waiting as long
WAIT_SECONDS = 0.2
COMMAND = "flask --app wsgi migrate"

Announce = Callable[[str], None]


def newest() -> int:
    """Return the version that this program needs: the number of its last migration."""
    return len(MIGRATIONS)


def version() -> int:
    """Return the version of the connected database: all migrations up to it have run."""
    finished = _finished(_records())
    number = 0
    while number + 1 in finished:
        number += 1
    return max([number, *(done for done in finished if done > newest())])


def problem() -> str:
    """Return why the program cannot work with the connected database, in words; "" if it can."""
    if _records().find_one({"_id": RESTORING}):
        return "数据库的恢复没有完成：请重新执行 flask --app wsgi restore"
    stored = version()
    if stored > newest():
        return _too_new(stored)
    if stored < newest():
        return f"数据库结构为第 {stored} 版，程序需要第 {newest()} 版：请执行 {COMMAND}"
    return ""


def _finished(records: Collection[dict[str, Any]]) -> set[int]:
    """Return the numbers of the migrations that have run."""
    return set(records.find({"finished": {"$exists": True}}).distinct("_id"))


def _too_new(stored: int) -> str:
    return f"数据库结构为第 {stored} 版，程序只认到第 {newest()} 版：请使用新版程序"


def check() -> None:
    """Refuse a database of another version. Raises DatabaseRefused, PyMongoError."""
    if why := problem():
        raise DatabaseRefused(why)


# --- preparing a database -------------------------------------------------------------------------------


def init_db(owner_uri: str | None = None, announce: Announce = lambda _: None) -> list[int]:
    """Create every collection, run outstanding migrations, create every index; return the migrations that ran.

    Majority becomes the server's default write concern. The app's own user may do none of this in the audit
    database (an index could expire rows), so the URI of the databases' owner may be given; without it the
    present connection must have the right. Two at once do nothing twice: the second waits for the first.
    Raises DatabaseRefused when the database is newer than the program.
    """
    prefix = OWNER if owner_uri else ""
    if owner_uri:
        database.register(owner_uri, prefix)
    try:
        _default_to_majority(get_connection(prefix + "default"))
        databases = {alias: get_db(prefix + alias) for alias in ALIASES}
        with _lease(databases) as renew:
            _create_collections(databases)
            ran = _run_outstanding(databases, renew, announce)
            for document in database.documents():
                _create_indexes(document, prefix + document._meta.get("db_alias", "default"))
                renew()
        return ran
    finally:
        for alias in ALIASES if owner_uri else ():
            mongoengine.disconnect(prefix + alias)


def _run_outstanding(databases: Databases, renew: Callable[[], None], announce: Announce) -> list[int]:
    records, ran = databases["default"][COLLECTION], []
    finished = _finished(records)
    if (last := max(finished, default=0)) > newest():
        raise DatabaseRefused(_too_new(last))
    for number, migration in enumerate(MIGRATIONS, 1):
        if number in finished:
            continue
        _note(records, number, "started", label=migration.LABEL)
        changed = 0
        for count in migration.up(databases):
            changed += count
            renew()
        _note(records, number, "finished", changed=changed)
        announce(f"第 {number} 步　{migration.LABEL}：改动 {changed} 条。")
        ran.append(number)
    return ran


def _note(records: Collection[dict[str, Any]], number: int, event: str, **values: Any) -> None:
    """Write an event of a migration with the server's time; the first start is kept."""
    moment = {"$ifNull": ["$started", "$$NOW"]} if event == "started" else "$$NOW"
    records.update_one({"_id": number}, [{"$set": {event: moment, **_literal(values)}}], upsert=True)


def _literal(values: dict[str, Any]) -> dict[str, Any]:
    return {name: {"$literal": value} for name, value in values.items()}


@contextlib.contextmanager
def _lease(databases: Databases) -> Iterator[Callable[[], None]]:
    """Wait for the lease, hold it, and give its renewal to the caller.

    A holder that stood still for longer than the lease may meet its successor in the same step: steps look for
    rows that still need them, so two that run side by side write the same.
    """
    records, holder = databases["default"][COLLECTION], secrets.token_hex(8)
    while not _take(records, holder):
        time.sleep(WAIT_SECONDS)
    try:
        yield lambda: _renew(records, holder)
    finally:
        records.delete_one({"_id": LEASE, "holder": holder})


def _renew(records: Collection[dict[str, Any]], holder: str) -> None:
    if not _take(records, holder):
        raise DatabaseRefused(f"另一个进程正在升级数据库结构，本次停止：请稍后再执行 {COMMAND}")


def _take(records: Collection[dict[str, Any]], holder: str) -> bool:
    """Take the lease if it is this holder's own, free or lapsed by the server's clock."""
    # A missing row has no `until`, which sorts before every date: it is free.
    ours = {"$or": [{"$eq": ["$holder", holder]}, {"$lt": ["$until", "$$NOW"]}]}
    then = {"holder": holder, "until": {"$add": ["$$NOW", LEASE_SECONDS * 1000]}}
    claim = [{"$set": {key: {"$cond": [ours, value, f"${key}"]} for key, value in then.items()}}]
    try:
        row = records.find_one_and_update({"_id": LEASE}, claim, upsert=True, return_document=True)
    except DuplicateKeyError:  # two made the row at the same moment
        return False
    return bool(row["holder"] == holder)


def _records() -> Collection[dict[str, Any]]:
    return get_db("default")[COLLECTION]


# --- collections and indexes ----------------------------------------------------------------------------


def _create_collections(databases: Databases) -> None:
    # A collection born inside a transaction makes concurrent ones fail, so all are made beforehand.
    for document in database.documents():
        home = databases[document._meta.get("db_alias", "default")]
        with contextlib.suppress(CollectionInvalid):
            home.create_collection(document._get_collection_name(), check_exists=True)


def _create_indexes(document: type[mongoengine.Document], alias: str) -> None:
    # The server indexes _id by itself and refuses to do so again.
    document._meta["index_specs"] = [
        spec for spec in document._meta["index_specs"] if [field for field, _ in spec["fields"]] != ["_id"]
    ]
    with switch_db(document, alias) as here:
        here.ensure_indexes()


def _default_to_majority(server: MongoClient[dict[str, Any]]) -> None:
    default = server.admin.command("getDefaultRWConcern").get("defaultWriteConcern", {})
    if default.get("w") == "majority" and default.get("wtimeout"):
        return
    try:
        server.admin.command("setDefaultRWConcern", defaultWriteConcern={"w": "majority", "wtimeout": 10_000})
    except OperationFailure as error:
        if error.code != UNAUTHORIZED or default.get("w") != "majority":
            raise
