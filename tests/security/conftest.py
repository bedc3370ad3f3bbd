"""The shell with nothing in it: an application of these parts and a few views made to be attacked."""

import pytest

from tests.builders.accounts import PASSWORD  # noqa: F401
from tests.builders.shell import Browser


@pytest.fixture
def browser(app):
    return lambda: Browser(app)
