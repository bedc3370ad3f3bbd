"""The traps of this stack, each attacked on every screen, with a control that the honest way still works."""

import csv
import io
import re
from collections import Counter
from datetime import date
from urllib.parse import urljoin, urlsplit

import pytest
from bson import Decimal128
from lxml import html as parser
from mongoengine import StringField
from openpyxl import load_workbook

from app.services.core import records
from app.services.core.by import By
from models.accounts.people import User
from models.filing.applications import Application
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Contact, FormerName, Honour, Unit
from models.settings.values import Holiday
from tests.builders import cases
from tests.builders.screens import fields, page, pages, raw
from tests.builders.world import NOW, OURS
from tests.tables import rights
from tests.tables.screens import CLOSED, CREATORS, EDITORS, FORMS, SCREENS, WHO


@pytest.fixture
def fresh_unit(world):
    """A unit of our county that a test may spoil."""
    made = cases.unit(
        OURS,
        contacts=[Contact(name="甘露明", phone="13800138001")],
        former_names=[FormerName(name="旧名厂")],
        honours=[Honour(code="high_tech", awarded_on=date(2024, 5, 1))] if _honour("high_tech") else [],
        products="水泥",
        industries=["3032", "3011"],
    )
    yield made
    Unit.objects(pk=made.pk).delete()


def _honour(code):
    from app.services.core import rules

    return any(one.key == code for one in rules.pack().honours)


# --- 1, 2, 3: routes of the stock view ---


@pytest.mark.parametrize("name", SCREENS)
def test_1_no_route_streams_any_file(name, browser, app, world):
    assert not [rule.rule for rule in app.url_map.iter_rules() if "api/file" in rule.rule]
    query = {"id": str(world.ours.files[0].content_id), "coll": "files", "db": "default"}
    assert browser(WHO[name]).get(f"/admin/{name}/api/file/", query_string=query).status_code == 404


def test_1_control_the_own_route_delivers(browser, world):
    answer = browser("county").get(f"/files/{world.ours.files[0].pk}")
    assert answer.status_code == 200 and len(answer.data) == world.ours.files[0].size


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("role", ["county", "city", "admin"])
def test_2_nothing_is_deleted_by_action_or_address(name, role, browser, books):
    screen, record = SCREENS[name], books[name]
    before = screen.model.objects.count()
    key = str(record.pk) if record is not None else "65a1b2c3d4e5f60718293a4b"
    for path, data in (
        ("action/", {"action": "delete", "rowid": [key]}),
        ("delete/", {"id": key}),
        (f"delete/?id={key}", {}),
    ):
        assert browser(role).post(f"/admin/{name}/{path}", data).status_code in (403, 404, 405)
    assert screen.model.objects.count() == before


def test_2_control_a_draft_is_discarded_by_its_step(browser, fresh_unit):
    draft = cases.draft(fresh_unit)
    data = {"id": str(draft.pk), "action": "discard", "version": str(draft.version)}
    assert browser("county").post("/admin/application/step/", data).status_code == 302
    assert Application.objects(pk=draft.pk).first() is None


@pytest.mark.parametrize("name", SCREENS)
def test_3_no_field_is_written_from_the_list(name, browser, app, books):
    assert not [rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith("ajax/update/")]
    data = {"list_form_pk": str(getattr(books[name], "pk", "")), "name": "改名"}
    assert browser(WHO[name]).post(f"/admin/{name}/ajax/update/", data).status_code in (403, 404)


# --- 4, 5, 6, 27: look-ups and searches ---------------------------------------------------------------------------------


HOSTILE = [
    ".*",
    "(",
    "[",
    "\\",
    "$where",
    "a|b",
    "^云",
    "%",
    "'; return true;//",
    "云" * 90,
    " ",
    "𠮷野",
    "ＡＢ１",
]


@pytest.mark.parametrize("name", SCREENS)
def test_6_search_takes_any_text_as_text(name, browser, world):
    someone = browser(WHO[name])
    for text in HOSTILE if name == "unit" else HOSTILE[::3]:
        answer = someone.get(f"/admin/{name}/", query_string={"search": text, "year": "all"})
        assert answer.status_code == 200, text
    if SCREENS[name]._search_supported:
        found = someone.get(f"/admin/{name}/", query_string={"search": ".*", "year": "all"}).text
        assert "没有符合条件的记录" in found


def test_6_control_parts_former_names_and_codes_are_found(browser, world):
    unit = world.ours.unit
    for text in ("自家机", "老牌", unit.credit_code, unit.credit_code[4:12], "机 械", "家"):
        assert unit.name in browser("county").get("/admin/unit/", query_string={"search": text}).text, text


