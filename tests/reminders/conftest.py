"""A real mail server on loopback, people to remind, and the channels that the settings would give."""

import itertools
import socket
from datetime import datetime

import pytest
from aiosmtpd.controller import Controller

from app.clock import SHANGHAI
from app.policy.terms import Role
from app.services.reminders.sending import Channels
from tests.builders import cases

BOTH = Channels(mail=True, webhook=True)


class Postbox:
    """Takes mail like a server; refuses the addresses that it is told to, for ever or for now."""

    def __init__(self):
        self.mails, self.unknown, self.busy = [], set(), set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.unknown:
            return "550 5.1.1 no such user"
        if address in self.busy:
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        from email import message_from_bytes, policy

        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


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


_serial = itertools.count(1)


def at(day: str, hour: str = "08:30") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=SHANGHAI)


def person(role: Role, **values):
    """An account with an address."""
    name = f"{role.value.replace('_', '-')}{next(_serial)}"
    return cases.account(name, role, **{"email": f"{name}@example.cn"} | values)
