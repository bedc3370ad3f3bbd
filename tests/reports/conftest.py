"""The screens of annual reports with somebody signed in, on a day that a test may move."""

import pytest

from app import clock as app_clock
from app.config import Config
from app.factory import create_app
from app.services.core import rules
from models.accounts.people import User
from tests.builders import cases, reports
from tests.builders.screens import Browser


@pytest.fixture(scope="module")
def app(mongod, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    instant = folder / "instant"
    instant.write_text(reports.MARCH.isoformat(), encoding="utf-8")
    config = Config(
        mongodb_uri=mongod.uri,
        secret_key="k" * 64,
        trusted_hosts=("localhost",),
        clock_file=instant,
        var_dir=folder,
    )
    yield create_app(config)
    app_clock.configure(None)


@pytest.fixture
def signed_in(app, db):
    rules.use("yunfu")

    def make(role, **scope):
        user = User(
            username=role,
            name=f"{role}甲",
            role=role,
            must_change_password=False,
            password_changed_at=reports.MARCH,
            version=1,
            **scope,
        )
        return Browser(app, user.save())

    return make


@pytest.fixture
def county(signed_in):
    return signed_in("county", area=cases.AREA)


@pytest.fixture
def at(app):
    """at(moment) moves the day; the next test is back in March."""
    file = app.config["SETTINGS"].clock_file
    yield lambda moment: file.write_text(moment.isoformat(), encoding="utf-8")
    file.write_text(reports.MARCH.isoformat(), encoding="utf-8")