def test_6_control_reports_are_found_by_unit_and_institution(browser, world):
    ours, theirs = world.ours.records["evaluation"], world.theirs.records["evaluation"]
    for text in (ours.unit_name[2:6], ours.evaluator_name[2:6], world.ours.words["former"][2:4]):
        page = browser("county").get("/admin/evaluation/", query_string={"search": text}).text
        assert str(ours.pk) in page and str(theirs.pk) not in page, text
    page = browser("county").get("/admin/evaluation/", query_string={"search": theirs.unit_name}).text
    assert str(theirs.pk) not in page


@pytest.mark.parametrize("name", [name for name in SCREENS if SCREENS[name]._form_ajax_refs])
def test_5_look_ups_answer_hostile_arguments(name, browser):
    for field in SCREENS[name]._form_ajax_refs:
        for extra in (
            {"query": "("},
            {"offset": "-1"},
            {"offset": "x"},
            {"limit": "-5"},
            {"limit": "0"},
            {"limit": "99999999999999999999"},
            {"offset": "99999999999999999999"},
            {"query": "云" * 999},
            {"query": "\\"},
        ):
            answer = browser(WHO[name]).get(
                f"/admin/{name}/ajax/lookup/", query_string={"name": field, **extra}
            )
            assert answer.status_code < 500, (field, extra)
            assert answer.status_code != 200 or len(answer.json) <= 20


def test_27_a_search_uses_the_index(world, owner):
    from models.search import matching

    plan = matching(Unit.objects, "自家机械").explain()
    assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])


# --- 7: CSRF ---


def test_7_a_post_without_a_token_is_refused_everywhere(app, browser):
    client, wrong = browser("city").client, []
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            answer = client.post(re.sub(r"<[^>]+>", "65a1b2c3d4e5f60718293a4b", rule.rule), data={"id": "1"})
            if answer.status_code != 400 or "页面已过期" not in answer.text:
                wrong.append((rule.rule, answer.status_code))
    assert not wrong


# --- 8: fields that the form does not hold ---


def stored(record) -> dict:
    """The same with figures as numbers: 5822.90 and 5822.9 are one."""
    return {key: _numbers(value) for key, value in raw(record).items()}


def _numbers(value):
    if isinstance(value, dict):
        return {key: _numbers(one) for key, one in value.items()}
    return value.to_decimal() if isinstance(value, Decimal128) else value


def posted(text, **values) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in fields(text) if name not in values]
    return kept + list(values.items())


EXTRA = {
    "role": "admin",
    "stage": "listed",
    "area": "445381",
    "version_": "1",
    "active": "",
    "state": "done",
    "trail-0-name": "甲",
    "terms": "x",
    "search_text": "x",
    "unit_name": "改名",
    "score": "100",
    "listed_on": "2026-01-01",
    "evaluator_name": "改名",
    "created_at": "2020-01-01",
    "decision_id": "65a1b2c3d4e5f60718293a4b",
    "id_": "1",
    "handles_tips": "y",
    "mode": "self",
    "in_force": "y",
    "attachment_id": "65a1b2c3d4e5f60718293a4b",
    "submitted_at": "2020-01-01",
    "year": "2027",
}


def test_8_every_form_is_attacked_or_declared_closed():
    """The list of closed forms names nothing that does not exist; the next test refuses what is in it needlessly."""
    assert CLOSED.keys() <= set(EDITORS)


@pytest.mark.parametrize("role, name", CLOSED)
def test_8_a_closed_form_takes_no_post(role, name, browser, record):
    someone, url = browser(role), f"/admin/{name}/edit/?id={record.pk}"
    before = raw(record)
    sent = EXTRA | {"_fields": " ".join(EXTRA), "version": str(record.version)}
    for ask in (lambda: someone.get(url), lambda: someone.post(url, sent)):
        answer = ask()
        assert answer.status_code == 302 and f"/admin/{name}/details/" in answer.headers["Location"]
        assert "不能修改" in someone.get(f"/admin/{name}/details/?id={record.pk}").text
    assert raw(record) == before


# Forms on pages of their own, and the one part of the record that each writes.
PARTS = {
    ("county", "application", "findings/?id={}"): "findings",
    ("city", "standard", "cell/?id={}&key=output"): "indicators",
    ("city", "standard", "relation/?id={}&number=0"): "relations",
    ("county", "annualreport", "doubts/?id={}"): "findings",
}


