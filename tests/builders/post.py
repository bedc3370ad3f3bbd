"""A mail server on loopback, people to remind, and the runs of the reminder jobs."""

import itertools
from datetime import date, datetime

from app.clock import SHANGHAI
from app.policy.terms import Kind, Role
from app.services.core import messages
from app.services.reminders import digest, outbox, sending
from app.services.reminders.mail import Mailer
from app.services.reminders.sending import Channels
from models.database import transact
from models.lists import Listing
from models.reminders.deliveries import Channel
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


_serial = itertools.count(1)


def at(day: str, hour: str = "08:30") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=SHANGHAI)


def person(role: Role, **values):
    """An account with an address."""
    name = f"{role.value.replace('_', '-')}{next(_serial)}"
    return cases.account(name, role, **{"email": f"{name}@example.cn"} | values)


def listed(of=None, kind: Kind = Kind.FACTORY, **values) -> Listing:
    of = of or cases.unit(**values)
    return Listing(
        unit_id=of.pk,
        unit_name=of.name,
        area=of.area,
        kind=kind.value,
        level="municipal",
        year=2025,
        entered_on=date(2025, 9, 1),
        version=1,
    ).save()


DAY = date(2026, 4, 1)


ADDRESS = "https://lvti.example.cn"


NOW = at("2026-04-01", "08:45")


def remind(day: str = "2026-04-01"):
    return sending.send_reminders(date.fromisoformat(day), now=at(day), channels=BOTH)


def digests(day: date = DAY) -> int:
    return digest.send_digests(day, now=at(str(day), "08:45"), address=ADDRESS)


def deliver(box, now=NOW):
    with Mailer(box.url, "lvti@example.cn") as mailer:
        return outbox.deliver({Channel.MAIL: mailer.send}, clock=lambda: now)


def say(user, text="甲厂已提交申报", key="k", now=NOW):
    transact(lambda: messages.send([user.username], key, text, "/admin/", now=now))
