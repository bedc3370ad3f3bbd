"""The demo database, seeded in a folder."""

from datetime import datetime
from pathlib import Path

import pytest

from app import demo, embedded
from app.services.core import rules
from models import database, schema

PASSWORD = "演示 1"  # a tester's choice: the rules for passwords do not hold here


def tell(folder: Path, now: datetime) -> tuple[embedded.Embedded, str]:
    server = embedded.start(folder)
    database.connect(server.uri)
    schema.init_db(server.owner_uri)
    rules.use("yunfu")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMO_PASSWORD", PASSWORD)
        return server, demo.seed(folder, now=now)
