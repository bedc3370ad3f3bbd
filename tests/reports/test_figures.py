"""Where the year stands on the workbench: counted in own rows, each number leads to the list that it counts."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from app.policy.filing import cultivation
from app.policy.terms import Role
from app.services.core.by import By
from app.services.desk import figures
from models.filing.applications import Application
from tests.builders import cases, reports

pytestmark = pytest.mark.usefixtures("db")
LATER = reports.LATE_APRIL


def a_year() -> None:
    """Two filed in time, one late and one owing in 云城区, one owing in 罗定市; applications of three stages."""
    (
        reports.filed(),
        reports.filed(cells={"water": "60824"}),
        reports.listed(),
        reports.listed(cases.ELSEWHERE),
    )
    reports.filed(now=LATER, head={"submitted_on": LATER.date()})
    cases.draft(cases.unit())
    cases.cultivated()
    Application.objects(pk=cases.cultivated().pk).update(set__stage="listed", set__area=cases.ELSEWHERE)


def test_the_year_of_all_areas_and_of_one():
    a_year()
    found = figures.year_figures(By(cases.CITY, LATER))
    assert found.funnel == (3, 2, 2, 1, 1)
    assert (found.due, found.filed, found.overdue) == (5, 3, 2)
    areas = {one.area.code: one for one in found.areas}
    assert len(areas) == 6 and areas[cases.AREA].reached == (2, 1, 1, 0, 0)
    here, there = areas[cases.AREA], areas[cases.ELSEWHERE]
    assert (here.listed, here.due, here.filed, here.overdue) == (4, 4, 3, 1)
    assert (there.reached, there.due, there.filed) == ((1, 1, 1, 1, 1), 1, 0)
    own = figures.year_figures(By(cases.actor(Role.COUNTY), LATER))
    assert [one.area.code for one in own.areas] == [cases.AREA] and own.funnel == (2, 1, 1, 0, 0)
    assert (own.due, own.filed, own.overdue) == (4, 3, 1)


def test_every_number_leads_to_the_list_that_it_counts(signed_in, at):
    a_year()
    at(LATER)
    city = signed_in("city")
    page = city.get("/admin/figures/", headers={"X-Fragment": "1"}).text
    numbers = re.findall(r'<td class="num"[^>]*><a href="([^"]+)"[^>]*>(\d+)</a>', page)
    numbers += re.findall(r'<li><a href="([^"]+)"><span>[^<]+</span><b>(\d+)</b>', page)
    assert len(numbers) >= 14
    for url, count in numbers:
        text = city.get(unescape(url)).text
        shown = re.search(r"(\d+) 份；国家|共 <b>(\d+)</b>", text) or pytest.fail(url)
        assert count in shown.groups(), url


def test_trends_are_read_later_and_each_has_its_table_and_links(signed_in, at):
    a_year()
    at(LATER)
    first = signed_in("county", area=cases.AREA).get("/admin/").text
    assert 'data-part="/admin/figures/"' in first and 'data-part="/admin/trends/"' in first
    assert "单位产值取水量" not in first, "the workbench itself reads none of it"
    page = signed_in("city").get("/admin/trends/", headers={"X-Fragment": "1"}).text
    expected = (
        "单位产值综合能耗",
        "单位产值碳排放量",
        "单位产值取水量",
        "可再生能源利用率",
        "一般工业固废综合利用率",
    )
    for title in expected:
        assert f"<h2>{title}</h2>" in page
    water = (2 * Decimal("30412") + Decimal("60824")) / (3 * Decimal("21536.80"))
    (card,) = [part for part in page.split("<section") if "<h2>单位产值取水量</h2>" in part]
    assert f">{water:.3f}</a>" in card and 'data-trend="' in card and "flt1_area=445302" in card


def test_the_funnel_is_a_filter_of_the_list(signed_in):
    cases.draft(cases.unit()), cases.cultivated()
    assert [row.label for row in cultivation.FUNNEL] == ["申报", "县级推荐", "培育对象", "拟入选", "名单"]
    city = signed_in("city")
    text = city.get("/admin/application/?flt0_stage_reached=cultivated&year=all").text
    assert "已到：培育对象" in text
    assert city.get("/admin/application/?flt0_stage_reached=nonsense").status_code == 200


def test_without_anything_the_year_is_zero():
    empty = figures.year_figures(By(cases.CITY, LATER))
    assert empty.funnel == (0,) * 5 and empty.due == 0 and date(2026, 4, 15) < LATER.date()
