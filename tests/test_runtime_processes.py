"""One command runs it all, survives kill -9 of any part, and leaves nothing behind."""

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pymongo import MongoClient

from app import embedded
from app.config import uri_file

ROOT = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


class System:
    """`python wsgi.py` in a folder and on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = next(
            port for port in iter(lambda: random.randrange(20_000, 32_000), 0) if embedded.is_free(port)
        )
        self.log = folder / "run.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **environ: str) -> float:
        """Start it and return the seconds to the first page."""
        self.launch(**environ)
        began = time.monotonic()
        wait(lambda: self.answers() or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.log.read_text()
        took = time.monotonic() - began
        wait(lambda: len(self.children()) == 3, 30)  # the scheduler starts after the first page
        return took

    def launch(self, **environ: str) -> None:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        settings = {"VAR_DIR": str(self.folder / "var"), "PORT": str(self.port), "PYTHONUTF8": "1"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "wsgi.py"],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env=inherited | settings | environ,
            )

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False

    def children(self) -> dict[str, int]:
        return {kind: pid for pid in descend(self.process.pid, 1) if (kind := kind_of(pid))}

    def everyone(self) -> list[int]:
        return [self.process.pid, *descend(self.process.pid, 9)]

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)


def descend(pid: int, depth: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *(descend(int(child), depth - 1) if depth > 1 else ())]
    return found


def kind_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        line = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
        return next(
            (kind for kind in ("mongod", "gunicorn", "jobs") if kind in line.split("--dbpath")[0]), ""
        )
    return ""


def alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def wait(condition: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    made = System(tmp_path)
    yield made
    if made.process and made.process.poll() is None:
        made.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_everything_that_it_started(system, number):
    system.start()
    everyone = system.everyone()
    assert set(system.children()) == {"mongod", "gunicorn", "jobs"}
    assert system.end(number) == 0
    wait(lambda: not any(map(alive, everyone)), 5)
    assert not uri_file(system.folder / "var").exists()
    output = system.log.read_text()
    assert f"http://127.0.0.1:{system.port}/" in output
    assert "还没有账号" in output


def test_the_second_start_shows_a_page_within_five_seconds(system):
    system.start()
    system.end()
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import app.factory"], cwd=ROOT, check=True)
    imports = (
        time.monotonic() - began
    )  # about one second on two idle cores; a busy machine takes longer for all
    assert system.start() < 5 * max(imports, 1)


@pytest.mark.parametrize("kind", ["mongod", "gunicorn", "jobs"])
def test_a_killed_part_comes_back(system, kind):
    system.start()
    before = system.children()
    os.kill(before[kind], signal.SIGKILL)
    wait(lambda: system.children().get(kind, before[kind]) != before[kind], 30)
    wait(system.answers, 60)
    others = {name: pid for name, pid in before.items() if name != kind}
    assert others.items() <= system.children().items()


def test_nothing_outlives_a_killed_supervisor_and_it_starts_again(system):
    system.start()
    with MongoClient(uri_file(system.folder / "var").read_text()) as client:
        client[embedded.STEM].kept.insert_one({"_id": 1})
    everyone = system.everyone()
    system.end(signal.SIGKILL)
    assert system.start() < 20  # at once, over the dying remains
    wait(lambda: not any(map(alive, everyone)), 5)
    with MongoClient(uri_file(system.folder / "var").read_text()) as client:
        assert client[embedded.STEM].kept.count_documents({}) == 1


def test_it_survives_being_killed_at_any_moment_of_its_first_start(system):
    for pause in (0.05, 0.3, 0.6, 0.9, 1.2, 1.6, 2.0):
        system.launch()
        time.sleep(pause)
        system.end(signal.SIGKILL)
    system.start()


def test_a_port_taken_by_another_program_is_replaced(system):
    system.start()
    port = int((system.folder / "var" / "mongo" / "port").read_text())
    system.end()
    with HTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        system.start()
        other.shutdown()
        assert int((system.folder / "var" / "mongo" / "port").read_text()) != port


def test_a_second_one_in_the_same_folder_is_refused_in_words(system, tmp_path):
    system.start()
    second = System(tmp_path)
    second.log = tmp_path / "second.log"
    second.launch()
    assert second.process.wait(30) == 1
    assert "另一个进程" in second.log.read_text()
    assert system.answers()


def test_a_taken_web_port_is_refused_in_words(system):
    with socket.create_server(("127.0.0.1", system.port)):
        system.launch()
        assert system.process.wait(30) == 1
    assert "已被占用" in system.log.read_text()


def test_wrong_settings_are_refused_in_words(system):
    system.launch(PROXY_HOPS="many", DEMO="maybe")
    assert system.process.wait(30) == 1
    output = system.log.read_text()
    assert "PROXY_HOPS" in output
    assert "DEMO" in output
    assert "Traceback" not in output


def test_a_command_uses_the_running_database_else_starts_and_stops_its_own(system):
    environ = os.environ | {"VAR_DIR": str(system.folder / "var")}
    code = "from wsgi import app; from models.accounts.people import User; User.objects.count(); print('counted')"
    command = [sys.executable, "-c", f"import os; os.environ['FLASK_RUN_FROM_CLI'] = 'true'; {code}"]

    def run() -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout

    assert "counted" in run()
    assert not uri_file(system.folder / "var").exists()
    system.start()
    mongod = system.children()["mongod"]
    assert "counted" in run()
    assert system.children()["mongod"] == mongod
    assert system.answers()