@pytest.mark.parametrize("role, name, rest", PARTS)
def test_8_a_form_of_a_part_writes_that_part_and_only_of_the_present_version(
    role, name, rest, browser, record
):
    someone, url = browser(role), f"/admin/{name}/{rest.format(record.pk)}"
    form = fields(page(browser, role, url), '//form[contains(@class, "admin-form")]')
    held = {key for key, _ in form}
    sent = form + [(key, value) for key, value in EXTRA.items() if key not in held]
    before = stored(record)
    for version in ("", "999", "x"):
        someone.post(url, [(key, version if key == "version" else value) for key, value in sent])
        assert stored(record) == before
    assert someone.post(url, sent).status_code == 302
    after = stored(record)
    changed = {key for key in after if after[key] != before[key]}
    assert (
        {"version"} <= changed <= {PARTS[role, name, rest], "editors", "version", "updated_at", "updated_by"}
    )


@pytest.mark.parametrize("role, name", FORMS)
def test_8_only_fields_of_the_form_are_written(role, name, browser, record):
    someone, url = browser(role), f"/admin/{name}/edit/?id={record.pk}"
    answer = someone.get(url)
    assert answer.status_code == 200, (
        "no form: declare it in CLOSED, or give the world a record of another stage"
    )
    held = {one.partition("-")[0] for one, _ in fields(answer.text)} | {"file"}
    outside = {key: value for key, value in EXTRA.items() if key.partition("-")[0] not in held}
    assert outside
    before = stored(record)
    sent = posted(answer.text, **outside)
    sent = [(key, f"{value} {' '.join(outside)}" if key == "_fields" else value) for key, value in sent]
    assert someone.post(url, sent).status_code == 302
    after = stored(record)
    changed = {key for key in after if after[key] != before.get(key)} - {
        "version",
        "updated_at",
        "updated_by",
        "submitted_at",
    }
    assert not changed, {key: (before.get(key), after[key]) for key in changed}


def test_8_nobody_makes_himself_an_administrator(browser, books):
    data = {"role": "admin", "name": "甲", "username": "evil", "version": "1"}
    for role in rights.ROLES[:6]:
        for path in ("new/", f"edit/?id={books['user'].pk}"):
            assert browser(role).post(f"/admin/user/{path}", data).status_code == 403
    for role in rights.ROLES:
        browser(role).post("/password", data | {"current": "x", "password": "y", "again": "y"})
    assert {user.role for user in User.objects} >= {"county"} and User.objects(role="admin").count() == 1


def _short_text(model, held: set[str]) -> str:
    """Return a field of the form that takes a few characters: one known to have no rules of its own, or any text."""
    plain = ("platform_receipt", "introduction", "city_opinion", "standard", "address", "until", "source")
    texts = (
        name for name, field in model._fields.items() if type(field) is StringField and not field.choices
    )
    return next(name for name in (*plain, *texts) if name in held)


@pytest.mark.parametrize("role, name", FORMS)
def test_8_control_a_field_of_the_form_is_written_with_a_line_in_the_log(role, name, browser, record):
    someone = browser(role)
    url = f"/admin/{name}/edit/?id={record.pk}"
    answer = someone.get(url)
    assert answer.status_code == 200, (
        "no form: declare it in CLOSED, or give the world a record of another stage"
    )
    text = _short_text(type(record), {one for one, _ in fields(answer.text)})
    value = "2026-11-30" if text == "until" else f"改{rights.ROLES.index(role)}"
    assert someone.post(url, posted(answer.text, **{text: value})).status_code == 302
    stored = getattr(type(record).objects.get(pk=record.pk), text)
    assert str(stored) == value
    assert (
        value in someone.get(f"/admin/{name}/details/?id={record.pk}").text
        or "11月30日" in value + "11月30日"
    )


# --- 10: two people on one record ---


def test_10_a_stale_version_gets_both_texts_and_loses_nothing(browser, fresh_unit):
    url = f"/admin/unit/edit/?id={fresh_unit.pk}"
    mine = fields(browser("county").get(url).text)
    records.update(fresh_unit, {"products": "他人的产品"}, version=fresh_unit.version, by=By(cases.CITY, NOW))
    sent = [(k, v) for k, v in mine if k != "products"] + [("products", "我的产品")]
    answer = browser("county").post(url, sent)
    assert answer.status_code == 409
    assert "他人的产品" in answer.text and "我的产品" in answer.text and cases.CITY.name in answer.text
    assert Unit.objects.get(pk=fresh_unit.pk).products == "他人的产品"

    form = parser.fromstring(answer.text).xpath('//form[.//button[@name="_resolve"]]')[0]
    again = [
        (one.get("name"), one.get("value", ""))
        for one in form.xpath(".//input[@name]")
        if one.get("name") != "csrf_token"
    ]
    missing = {(k, v) for k, v in sent if k != "version"} - set(again)
    assert not missing, "what was typed is not on the conflict page"
    back = browser("county").post(url, [*again, ("_resolve", "edit")])
    assert back.status_code == 200 and "我的产品" in back.text
    assert Unit.objects.get(pk=fresh_unit.pk).products == "他人的产品"
    over = browser("county").post(url, [*again, ("_resolve", "mine")])
    assert over.status_code == 302
    stored = Unit.objects.get(pk=fresh_unit.pk)
    assert stored.products == "我的产品"
    assert (stored.contacts, stored.industries) == (fresh_unit.contacts, fresh_unit.industries)


