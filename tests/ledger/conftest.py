"""People who import, the two ledgers, and a made one of any length."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from app.clock import SHANGHAI
from app.policy.access import Actor
from app.policy.terms import Role
from app.services.core import rules

DATA = Path(__file__).parent.parent / "data"
NOW = datetime(2026, 5, 18, 9, 30, tzinfo=SHANGHAI)


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
