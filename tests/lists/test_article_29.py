"""第二十九条 “有效期至2029年7月1日”: a notice that began before may end; nothing begins afterwards."""

from datetime import date, datetime

import pytest

from app.clock import SHANGHAI
from app.policy.flow import NotAllowed
from app.services.core import decisions, rules
from app.services.core.by import By
from models.filing.applications import Application
from models.lists import PublicNotice
from tests.builders import cases

AFTER = datetime(2029, 7, 4, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def on_notice(first_day: date) -> Application:
    """On a notice from that day to 2029-07-03."""
    application = cases.on_notice()
    period = {"set__first_day": first_day, "set__last_day": date(2029, 7, 3)}
    PublicNotice.objects(pk=application.notice_id).update(**period)
    Application.objects(pk=application.pk).update(set__notice_last_day=date(2029, 7, 3))
    cases.recheck([application], AFTER)
    return Application.objects.get(pk=application.pk)


def test_article_29_a_notice_that_began_under_the_rules_ends_in_the_list():
    done = cases.decide("list", [on_notice(date(2029, 6, 27))], AFTER)
    assert done.lines[0].result == "done"


def test_article_29_one_that_began_afterwards_does_not():
    with pytest.raises(NotAllowed, match="第二十九条"):
        decisions.prepare("list", [on_notice(date(2029, 7, 2))], by=By(cases.CITY, AFTER))


def test_article_29_no_notice_begins_afterwards():
    application = cases.shortlisted()
    cases.recheck([application], AFTER)
    with pytest.raises(NotAllowed, match="第二十九条"):
        decisions.prepare(
            "announce", [application], details={"first_day": AFTER.date()}, by=By(cases.CITY, AFTER)
        )