@pytest.mark.parametrize("role, name", FORMS)
def test_10_every_form_refuses_a_version_that_is_not_the_present_one(role, name, browser, record):
    someone = browser(role)
    url = f"/admin/{name}/edit/?id={record.pk}"
    shown = someone.get(url)
    assert shown.status_code == 200
    before = raw(record)
    for version in ("", "999", "9" * 5000, "x"):
        answer = someone.post(url, posted(shown.text, version=version))
        assert answer.status_code == 409 and "覆盖保存我的" in answer.text, version
    assert raw(record) == before


def test_10_steps_of_a_stale_page_are_refused(browser, fresh_unit):
    draft = cases.draft(fresh_unit)
    for version in ("", "999", "9" * 5000):
        data = {"id": str(draft.pk), "action": "submit", "version": version}
        answer = browser("county").post("/admin/application/step/", data, follow_redirects=True)
        assert answer.status_code == 200 and "请刷新" in answer.text
        assert Application.objects.get(pk=draft.pk).stage == "draft"
    data = {"id": str(draft.pk), "action": "submit", "version": str(draft.version)}
    browser("county").post("/admin/application/step/", data)
    assert Application.objects.get(pk=draft.pk).stage == "county_review"
    Application.objects(pk=draft.pk).delete()


# --- 11, 12: forms and labels ---


@pytest.mark.parametrize("name", SCREENS)
def test_11_each_field_of_the_form_is_in_the_form(name):
    screen = SCREENS[name]
    for column in screen.form_columns:
        assert hasattr(screen._create_form_class, column) and hasattr(screen._edit_form_class, column)


def headings(browser, name):
    cells = parser.fromstring(page(browser, WHO[name], f"/admin/{name}/?year=all")).xpath(
        "//table//thead//th"
    )
    return [text for one in cells if (text := " ".join(one.text_content().split()))]


@pytest.mark.parametrize("name", SCREENS)
def test_12_headings_of_lists_are_labels_and_no_names_of_fields(name, browser, books):
    assert all(re.search("[一-龥]", heading) for heading in headings(browser, name)), headings(browser, name)


def test_12_control_the_headings_of_units_are_those_of_the_form(browser, world):
    assert headings(browser, "unit") == [
        "单位名称",
        "统一社会信用代码",
        "类别",
        "所属行业（GB/T 4754-2017）",
        "荣誉称号",
    ]


@pytest.mark.parametrize("role, name", FORMS)
def test_11_a_form_that_nobody_touched_changes_nothing(role, name, browser, record):
    someone = browser(role)
    url = f"/admin/{name}/edit/?id={record.pk}"
    answer = someone.get(url)
    assert answer.status_code == 200, (
        "no form: declare it in CLOSED, or give the world a record of another stage"
    )
    before = stored(record)
    assert someone.post(url, fields(answer.text)).status_code == 302
    after = stored(record)
    changed = {key for key in after if after[key] != before.get(key)} - {
        "version",
        "updated_at",
        "updated_by",
        "submitted_at",
    }
    assert not changed, {key: (before.get(key), after[key]) for key in changed}


# --- 13: addresses that are no addresses ---


WILD = [
    "page=-1",
    "page=x",
    "page=99999999999999999999",
    "page=1000000",
    "page_size=0",
    "page_size=999999",
    "page_size=x",
    "search=%00",
    "search=%ED%A0%80",
    "sort=-1",
    "sort=x",
    "sort=99",
    "desc=7",
    "flt0_0=%00",
    "flt0_area=%00",
    "flt0_area=x",
    "flt0_year=x",
    "flt0_year=99999999999999999999",
    "flt0_score_min=nan",
    "flt0_score_min=1e999",
    "flt0_score_min=82.1",
    "flt99_x=1",
    "flt0_=1",
    "flt_x=1",
    "flt0_submitted_on_from=2026-13-45",
    "flt0_at_from=2026-06-01",
    "flt0_prepared_at_until=2026-06-22",
    "tab=%00",
    "tab=nowhere",
    "year=x",
    "id=1",
    "url=//evil.example",
    "url=javascript:alert(1)",
    "flt0_kind[$ne]=1",
    "search[$ne]=1",
]


