"""A record about several areas: each county sees its own part of it, in the table and in the history."""

import pytest

from app.policy.terms import Role
from app.services.core import decisions
from app.services.core.by import By
from tests.builders import cases
from tests.builders.screens import Browser
from tests.builders.world import NOW


@pytest.fixture
def shared(app, world):
    """One decision on a case of ours and one of theirs, carried out."""
    now = cases.MAY
    ours = cases.at_city(cases.unit(name="云城同批有限公司"))
    theirs = cases.at_city(cases.unit(area=cases.ELSEWHERE, name="罗定同批有限公司"))
    made = decisions.prepare("confirm", [ours, theirs], by=By(cases.CITY, now))
    return decisions.approve(made, by=By(cases.LEAD, now))


def test_a_county_reads_nothing_of_anothers_case_in_a_decision(app, shared):
    county = cases.account("county-shared", Role.COUNTY, area=cases.AREA, password_changed_at=NOW)
    page = Browser(app, county).get(f"/admin/decision/details/?id={shared.pk}")
    assert page.status_code == 200 and "云城同批有限公司" in page.text
    assert "罗定同批" not in page.text
    assert f"{shared.number}，1 家" in page.text and "2 家" not in page.text
    own = next(line.record_id for line in shared.lines if line.area == cases.AREA)
    case = Browser(app, county).get(f"/admin/application/details/?id={own}").text
    assert f"{shared.number}，1 家" in case and "2 家" not in case
    city = Browser(app, cases.account("city-shared", Role.CITY, password_changed_at=NOW)).get(
        f"/admin/decision/details/?id={shared.pk}"
    )
    assert "罗定同批有限公司" in city.text


def test_who_is_judged_does_not_read_who_scored_what(app, world):
    application = cases.scored(cases.unit(name="云城打分有限公司"))
    address = f"/admin/application/details/?id={application.pk}"
    county = cases.account("county-scored", Role.COUNTY, area=cases.AREA, password_changed_at=NOW)
    city = cases.account("city-scored", Role.CITY, password_changed_at=NOW)
    assert "达到要求。" in Browser(app, city).get(address).text
    page = Browser(app, county).get(address)
    assert page.status_code == 200 and "达到要求。" not in page.text and "评审打分" not in page.text
