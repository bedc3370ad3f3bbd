"""Accounts as situations, and a hash that does not cost a test its patience."""

import pytest
from argon2 import PasswordHasher

from app.policy.access import Actor
from app.policy.terms import Role
from app.services.accounts import passwords, people
from app.services.core.by import By

PASSWORD = "Lushui-2026-Ting"


ADMIN = Actor("admin", "管理员", Role.ADMIN, address="10.0.0.1")


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._dummy.cache_clear()
    yield
    passwords._dummy.cache_clear()


@pytest.fixture
def now(db, clock):
    return clock.set("2026-04-01T09:00")


@pytest.fixture
def make(now):
    """make("city", …) is an account with the usual password that has signed in before."""

    def made(role="city", username="", **values):
        username = username or role.replace("_", "-")
        scope = {"area": "445381"} if role == "county" else {}
        values = {"password": PASSWORD, "must_change": False, **scope, **values}
        user, _ = people.create_user(
            username=username, name="张伟", role=role, by=By(Actor.system("test"), now), **values
        )
        return user

    return made