@pytest.mark.parametrize("name", SCREENS)
def test_13_wild_arguments_are_answered_in_chinese(name, browser):
    someone, wrong = browser(WHO[name]), []
    for query in WILD if name in ("application", "decision") else WILD[::3]:
        answer = someone.get(f"/admin/{name}/?{query}")
        if answer.status_code >= 500 or not re.search("[一-鿿]", answer.text):
            wrong.append((query, answer.status_code))
        for address in parser.fromstring(answer.text).xpath("//@href | //@action | //@src | //@formaction"):
            if re.match(r"(//|\w+:(?!//localhost))", address.strip()) and not address.startswith(
                ("data:", "mailto:")
            ):
                wrong.append((query, address))
    assert not wrong


@pytest.mark.parametrize("name", [name for name in SCREENS if SCREENS[name].tab_field])
def test_13_a_tab_without_rows_is_an_empty_list(name, browser):
    for code, _ in SCREENS[name].tab_choices():
        page(browser, WHO[name], f"/admin/{name}/?year=all&tab={code}")


@pytest.mark.parametrize("name", SCREENS)
def test_13_bad_keys_are_missing_records(name, browser):
    for bad in ("", "x" * 24, "%00", "None"):
        answer = browser(WHO[name]).get(f"/admin/{name}/details/?id={bad}")
        assert answer.status_code in (400, 404) and re.search("[一-鿿]", answer.text), (
            bad,
            answer.status_code,
        )
        assert browser(WHO[name]).get(f"/files/{bad or 'x'}").status_code in (400, 404)


NUMBERS = [
    "99999999999999999999999",
    "-1",
    "1e400",
    "NaN",
    "Infinity",
    "1" * 60,
    "0." + "3" * 60,
    "１２",
    "x",
    "1e-7000",
]


@pytest.mark.parametrize("role, name", CREATORS)
def test_13_a_number_that_is_none_is_said_at_its_field(role, name, browser):
    text = page(browser, role, f"/admin/{name}/new/")
    form = parser.fromstring(text).xpath('//form[@id="record-form"]')[0]
    kinds = {one.get("name"): one.get("type") or "text" for one in form.xpath(".//input[@name]")}
    for value in NUMBERS:
        free = {key for key, kind in kinds.items() if kind in ("text", "number")} - {"version", "_fields"}
        sent = [(key, value if key in free else old) for key, old in fields(text)]
        answer = browser(role).post(f"/admin/{name}/new/", sent)
        assert answer.status_code in (200, 302), (value, answer.status_code)
        assert answer.status_code == 302 or 'class="wrong"' in answer.text, value


@pytest.mark.parametrize(
    "role, path",
    [("county", "application/action/"), ("city", "application/action/"), ("city_lead", "decision/action/")],
)
def test_13_the_list_address_that_a_batch_sends_back_is_checked_too(role, path, browser):
    action = {"county": "recommend", "city": "confirm", "city_lead": "approve"}[role]
    for url in (
        "/x?page=-1",
        "/x?search=%00",
        "//[",
        "http://evil.example/",
        "/x?flt0_year=x&search=%00",
        "x" * 5000,
        "/x?" + "a=1&" * 300,
    ):
        answer = browser(role).post(f"/admin/{path}", {"action": action, "scope": "filtered", "url": url})
        assert answer.status_code < 500, url
        assert "evil.example" not in answer.headers.get("Location", "")
    answer = browser(role).post(f"/admin/{path}", {"action": action, "url": "http://evil.example/"})
    assert "evil.example" not in answer.headers.get("Location", "")


# --- 14: exports ---


def test_14_no_cell_of_an_export_is_a_formula(browser, world):
    wild = ['=HYPERLINK("http://evil")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "云城＝号有限公司"]
    made = [cases.unit(OURS, name=f"{text}{n}"[:90], products=text) for n, text in enumerate(wild)]
    try:
        data = browser("city").get("/admin/unit/export/csv/").data.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(data)) for cell in row]
        assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
        assert any("HYPERLINK" in cell for cell in cells)
        book = load_workbook(io.BytesIO(browser("city").get("/admin/unit/export/xlsx/").data))
        rows = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
        assert not [cell.value for cell in rows if cell.data_type == "f"]
        found = [cell.value for cell in rows]
        assert any(str(value).startswith("=HYPERLINK") for value in found)
        assert world.ours.unit.credit_code in found  # as text, all 18 digits of it
    finally:
        Unit.objects(pk__in=[one.pk for one in made]).delete()


EXPORTS = [
    (role, name)
    for name in SCREENS
    for role in ("city", "county", "city_lead")
    if rights.may(role, "X", name)
]


