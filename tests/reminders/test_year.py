"""A year day by day: two schedulers, killed at random, and each reminder is sent exactly once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.policy import pack, reminders
from models.accounts.people import User
from models.lists import Listing
from models.registry.units import Unit
from models.reminders.deliveries import Delivery
from models.reminders.entries import ReminderEntry
from models.reminders.notices import Notice
from models.settings.jobs import JobRun
from tests.builders import cases

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

UNITS, AREAS, KILLS = 1000, ("445302", "445303", "445321", "445381"), 30
START, DAYS = date(2026, 1, 1), 365
ROOT = Path(__file__).resolve().parent.parent.parent


class Pair:
    """Two schedulers; `kill` ends one of them at once and starts another."""

    def __init__(self, uri, clock_file, settings):
        self.command = [sys.executable, "-m", "tests.reminders.restless", uri, str(clock_file)]
        self.environ = {**os.environ, **settings}
        self.running = [self.start(), self.start()]

    def start(self):
        return subprocess.Popen(self.command, cwd=ROOT, env=self.environ)

    def kill(self, which):
        self.running[which].send_signal(signal.SIGKILL)
        self.running[which].wait()
        self.running[which] = self.start()

    def stop(self):
        for process in self.running:
            process.kill()
            process.wait()


def populate():
    """Units with accounts and listings in four areas, each area with a clerk; everybody has an address."""
    units, users, listings = [], [], []
    for number in range(UNITS):
        area = AREAS[number % len(AREAS)]
        of = Unit(credit_code=cases.credit_code(area), name=f"演练{number}号厂", area=area, version=1)
        units.append(of)
    units = Unit.objects.insert(units)
    for number, of in enumerate(units):
        users.append(
            User(
                username=f"u{number}-x",
                name=of.name,
                role="unit",
                unit_id=of.pk,
                email=f"u{number}@example.cn",
            )
        )
        listings.append(
            Listing(
                unit_id=of.pk,
                unit_name=of.name,
                area=of.area,
                kind="factory",
                level="municipal",
                year=2025,
                entered_on=date(2025, 9, 1),
                version=1,
            )
        )
    users += [User(username=f"county-{area}", name=area, role="county", area=area) for area in AREAS]
    users.append(User(username="city-x", name="市局", role="city", email="city@example.cn"))
    User.objects.insert(users)
    Listing.objects.insert(listings)
    return units


def owed_by_hand(units):
    """(step, recipient, unit) of the whole year, counted without the program."""
    clerk = {area: f"county-{area}" for area in AREAS}
    steps = ("03-15", "04-01", "04-10", "04-16")
    by_unit = [(step, f"u{number}-x", of.pk) for number, of in enumerate(units) for step in steps]
    by_clerk = [(step, clerk[of.area], of.pk) for of in units for step in steps]
    return by_unit + by_clerk + [("UP", "city-x", of.pk) for of in units]


def caught_up(day):
    for job in ("send-reminders", "send-digests"):
        if not JobRun.objects(job=job, period=str(day), state="done"):
            return False
    return not Delivery.objects(state="queued").count()


def set_clock(file, instant):
    """In one piece: the schedulers read it all the time."""
    draft = file.with_suffix(".draft")
    draft.write_text(instant, encoding="utf-8")
    draft.replace(file)


def wait_for(day, file, pair, kills, seconds=600):
    """Wait until the day's work is done, however slow the machine; its hours pass, so that killed senders are replaced."""
    start = time.monotonic()
    set_clock(file, f"{day}T09:00")
    while not caught_up(day):
        passed = time.monotonic() - start
        assert passed < seconds, [run.to_mongo() for run in JobRun.objects(period=str(day))]
        hour, part = divmod(int(min(passed, 139)), 10)
        set_clock(file, f"{day}T{9 + hour:02}:{part * 6:02}")
        if kills and random.random() < 0.25:
            pair.kill(random.randrange(2))
            kills.pop()
        time.sleep(0.02)


def test_a_year_of_reminders_is_sent_exactly_once(db, clock, postbox, tmp_path):
    units = populate()
    expected = owed_by_hand(units)
    assert len(expected) == UNITS * 9
    clock.set(f"{START}T09:00")
    settings = {"VAR_DIR": str(tmp_path), "SMTP_URL": postbox.url, "MAIL_FROM": "lvti@example.cn"}
    pair, kills = Pair(db.uri, clock.file, settings), list(range(KILLS))
    values = {key: row.value for key, row in pack.load("yunfu").discretion.items()}
    busy = {
        step.day for step in reminders.steps(reminders.RULES["annual_report"], date(2026, 4, 15), values, {})
    }
    try:
        for offset in range(DAYS):
            day = START + timedelta(days=offset)
            # Kills fall where work is done: on the days of steps, and now and then on a quiet day.
            wait_for(day, clock.file, pair, kills if day in busy or offset % 40 == 0 else [])
    finally:
        pair.stop()
    assert len(kills) < KILLS, "nobody was killed"
    sent = Counter((entry.step, entry.recipient, entry.unit_id) for entry in ReminderEntry.objects)
    assert sent == Counter(expected)
    # Each unit's message once a step; a clerk's messages name all their units of the step together.
    notices = Counter((notice.username, notice.key) for notice in Notice.objects)
    assert set(notices.values()) == {1}
    assert sum(name.startswith("u") for name, _ in notices) == UNITS * 4
    assert Notice.objects(username__startswith="county-").count() == len(AREAS) * 4
    mails = Counter((mail["To"], mail["Subject"]) for mail in postbox.mails)
    assert len({mail["Message-ID"] for mail in postbox.mails}) == len(mails) == UNITS * 4 + 1
    assert {entry.mail for entry in ReminderEntry.objects(recipient__startswith="u")} == {"sent"}
