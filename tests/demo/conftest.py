"""The story, told once for all tests of this folder, in a database of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from app import clock as app_clock
from app import embedded
from app.services.core import rules
from models import database
from tests.builders.demo import tell

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=app_clock.SHANGHAI)


@dataclass(frozen=True)
class Told:
    """A seeded database and what the command printed."""

    server: embedded.Embedded
    printed: str
    now: datetime

    @property
    def var_dir(self) -> Path:
        return self.server.var_dir

    def hashes(self) -> dict[str, Any]:
        """Digests of every collection of the three databases."""
        found = {}
        with MongoClient(self.server.owner_uri) as owner:
            for suffix in database.ALIASES.values():
                name = embedded.STEM + suffix
                found |= {
                    f"{name}.{one}": md5 for one, md5 in owner[name].command("dbHash")["collections"].items()
                }
        return found


@pytest.fixture(scope="session")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    server, printed = tell(tmp_path_factory.mktemp("demo"), NOW)
    yield Told(server, printed, NOW)
    server.stop()


@pytest.fixture
def told(_told: Told) -> Told:
    """The seeded database, connected: another test may have connected elsewhere."""
    database.connect(_told.server.uri)
    rules.use("yunfu")
    return _told
