"""The story in other years: before the season is over it plays in the one before; outside the rules it is refused."""

from datetime import datetime

import pytest

from app.clock import SHANGHAI
from app.demo import story
from app.demo.season import Season
from app.policy.flow import NotAllowed
from app.services.core import rules
from app.services.lists import published
from models.filing.applications import Application
from tests.builders.demo import tell


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "now, year", [("2026-11-01T08:00", 2026), ("2026-10-31T23:59", 2025), ("2027-03-08T10:00", 2026)]
)
def test_the_season_is_the_last_that_is_over(now, year):
    assert Season(at(now), {}).year == year


def test_days_before_today_are_working_days():
    season = Season(at("2026-11-22T08:00"), {})  # a Sunday
    assert [season.ago(count).strftime("%m-%d") for count in (1, 2, 5, 6)] == [
        "11-20",
        "11-19",
        "11-16",
        "11-13",
    ]
    assert season.on(8, 1).strftime("%m-%d") == "08-03"  # a Saturday


@pytest.mark.parametrize("now", ["2024-12-01T09:00", "2029-12-01T09:00"])
def test_outside_the_rules_the_story_is_refused(now, db):
    rules.use("yunfu")
    with pytest.raises(NotAllowed, match="有效期"):
        story.tell(at(now), "")


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("now, years", [("2025-12-01T09:00", {2025}), ("2028-03-06T09:00", {2026, 2027})])
def test_the_story_holds_in_other_years(tmp_path, now, years):
    server, _ = tell(tmp_path, at(now))
    try:
        assert set(Application.objects.distinct("year")) == years
        assert published.published_notices(at(now).date())[0].open_on(at(now).date())
    finally:
        server.stop()
