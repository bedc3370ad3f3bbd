"""Chosen columns, named views, and the next record of the list that somebody came from."""

import csv
import io
from datetime import date
from urllib.parse import quote

import pytest
from bson import ObjectId
from lxml import html as parser

from app.policy.terms import Role
from app.services.core import batches, rules
from app.services.core.by import By
from models.accounts.people import User
from models.registry.units import Honour, Unit
from models.settings.saved_views import SavedView
from tests.builders import cases
from tests.builders.screens import Browser
from tests.builders.world import NOW, OURS, OWN, THEIRS


def heads(text):
    return [
        one.text_content().strip()
        for one in parser.fromstring(text).xpath('//th[starts-with(@class,"col-")]')
    ]


def shelf(text):
    return [
        one.text_content().strip()
        for one in parser.fromstring(text).xpath('//ul[contains(@class,"views")]//a')
    ]


# --- columns ---


def test_a_list_and_its_export_show_the_chosen_columns_in_their_order(browser, world):
    city = browser("city")
    assert heads(city.get("/admin/unit/?cols=legal_person,name").text) == ["法定代表人", "单位名称"]
    rows = csv.reader(
        io.StringIO(city.get("/admin/unit/export/csv/?cols=legal_person,name").text.lstrip("\ufeff"))
    )
    assert next(rows) == ["法定代表人", "单位名称"]


def test_nothing_can_be_chosen_that_the_page_of_the_record_does_not_show(browser, world):
    assert "统一社会信用代码" not in heads(
        browser("evaluator").get("/admin/listing/?cols=credit_code&year=all").text
    )
    usual = heads(browser("city").get("/admin/unit/").text)
    for name in ("search_text", "park_id", "version", "password_hash", "_id", "' or 1"):
        assert heads(browser("city").get("/admin/unit/", query_string={"cols": name}).text) == usual


def test_a_chosen_contact_stays_masked_in_list_and_export(browser, world):
    city = browser("city")
    assert "138****8001" in city.get("/admin/unit/?cols=name,contacts").text
    for url in ("/admin/unit/?cols=name,contacts", "/admin/unit/export/csv/?cols=name,contacts"):
        assert OWN["phone"] not in city.get(url).text


def test_codes_of_closed_choices_are_words_in_lists_pages_and_exports(browser, world):
    city, one = browser("city"), world.ours.records["evaluator"]
    type(one).objects(pk=one.pk).update(set__services=["promotion"])
    for url in (
        "/admin/evaluator/",
        f"/admin/evaluator/details/?id={one.pk}",
        "/admin/evaluator/export/csv/",
    ):
        text = city.get(url).text
        assert "宣贯" in text and "promotion" not in text, url


def test_an_honour_that_has_run_out_is_marked_and_no_longer_found(browser, world):
    unit, city = world.ours.unit, browser("city")
    labels = {one.key: one.label for one in rules.pack().honours}
    code = next(iter(labels))
    for until, held in ((date(2026, 6, 21), False), (date(2026, 6, 22), True), (None, True)):
        Unit.objects(pk=unit.pk).update(set__honours=[Honour(code=code, expires_on=until)])
        found = city.get("/admin/unit/", query_string={"flt0_honours_code": code}).text
        assert (unit.name in found) is held, until
        for url in (f"/admin/unit/details/?id={unit.pk}", "/admin/unit/?cols=name,honours"):
            shown = city.get(url).text
            assert labels[code] in shown and ("已过期" in shown) is not held, (url, until)
    Unit.objects(pk=unit.pk).update(set__honours=[])


# --- named views ---


@pytest.fixture
def person(app, world):
    made = []

    def opened(name, role, **scope):
        made.append(cases.account(name, role, password_changed_at=NOW, **scope))
        return Browser(app, made[-1])

    yield opened
    for one in made:
        one.delete()
    SavedView.objects.delete()