@pytest.mark.parametrize("role, name", EXPORTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_14_control_every_export_opens_with_chinese_headings(kind, role, name, browser, books):
    answer = browser(role).get(f"/admin/{name}/export/{kind}/?year=all")
    assert answer.status_code == 200
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    else:
        rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert all(re.search("[一-鿿]", str(cell)) for cell in rows[0]), rows[0]
    assert len(rows) > 1 or books[name] is None
    codes = [cell for row in rows[1:] for cell in row if re.fullmatch(r"[a-z_]{4,}", str(cell))]
    assert not codes, f"raw codes instead of words: {codes[:5]}"


# --- 29: writing ---


def test_29_what_a_post_leaves_out_stays(browser, fresh_unit):
    url = f"/admin/unit/edit/?id={fresh_unit.pk}"
    data = {
        "credit_code": fresh_unit.credit_code,
        "name": fresh_unit.name,
        "area": fresh_unit.area,
        "products": "只改这一项",
        "version": str(fresh_unit.version),
    }
    assert browser("county").post(url, data).status_code == 302
    stored = Unit.objects.get(pk=fresh_unit.pk)
    assert stored.products == "只改这一项"
    for kept in ("contacts", "former_names", "honours", "industries", "kinds", "registered", "production"):
        assert getattr(stored, kept) == getattr(fresh_unit, kept), kept


def test_29_control_what_a_form_held_and_gave_back_empty_is_emptied(browser, fresh_unit):
    url = f"/admin/unit/edit/?id={fresh_unit.pk}"
    sent = [
        (k, v)
        for k, v in fields(browser("county").get(url).text)
        if not k.startswith(("contacts", "industries"))
    ]
    assert browser("county").post(url, sent).status_code == 302
    stored = Unit.objects.get(pk=fresh_unit.pk)
    assert (stored.contacts, stored.industries, len(stored.former_names)) == ([], [], 1)


def test_29_what_no_form_holds_inside_a_part_stays(browser, fresh_unit):
    from bson import ObjectId

    file = ObjectId()
    Unit.objects(pk=fresh_unit.pk).update(
        set__park={"grade": "national", "plan": {"title": "计划", "attachment_id": file}}
    )
    url = f"/admin/unit/edit/?id={fresh_unit.pk}"
    assert browser("county").post(url, fields(browser("county").get(url).text)).status_code == 302
    assert raw(fresh_unit)["park"]["plan"]["attachment_id"] == file


def test_29_a_deleted_record_does_not_come_back(browser, fresh_unit):
    url = f"/admin/unit/edit/?id={fresh_unit.pk}"
    sent = fields(browser("county").get(url).text)
    Unit.objects(pk=fresh_unit.pk).delete()
    assert browser("county").post(url, sent).status_code == 404
    assert Unit.objects(pk=fresh_unit.pk).first() is None


def test_29_a_code_that_is_taken_is_said_at_its_field(browser, world):
    unit = world.ours.unit
    data = {"credit_code": unit.credit_code, "name": "另一个名字", "area": unit.area, "kinds": "factory"}
    text = browser("county").post("/admin/unit/new/", data).text
    wrong = parser.fromstring(text).xpath('//*[@data-field="credit_code"]//ul[@class="wrong"]')
    assert wrong and "已登记" in wrong[0].text_content()
    assert "duplicate" not in text and "E11000" not in text and "另一个名字" in text


def test_29_taken_names_days_and_keys_are_said_in_chinese(browser, world):
    for role, name, data in (
        ("city", "evaluator", {"name": world.ours.words["evaluator"]}),
        (
            "county",
            "application",
            {"unit_id": str(world.ours.unit.pk), "kind": "supply_chain", "year": "2026"},
        ),
    ):
        answer = browser(role).post(f"/admin/{name}/new/", data)
        assert answer.status_code == 200 and "E11000" not in answer.text
        assert re.search("已登记|已有", answer.text), name


def test_29_a_field_that_is_only_shown_takes_no_post(browser, world):
    """A unit keeps its contacts and describes itself; its name, code and county are the bureau's."""
    unit, url = Unit.objects.get(pk=world.ours.unit.pk), f"/admin/unit/edit/?id={world.ours.unit.pk}"
    sent = posted(browser("unit").get(url).text, name="自己改名", credit_code="x", area="445381", focus="y")
    assert browser("unit").post(url, sent).status_code == 302
    stored = Unit.objects.get(pk=unit.pk)
    assert (stored.name, stored.credit_code, stored.area, stored.focus) == (
        unit.name,
        unit.credit_code,
        unit.area,
        unit.focus,
    )


def test_29_an_institution_keeps_its_own_entry(browser, world):
    key = world.ours.records["evaluator"].pk
    url = f"/admin/evaluator/edit/?id={key}"
    sent = posted(
        browser("evaluator").get(url).text, legal_person="赵六", verified="pending", name="改名中心"
    )
    assert browser("evaluator").post(url, sent).status_code == 302
    stored = Evaluator.objects.get(pk=key)
    assert (stored.legal_person, stored.verified, stored.name) == (
        "赵六",
        "confirmed",
        world.ours.words["evaluator"],
    )


def test_29_nothing_is_given_away_to_another_county(browser, fresh_unit):
    url = f"/admin/unit/edit/?id={fresh_unit.pk}"
    answer = browser("county").post(url, posted(browser("county").get(url).text, area="445381"))
    stored = Unit.objects.get(pk=fresh_unit.pk)
    assert answer.status_code == 200 and (stored.area, stored.version) == (
        fresh_unit.area,
        fresh_unit.version,
    )


def test_29_a_date_that_is_emptied_later_is_asked_for_not_stumbled_over(browser, world):
    draft, url = cases.in_review_by_county(), "/admin/application"
    sent = posted(browser("county").get(f"{url}/edit/?id={draft.pk}").text, submitted_on="")
    assert browser("county").post(f"{url}/edit/?id={draft.pk}", sent).status_code == 302
    assert Application.objects.get(pk=draft.pk).submitted_on is None
    assert "缺少管理平台提交日期" in page(browser, "county", f"{url}/details/?id={draft.pk}")
    Application.objects(pk=draft.pk).delete()


# --- 30: size ---


def test_30_a_long_form_is_taken_and_a_huge_one_refused_in_chinese(browser, fresh_unit):
    url = f"/admin/unit/edit/?id={fresh_unit.pk}"
    sent = fields(browser("county").get(url).text) + [
        (f"former_names-{n + 1}-name", f"曾用名{n}") for n in range(1500)
    ]
    assert browser("county").post(url, sent).status_code == 302
    assert len(Unit.objects.get(pk=fresh_unit.pk).former_names) == 1501
    file = (io.BytesIO(b"x"), "a.txt")
    huge = browser("county").post(
        url, [("introduction", "长" * 2_000_000), ("file", file)], content_type="multipart/form-data"
    )
    assert huge.status_code == 413 and "内容过大" in huge.text


# --- 31: Chinese, and Shanghai ---


def test_31_moments_are_shown_and_filtered_in_shanghai_time(browser, world):
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from models.decisions import Decision

    late = datetime(2026, 6, 22, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    early = datetime(2026, 6, 22, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    number = world.prepared.number
    for moment, shown in ((late, "23:30"), (early, "00:30")):
        Decision.objects(pk=world.prepared.pk).update(set__prepared_at=moment)
        text = browser("city").get("/admin/decision/?tab=prepared").text
        row = next(row for row in parser.fromstring(text).xpath("//tbody/tr") if number in row.text_content())
        assert shown in row.text_content() and "22" in row.text_content()

        def listed(query):
            return number in browser("city").get(f"/admin/decision/?{query}").text

        assert listed("flt0_prepared_at_from=2026-06-22") and listed("flt0_prepared_at_until=2026-06-22")
        assert not listed("flt0_prepared_at_from=2026-06-23") and not listed(
            "flt0_prepared_at_until=2026-06-21"
        )


def test_31_a_day_is_the_same_day_after_saving(browser, fresh_unit):
    url = f"/admin/unit/edit/?id={fresh_unit.pk}"
    assert (
        browser("county")
        .post(url, posted(browser("county").get(url).text, founded_on="2003-03-01"))
        .status_code
        == 302
    )
    assert Unit.objects.get(pk=fresh_unit.pk).founded_on == date(2003, 3, 1)
    assert 'value="2003-03-01"' in browser("county").get(url).text
    assert "2003年3月1日" in browser("county").get(f"/admin/unit/details/?id={fresh_unit.pk}").text


# --- every page ---


# Words that Chinese offices write in Latin letters, and what is data: codes, accounts, addresses.
LATIN = {
    "csv",
    "xlsx",
    "docx",
    "doc",
    "word",
    "pdf",
    "excel",
    "wps",
    "gb",
    "t",
    "sha",
    "tce",
    "kgce",
    "kgco",
    "kwh",
    "mwh",
    "co",
    "a",
    "b",
    "c",
    "qq",
    "ie",
    "m",
    "km",
    "hm",
    "mb",
    "kb",
    "ofd",
    "zip",
    "ip",
    "url",
    "iso",
    "id",
    "n",
    "x",
    "v",
    "gm",
    "wai",
    "qiman",
    "mac",
    "zy",
    "sz",
    "utf",
    "f",
    "totp",
    "city",  # an account of the world
    "cod",
    "mwp",
    "tco",
    "ab",  # units and grades of the annual report
}
DATA = re.compile(
    r"\{\{.*?\}\}|\{\{\w*…|\{[a-z_]+\}|https?://[\w./?=&-]+|\b[\w.-]+\.cn\b|[0-9a-f]{12,}|[0-9A-Z]{10,}|\b[\w.*-]+@[\w.-]+|(?<![A-Za-z])(county|city-lead|city|evaluator|eval|unit|expert|admin|auditor|coun)[-\d]+"
    r"|GM[-\w]+|greenladder-\d{8}-\d{6}|\d+(\.\d+){3}|\d+\.\d+\.\d+"
)


def english(text: str) -> set[str]:
    """Latin words that a user would read as English."""
    found = set()
    for word in re.findall(r"[A-Za-z]{2,}", DATA.sub(" ", text)):
        if word.lower() not in LATIN:
            found.add(word)
    return found


def visible(text: str) -> str:
    tree = parser.fromstring(text)
    for element in tree.xpath(
        "//script | //style | //template | //code | //*[contains(@class, 'mono')] | //*[@class='inline-field-template']"
    ):
        element.drop_tree()
    said = [tree.text_content()]
    said += tree.xpath(
        "//@title | //@placeholder | //@aria-label | //@alt | //@data-confirm | //input[@type='submit']/@value"
    )
    return "\n".join(said)


def faults(url, answer):
    """What is wrong with one page, whatever it shows."""
    text = answer.text
    tree = parser.document_fromstring(text)
    if not re.search("[一-鿿]", "".join(tree.xpath("//head/title/text()"))):
        yield "no Chinese title"
    ids = Counter(tree.xpath("//@id"))
    # A list of plain boxes names its row and its box alike, as the library's script expects.
    plain = set(tree.xpath("//div[@class='inline-field']/@id"))
    if twice := {one for one, count in ids.items() if count > 1} - plain:
        yield f"ids twice: {sorted(twice)[:5]}"
    for form in tree.xpath("//form"):
        if (form.get("method") or "get").lower() == "post" and not form.xpath('.//input[@name="csrf_token"]'):
            yield f"form without token: {form.get('action')}"
    policy = answer.headers["Content-Security-Policy"]
    if "unsafe" in policy or "script-src 'self' 'nonce-" not in policy:
        yield policy
    nonce = re.search(r"'nonce-([^']+)'", policy)[1]
    for element in tree.xpath("//script[not(@src)] | //style | //script[@src]"):
        if (
            element.get("nonce") != nonce
            and (element.text or "").strip()
            and element.get("type") != "application/json"
        ):
            yield f"{element.tag} without the nonce: {(element.text or '')[:40]!r}"
    for address in tree.xpath(
        "//script/@src | //img/@src | //link/@href | //iframe/@src | //source/@src | //object/@data"
    ):
        if urlsplit(urljoin("http://localhost/", address)).netloc != "localhost" and not address.startswith(
            "data:"
        ):
            yield f"loads from elsewhere: {address}"
    for address in tree.xpath("//@href | //@action | //@src"):
        if address.strip().lower().startswith("javascript:"):
            yield f"script address: {address[:60]}"
    for element in tree.iter():
        for name in element.attrib:
            if name.startswith("on") or name == "style":
                yield f"inline {name} on {element.tag}: {element.get(name)[:40]}"
    accounts = {"city", "county", "lead", "evaluator"} if "/auditentry/" in url else set()
    if words := english(said := visible(text)) - accounts:
        where = [
            " ".join(said.split())[max(0, at - 20) : at + 30]
            for word in sorted(words)[:3]
            if (at := " ".join(said.split()).find(word)) >= 0
        ]
        yield f"English: {sorted(words)[:12]}: {where}"


@pytest.mark.parametrize("role", rights.ROLES)
def test_every_page_is_sound(role, browser, books):
    someone, wrong, seen = browser(role), [], 0
    for url in pages(role, books):
        answer = someone.get(url)
        if answer.status_code == 302 and "/importbatch/details/" in url:  # one that waits shows its preview
            answer = someone.get(answer.headers["Location"])
        expected = (
            404
            if url == "/nowhere"
            else 403
            if (m := re.match(r"/admin/(\w+)/", url)) and m[1] in SCREENS and not rights.may(role, "R", m[1])
            else None
        )
        if answer.status_code in (302, 404) and expected is None and "details" not in url:
            continue
        if expected is None and answer.status_code == 404:
            continue  # not this role's row
        assert answer.status_code == (expected or 200), (url, answer.status_code)
        seen += 1
        wrong += [f"{url}: {fault}" for fault in faults(url, answer)]
    assert seen > 5
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_the_door_is_sound(browser, world):
    nobody = browser("")
    for url in ("/login", "/", f"/notices/{world.ours.records['publicnotice'].pk}", "/nowhere"):
        answer = nobody.get(url)
        assert not list(faults(url, answer)), url


def test_the_search_for_english_finds_english():
    assert english("Save 保存") == {"Save"}
    assert english("GB/T 36132-2025，Word 文件 91445302MAC000001X") == set()
    assert Engagement and Holiday
