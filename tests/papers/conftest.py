"""Free papers at every point of their life."""

import pytest

from app.config import Config
from app.factory import create_app
from app.policy.terms import Role
from app.services.core import rules
from tests.builders import cases
from tests.builders.papers import NOW
from tests.builders.screens import Browser


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")
    cases.contacts()


@pytest.fixture
def sign_in(db, clock, tmp_path):
    clock.set(NOW.isoformat())
    app = create_app(
        Config(
            mongodb_uri=db.uri,
            secret_key="k" * 64,
            trusted_hosts=("localhost",),
            clock_file=clock.file,
            var_dir=tmp_path,
        )
    )
    people = {
        name: cases.account(name, role, password_changed_at=NOW)
        for name, role in (
            ("city", Role.CITY),
            ("lead", Role.CITY_LEAD),
            ("county", Role.COUNTY),
            ("admin", Role.ADMIN),
        )
    }
    return lambda name: Browser(app, people[name])
