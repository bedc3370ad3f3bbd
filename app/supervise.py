"""The single-machine command: starts, watches and stops database, web server and scheduler together."""

import contextlib
import http.client
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app import embedded
from app.config import LOOPBACK, ROOT, Config, ConfigError
from app.process import Child
from models import database, schema
from models.accounts.people import User

WEB_SECONDS = 60  # seconds until the first page must answer
PORT_FREE_SECONDS = 5  # workers of a killed predecessor notice it within a second or two
DATA_FREE_SECONDS = 10  # a predecessor that is just ending stops its database last
MAX_FAILURES = 3
WORKERS, THREADS = 2, 8


class CannotStart(Exception):
    """Reason in Chinese why nothing was started."""


def main() -> int:
    """Run until Ctrl-C or SIGTERM; return the exit status for the shell."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        config = Config.from_environment()
        with contextlib.ExitStack() as stack:
            _serve(config, stack, stopping)
    except (ConfigError, CannotStart, embedded.NotStarted, database.DatabaseRefused) as problem:
        print(f"没有启动。{problem}", file=sys.stderr)
        return 1
    return 0


def _serve(config: Config, stack: contextlib.ExitStack, stopping: threading.Event) -> None:
    _await_free(config)
    if config.mongodb_uri:
        database.connect(config.mongodb_uri)
    else:
        stack.enter_context(open_embedded(config, _start_when_free))
    database.check_server(production=bool(config.mongodb_uri))
    schema.check()
    if config.demo:
        _seed()
    empty = not _accounts()
    # Stopped in reverse: the scheduler first, then the web server, then the database.
    web = Child("web", _web(config), death_signal=signal.SIGINT, folder=ROOT)
    _start(web, stack)
    _await_web(config, web, stopping)
    _start(Child("jobs", [sys.executable, "-m", "jobs"], folder=ROOT), stack)
    if not stopping.is_set():
        _greet(config, empty)
    stopping.wait()


@contextlib.contextmanager
def open_embedded(config: Config, opener: Callable[..., embedded.Embedded]) -> Iterator[embedded.Embedded]:
    """Open the embedded database, connected and with all collections; `opener` is start or join."""
    server = opener(config.var_dir)
    try:
        database.connect(server.uri)
        if server.ours:
            schema.init_db(server.owner_uri, announce=_tell)
        yield server
    finally:
        server.stop()


def _tell(progress: str) -> None:
    """Print the progress of a migration, except on an empty database."""
    if not progress.endswith("改动 0 条。"):
        print(f"升级数据库结构：{progress}", flush=True)


def _start_when_free(var_dir: Path) -> embedded.Embedded:
    deadline = time.monotonic() + DATA_FREE_SECONDS
    while True:
        try:
            return embedded.start(var_dir)
        except embedded.AlreadyRunning:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


# Imported once before the workers fork, not once in each; only the workers connect to the database.
GUNICORN = "import app.factory, sys; from gunicorn.app.wsgiapp import run; sys.exit(run())"


def _web(config: Config) -> list[str]:
    return [
        *(sys.executable, "-c", GUNICORN, "wsgi:app"),
        *("--bind", f"{config.host}:{config.port}", "--worker-class", "gthread"),
        *("--workers", str(WORKERS), "--threads", str(THREADS)),
        *("--timeout", "120", "--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket"),
    ]


def _start(child: Child, stack: contextlib.ExitStack) -> None:
    child.start()
    stack.callback(child.stop)


def _seed() -> None:
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "demo"], cwd=ROOT, check=False)
    if done.returncode:
        raise CannotStart("演示数据没有写入。")


def _accounts() -> int:
    return User.objects.limit(1).count(with_limit_and_skip=True)


def _await_free(config: Config) -> None:
    deadline = time.monotonic() + PORT_FREE_SECONDS
    while not embedded.is_free(config.port, config.host):
        if time.monotonic() > deadline:
            raise CannotStart(f"{config.host}:{config.port} 已被占用；可用 PORT=… 另选端口。")
        time.sleep(0.2)


def _await_web(config: Config, web: Child, stopping: threading.Event) -> None:
    deadline = time.monotonic() + WEB_SECONDS
    while not stopping.wait(0.05):
        if _answers(config):
            return
        if web.failures >= MAX_FAILURES or time.monotonic() > deadline:
            raise CannotStart("网页服务没有启动，原因见上。")


def _answers(config: Config) -> bool:
    # A listening port is not enough: it listens before the workers have loaded the application.
    host = config.host if config.host in LOOPBACK else "127.0.0.1"
    connection = http.client.HTTPConnection(host, config.port, timeout=WEB_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _greet(config: Config, empty: bool) -> None:
    print(f"\n已启动：{config.public_url}/　　（按 Ctrl-C 停止）", flush=True)
    if empty:
        print(
            "还没有账号。请另开一个终端建立第一个系统管理员：\n"
            f'    make flask ARGS="create-admin admin"{_settings()}',
            flush=True,
        )


def _settings() -> str:
    var_dir = os.environ.get("VAR_DIR")
    return f" VAR_DIR={var_dir}" if var_dir else ""