def keep(who, name, url, **more):
    answer = who.post("/admin/unit/views/", {"name": name, "url": url, **more}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_a_view_brings_back_conditions_and_columns_for_its_owner_alone(person):
    mine, other = (person(f"county-{n}", Role.COUNTY, area=OURS) for n in "ab")
    keep(mine, "名单核对", "/admin/unit/?cols=name&search=机械&page=3&other=x")
    assert (
        shelf(mine.get("/admin/unit/").text) == ["名单核对"] and shelf(other.get("/admin/unit/").text) == []
    )
    kept = SavedView.objects.get()
    assert kept.query == f"cols=name&search={quote('机械')}"  # neither the page nor what is no condition
    page = mine.get(f"/admin/unit/?{kept.query}").text
    assert heads(page) == ["单位名称"] and OWN["unit"] in page
    keep(mine, "名单核对", "/admin/unit/?cols=name,area")
    assert (
        SavedView.objects.get().query == "cols=name%2Carea"
    )  # the same name again takes the new conditions over


def test_a_shared_view_is_seen_by_who_sees_the_same_rows_and_nobody_else(person):
    mine, colleague = (person(f"county-{n}", Role.COUNTY, area=OURS) for n in "ab")
    foreign, city = person("county-c", Role.COUNTY, area=THEIRS), person("city-c", Role.CITY)
    keep(mine, "待查", f"/admin/unit/?search={OWN['unit']}", shared="1")
    assert "待查" in shelf(colleague.get("/admin/unit/").text)[0]
    for other in (foreign, city):
        assert shelf(other.get("/admin/unit/").text) == []
    text = colleague.post("/admin/unit/views/", {"drop": "待查"}, follow_redirects=True).text
    assert "只能由建立人删除" in text and SavedView.objects.count() == 1
    mine.post("/admin/unit/views/", {"drop": "待查"})
    assert not SavedView.objects


def test_a_view_needs_a_name_and_never_leads_elsewhere(person):
    city = person("city-d", Role.CITY)
    assert "请给视图起一个名称" in keep(city, "  ", "/admin/unit/?search=甲")
    keep(city, "外", "https://evil.example/?search=甲&flt0_area=445302")
    assert SavedView.objects.get().query == ""


# --- the list that one came from ---


@pytest.fixture
def row(world):
    """Units without a name among others: nothing sorts first, and is stepped through like everything else."""
    names = [None, None, "甲厂", "乙厂", "丙厂", "丙厂"]
    rows = [
        {
            "_id": ObjectId(),
            "credit_code": f"91445302TEST{number:06d}",
            "area": OURS,
            "kinds": ["park"],
            "version": 1,
        }
        | ({"name": name} if name else {})
        for number, name in enumerate(names)
    ]
    Unit._get_collection().insert_many(rows)
    yield
    Unit._get_collection().delete_many({"_id": {"$in": [one["_id"] for one in rows]}})


def key_of(url):
    return url.split("id=")[1].split("&")[0]


def steps(client, url, rel):
    """The records from this page on, by its links."""
    passed = []
    while url:
        passed.append(key_of(url))
        url = next(iter(parser.fromstring(client.get(url).text).xpath(f'//a[@rel="{rel}"]/@href')), None)
    return passed


@pytest.mark.parametrize(
    "query", ["flt0_kinds=park", "flt0_kinds=park&sort=0&desc=1", "flt0_kinds=park&sort=1"]
)
def test_next_and_previous_follow_the_order_and_the_conditions_of_the_list(query, browser, row):
    city = browser("city")
    lines = parser.fromstring(city.get(f"/admin/unit/?{query}").text).xpath(
        '//td[contains(@class,"is-first")]/a/@href'
    )
    listed = [key_of(line) for line in lines]
    assert len(listed) == 6
    assert steps(city, lines[0], "next") == listed
    assert steps(city, lines[-1], "prev") == listed[::-1]


def test_a_step_goes_back_to_the_record_within_its_list(browser, world):
    county, one = browser("county"), world.former_application
    back = "/admin/application/?tab=draft"
    answer = county.post(
        "/admin/application/step/", {"id": one.pk, "action": "recommend", "version": "1", "url": back}
    )
    assert answer.status_code == 302 and answer.headers["Location"].endswith(quote(back, safe="/?"))


def test_the_menu_counts_what_waits_on_each_screen(browser, world):
    page = parser.fromstring(browser("city_lead").get("/admin/").text)
    item = page.xpath('//nav[@id="menu"]//a[@href="/admin/decision/"]')[0]
    assert item.xpath('.//span[@class="count"]')[0].text_content() == "1"


def test_a_batchs_result_stays_at_its_address_for_who_started_it(app, browser, world):
    case = cases.at_city(cases.unit(name="云城待复核有限公司"))
    rows = [str(case.pk)]
    data = {
        "action": "recheck",
        "source": "信用中国",
        "rowid": rows,
        "confirm": "1",
        "url": "/admin/application/?tab=listed&year=all",
    }
    done = browser("city").post("/admin/application/action/", data)
    assert done.status_code == 302
    address = done.headers["Location"]
    for _ in range(2):
        page = browser("city").get(address)
        assert page.status_code == 200 and case.unit_name in page.text and "已办理" in page.text
        assert "tab=listed&amp;year=all" in page.text  # and back to the list that it was started from
    for other in ("county", "city_lead", "unit"):
        assert browser(other).get(address).status_code == 404


def test_a_batchs_result_stays_in_the_county_where_it_was_made(browser, world):
    county = browser("county")
    kept = batches.save_results(
        "办理结果", "application", [], back="/admin/application/", by=By(county.user.actor(), NOW)
    )
    address = f"/admin/application/result/?id={kept.pk}"
    assert county.get(address).status_code == 200
    User.objects(username="county1").update(set__area=THEIRS)  # they work for another county now
    assert county.get(address).status_code == 404
    User.objects(username="county1").update(set__area=OURS)


def test_a_list_is_filtered_by_an_institution_that_the_reader_sees(browser, world):
    city, own = browser("city"), world.ours.records["evaluator"]
    text = city.get(f"/admin/evaluation/?year=all&flt0_evaluator_id={own.pk}").text
    names = [
        one.text_content()
        for one in parser.fromstring(text).xpath('//td[contains(@class,"col-evaluator_name")]')
    ]
    assert names and set(names) == {own.name}
    page = browser("evaluator").get("/admin/engagement/?year=all").text
    assert world.theirs.records["evaluator"].name not in page
    foreign = f"/admin/engagement/?year=all&flt0_evaluator_id={world.theirs.records['evaluator'].pk}"
    assert "的值不对" in browser("evaluator").get(foreign).text
    assert city.get("/admin/evaluation/?flt0_evaluator_id=x").status_code == 404


def test_the_page_says_until_when(browser, world):
    page = (
        browser("county").get(f"/admin/application/details/?id={world.ours.records['application'].pk}").text
    )
    head = parser.fromstring(page).xpath('//dl[@class="header-facts"]')[0].text_content()
    assert "提交评价报告" in head and "2026年4月30日（已过）" in " ".join(head.split())


# --- what is hidden is not found out by asking for it ---


def test_a_hidden_code_is_not_found_piece_by_piece(app, browser, world):
    """Letters and digits of a code find nothing for who may not read it; names, former names and digits in names do."""
    entry = world.theirs.records["listing"]
    code, name = entry.credit_code, entry.unit_name
    for text in (code, code[4:12], code[-2:], "."):
        assert name not in browser("evaluator").get(f"/admin/listing/?year=all&search={text}").text, text
        assert name not in app.test_client().get(f"/?q={text}").text, text
    for text in (name[2:6], world.theirs.words["former"][2:]):
        assert name in browser("evaluator").get(f"/admin/listing/?year=all&search={text}").text, text
        assert name in app.test_client().get(f"/?q={text}").text, text
    assert "曾用名、代码" not in browser("evaluator").get("/admin/listing/").text
    assert name in browser("city").get(f"/admin/listing/?year=all&search={code[4:12]}").text
