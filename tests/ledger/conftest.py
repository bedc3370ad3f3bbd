"""People who import, the two ledgers, and a made one of any length."""

from collections.abc import Callable

import pytest

from app import clock as app_clock
from app.config import Config
from app.factory import create_app
from app.policy.access import Actor
from app.policy.terms import Role
from app.services.core import rules
from models.accounts.people import User
from tests.builders.ledger import DATA, NOW
from tests.builders.screens import Browser


@pytest.fixture(autouse=True)
def _ready(db) -> None:
    rules.use("yunfu")


@pytest.fixture
def city() -> Actor:
    return Actor("city", "市局经办", Role.CITY)


@pytest.fixture
def county() -> Callable[[str], Actor]:
    return lambda area, name="county": Actor(name, "县级经办", Role.COUNTY, area=area)


@pytest.fixture
def sample() -> bytes:
    return (DATA / "推荐汇总表-样例.xlsx").read_bytes()


@pytest.fixture
def faulty() -> bytes:
    return (DATA / "推荐汇总表-含错误.xlsx").read_bytes()


@pytest.fixture(scope="module")
def app(mongod, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wizard")
    instant = folder / "instant"
    instant.write_text(NOW.isoformat(), encoding="utf-8")
    yield create_app(
        Config(
            mongodb_uri=mongod.uri,
            secret_key="k" * 64,
            trusted_hosts=("localhost",),
            clock_file=instant,
            var_dir=folder,
        )
    )
    app_clock.configure(None)


@pytest.fixture
def signed_in(app, db):
    def make(role, username="", **scope):
        user = User(
            username=username or role,
            name=f"{role}甲",
            role=role,
            must_change_password=False,
            password_changed_at=NOW,
            version=1,
            **scope,
        ).save()
        return Browser(app, user)

    return make
