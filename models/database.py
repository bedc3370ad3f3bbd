"""Connection and transactions: the one place that knows how MongoEngine meets MongoDB."""

import functools
import importlib
import pkgutil
import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import mongoengine
from mongoengine import signals
from mongoengine.base.common import _document_registry
from mongoengine.connection import get_connection
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure, PyMongoError

import models

T = TypeVar("T")
P = ParamSpec("P")

ALIASES = {"default": "", "tips": "_tips", "audit": "_audit"}
SAFE_VERSIONS = {6: (6, 0, 30), 7: (7, 0, 48), 8: (8, 0, 37)}  # below: known remote holes
RETRY_SECONDS = 20  # seconds: longer than a failover, shorter than a user's patience
OWNER = "owner-"
UNAUTHORIZED = 13


class DatabaseRefused(Exception):
    """Reason in Chinese why the server cannot keep the system's promises."""


class NotSaved(Exception):
    """Failure to confirm a change in time; the message is for the user."""


def connect(uri: str) -> None:
    """Register one URI for all three aliases; its path is the stem of their names."""
    mongoengine.disconnect_all()
    register(uri, prefix="")


def register(uri: str, prefix: str) -> None:
    """Register one URI for all three aliases under a prefix; its path is the stem of their names."""
    stem, shared = _split(uri)
    for alias, suffix in ALIASES.items():
        # The same string and options for each, else MongoEngine opens a client an alias and no
        # transaction could span them; so the name of the database may not stand in the string.
        mongoengine.register_connection(
            prefix + alias,
            name=stem + suffix,
            host=shared,
            tz_aware=True,
            tzinfo=ZoneInfo("Asia/Shanghai"),
            uuidRepresentation="standard",
            serverSelectionTimeoutMS=10_000,
            appname="greenladder",
        )


def _split(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    stem = parts.path.strip("/") or "greenladder"
    if "@" in parts.netloc and not {"authsource"} & {name.lower() for name in options}:
        options["authSource"] = parts.path.strip("/") or "admin"
    return stem, urlunsplit((parts.scheme, parts.netloc, "/", urlencode(options), ""))


def client() -> MongoClient[dict[str, Any]]:
    """Return the one client behind all aliases."""
    return get_connection("default")


def ping() -> None:
    """Ask the primary for an answer. Raises PyMongoError when there is none."""
    client().admin.command("ping")


# --- transactions ---------------------------------------------------------------------------------------

_attempt: ContextVar["_Attempt | None"] = ContextVar("attempt", default=None)


class _Attempt:
    """One run of a transaction's callback, with the bookkeeping that MongoEngine drops on save."""

    def __init__(self) -> None:
        self.saved: list[tuple[mongoengine.Document, bool, list[str]]] = []

    def run(self, work: Callable[[], T]) -> T:
        token = _attempt.set(self)
        try:
            return work()
        finally:
            _attempt.reset(token)

    def remember(self, document: mongoengine.Document) -> None:
        self.saved.append((document, document._created, document._get_changed_fields()))

    def forget(self) -> None:
        """Restore the bookkeeping from before save(): else a second run would see no change and write nothing."""
        for document, created, changed in reversed(self.saved):
            document._created = created
            document._changed_fields = changed


def _before_save(sender: type, document: mongoengine.Document, **_: object) -> None:
    if attempt := _attempt.get():
        attempt.remember(document)


signals.pre_save.connect(_before_save)


def in_transaction() -> bool:
    """Return whether the caller already runs inside transact()."""
    return _attempt.get() is not None


def transact(work: Callable[[], T]) -> T:
    """Run `work` so that all its database calls happen or none; a nested call joins the outer one.

    `work` may run several times (write conflicts, a failover): it must compute its writes from values it
    reads inside, and must not swallow database errors, because the server has then already given up the
    transaction. Its own exceptions undo everything and reach the caller. Raises NotSaved when the database
    does not confirm within 20 seconds.
    """
    if in_transaction():
        return work()
    deadline = time.monotonic() + RETRY_SECONDS
    with client().start_session() as session, session.bind():
        return _until_committed(session, work, deadline)


def transactional(verb: Callable[P, T]) -> Callable[P, T]:
    """Run a verb as one transaction, under the rules of `transact`.

    A second run gets the same arguments: a verb reads its records anew and changes none that it was given.
    """

    @functools.wraps(verb)
    def in_one_transaction(*args: P.args, **kwargs: P.kwargs) -> T:
        return transact(lambda: verb(*args, **kwargs))

    return in_one_transaction


def _until_committed(session: ClientSession, work: Callable[[], T], deadline: float) -> T:
    tries = 0
    while True:
        attempt = _Attempt()
        session.start_transaction()
        try:
            result = attempt.run(work)
            _commit(session, deadline)
            return result
        except BaseException as error:
            attempt.forget()
            if session.in_transaction:
                session.abort_transaction()
            if not _labelled(error, "TransientTransactionError"):
                raise
            if time.monotonic() > deadline:
                raise NotSaved("未保存：数据库暂时无法写入，请稍后重试。") from error
        tries += 1
        time.sleep(random.random() * min(0.005 * 1.5**tries, 0.5))


def _commit(session: ClientSession, deadline: float) -> None:
    while True:
        try:
            return session.commit_transaction()
        except PyMongoError as error:
            if not error.has_error_label("UnknownTransactionCommitResult"):
                raise
            if time.monotonic() > deadline:
                raise NotSaved("未能确认是否保存：数据库没有应答，请稍后打开核对。") from error
            time.sleep(0.1)


def _labelled(error: BaseException | None, label: str) -> bool:
    """Return whether the error, or one that MongoEngine wrapped in it, carries the server's label."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, PyMongoError) and error.has_error_label(label):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


# --- documents and server ----------------------------------------------------------------------------------


def documents() -> list[type[mongoengine.Document]]:
    """Return all document classes that have a collection."""
    for module in pkgutil.walk_packages(models.__path__, "models."):
        importlib.import_module(module.name)
    return [
        document
        for document in _document_registry.values()
        if issubclass(document, mongoengine.Document) and not document._meta.get("abstract")
    ]


def check_server(*, production: bool) -> None:
    """Demand replica set, safe version and majority writes of the server. Raises DatabaseRefused, PyMongoError."""
    admin = client().admin
    if not admin.command("hello").get("setName"):
        raise DatabaseRefused("数据库须为副本集（单节点亦可）：没有副本集就没有事务")
    version = tuple(admin.command("buildInfo")["versionArray"][:3])
    if production and version < SAFE_VERSIONS.get(version[0], min(SAFE_VERSIONS.values())):
        least = "、".join(".".join(map(str, safe)) for safe in SAFE_VERSIONS.values())
        raise DatabaseRefused(f"数据库版本 {'.'.join(map(str, version))} 有已知漏洞，至少须为 {least}")
    try:
        default = admin.command("getDefaultRWConcern").get("defaultWriteConcern", {})
    except OperationFailure as error:
        raise DatabaseRefused("数据库账户须有 getDefaultRWConcern 权限，以核对写入须多数节点确认") from error
    if default.get("w") != "majority":
        raise DatabaseRefused("数据库默认写入确认不是多数节点：请先执行 flask --app wsgi init-db")
