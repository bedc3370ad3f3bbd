"""The shell with nothing in it, and a browser that may attack it."""

import pytest

from tests.builders.accounts import cheap_hash, make, now  # noqa: F401
from tests.builders.shell import Browser, app, uri  # noqa: F401


@pytest.fixture
def browser(app):  # noqa: F811
    return lambda: Browser(app)
