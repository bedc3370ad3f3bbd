"""Accounts as situations, and a cheap hash."""

from tests.builders.accounts import cheap_hash, make, now  # noqa: F401
