"""A real mail server on loopback, people to remind, and the channels that the settings would give."""

import socket

import pytest
from aiosmtpd.controller import Controller

from tests.builders.post import Postbox


@pytest.fixture
def postbox():
    """A running SMTP server; `url` is what SMTP_URL would be."""
    box = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    server.stop()
