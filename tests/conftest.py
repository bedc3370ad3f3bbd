"""A real MongoDB for the whole run, emptied before each test that asks for it, and a clock to set."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from app import clock as app_clock
from app import embedded
from models import database, schema

pytest_plugins = ("tests.builders.screens",)


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Embedded]:
    """The embedded database in a folder of its own, with all collections and indexes."""
    server = embedded.start(tmp_path_factory.mktemp("var"))
    database.connect(server.uri)
    schema.init_db(server.owner_uri)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def owner(mongod: embedded.Embedded) -> Iterator[MongoClient[dict[str, Any]]]:
    """A client that may do everything, also in the audit database."""
    with MongoClient(mongod.owner_uri) as client:
        yield client


@pytest.fixture
def db(mongod: embedded.Embedded, owner: MongoClient[dict[str, Any]]) -> embedded.Embedded:
    """The connected, empty database."""
    database.connect(mongod.uri)  # a test may have connected elsewhere
    for suffix in database.ALIASES.values():
        stem = owner[embedded.STEM + suffix]
        for name in stem.list_collection_names(filter={"name": {"$not": {"$regex": "^(system\\.|schema$)"}}}):
            stem[name].delete_many({})
    return mongod


class SettableClock:
    """The made clock of a test: web, jobs and services read it like the real one."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set("2026-04-01T09:00")

    def set(self, instant: str) -> datetime:
        """Move to an instant in Shanghai time; returns it, aware."""
        draft = self.file.with_suffix(".new")
        draft.write_text(instant, encoding="utf-8")
        draft.replace(self.file)  # the threads of a server read it meanwhile
        return app_clock.read_instant(self.file)

    def forward(self, **span: float) -> datetime:
        """Move on by a timedelta's arguments."""
        return self.set((app_clock.now() + timedelta(**span)).isoformat())


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[SettableClock]:
    """A clock that stands at 2026-04-01 09:00 until the test moves it."""
    made = SettableClock(tmp_path / "instant")
    app_clock.configure(made.file)
    yield made
    app_clock.configure(None)
