"""Every route × every role × own, foreign and missing records, against a table written by hand."""

import csv
import io
import re

import pytest
from bson import ObjectId
from bson.json_util import dumps
from openpyxl import load_workbook

from app import clock
from app.services.core.by import By
from models.filing.applications import Application
from tests.builders.world import FOREIGN
from tests.tables import rights
from views.screens import screens

# Nothing is assigned to experts yet, so no row is theirs.
SCREENS = {screen.endpoint: screen for screen in screens()}
SCOPED = ("county", "evaluator", "unit", "expert", "admin", "auditor")  # who must not see the other county
MISSING = str(ObjectId("65a1b2c3d4e5f60718293a4b"))
# Everybody who may read these reads all of them; what they show was written for everybody.
SHARED = {
    ("county", "evaluator"),
    ("unit", "evaluator"),
    ("evaluator", "publicnotice"),
    ("evaluator", "listing"),
}
NOT_OURS = ("sessions", "rate_counters", "rate_windows", "files.chunks")


@pytest.fixture(scope="module")
def books(world):
    """resource → (own, foreign) record for the accounts of our county; the city owns both."""
    own = dict(world.ours.records, holiday=world.holiday, proposal=world.proposal)
    foreign = dict(world.theirs.records)
    for name in SCREENS.keys() - own.keys():
        model = getattr(SCREENS[name], "model", None)
        found = model.objects.first() if model is not None else None
        own[name] = found if found is not None else None
    return own, foreign


def state(owner) -> str:
    """Everything that is stored for business, as one text: a refusal leaves it as it was."""
    base = owner["greenladder"]
    names = sorted(
        name
        for name in base.list_collection_names()
        if name not in NOT_OURS and not name.startswith("system.")
    )
    return dumps({name: list(base[name].find().sort("_id")) for name in names})


def plain(answer) -> str:
    """A page without what differs from one answer to the next."""
    text = re.sub(r'nonce="[^"]+"|value="[^"]{40,}"', "", answer.data.decode(errors="replace"))
    text = re.sub(r"[0-9a-f]{24}", "ID", text)
    return re.sub(r"[0-9A-F]{8}", "NUMBER", text)


def rest_of(rule: str, resource: str) -> str | None:
    stem = f"/admin/{resource}"
    return rule[len(stem) :] if rule.startswith(stem + "/") else None


def routes(app, resource):
    return [(rule, rest) for rule in app.url_map.iter_rules() if (rest := rest_of(rule.rule, resource))]


# --- what there is ---


def test_every_route_stands_in_a_table(app):
    unknown = []
    for rule in app.url_map.iter_rules():
        if rule.rule in rights.PUBLIC | rights.SIGNED_IN | rights.WORKBENCH.keys():
            continue
        parts = rule.rule.split("/", 3)
        if parts[1] == "admin" and parts[2] in rights.RIGHTS and "/" + parts[3] in rights.NEEDS:
            continue
        unknown.append(rule.rule)
    assert not unknown, f"say in rights.py who may: {unknown}"


def test_every_screen_has_rights_and_every_right_a_known_role():
    assert SCREENS.keys() <= rights.RIGHTS.keys()
    assert all(set(row) == set(rights.ROLES) for row in rights.RIGHTS.values())


def test_the_table_of_rights_is_the_one_that_the_program_uses():
    from app.policy import access, grants
    from app.policy.resources import RESOURCES
    from app.policy.terms import Role

    ours = {
        (resource, role): {grants.VERBS[letter] for letter in row[role] if letter != "-"}
        for resource, row in rights.RIGHTS.items()
        for role in rights.ROLES
    }
    theirs = {
        (resource, role.value): set(access.grant(role, resource).verbs)
        for resource in RESOURCES
        for role in Role
        if role is not Role.SYSTEM
    }
    assert {key: verbs for key, verbs in theirs.items() if verbs != ours.get(key)} == {}
    assert ours.keys() == theirs.keys()


# --- without an account ---


def test_nobody_gets_past_the_door(app, browser):
    nobody = browser("")
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.rule in rights.PUBLIC:
            continue
        url = re.sub(r"<[^>]*export_type>", "csv", rule.rule)
        url = re.sub(r"<[^>]+>", MISSING, url)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = nobody.get(url) if method == "GET" else nobody.post(url, {"id": MISSING})
            to_login = answer.status_code == 302 and answer.headers["Location"].startswith("/login")
            if not to_login and answer.status_code != 401:
                wrong.append(f"{method} {url}: {answer.status_code}")
    assert not wrong


def test_public_pages_are_open(browser, world):
    nobody = browser("")
    paper = world.ours.records["paper"]
    for url in ("/", "/login", "/healthz", "/readyz", f"/notices/{world.ours.records['publicnotice'].pk}"):
        assert nobody.get(url).status_code == 200, url
    assert paper.verification


# --- every route for every role ---


@pytest.mark.parametrize("role", rights.ROLES)
@pytest.mark.parametrize("resource", SCREENS)
def test_route_by_role(resource, role, app, browser, books, owner):
    someone = browser(role)
    own, foreign = (book.get(resource) for book in books)
    keys = {"own": str(own.pk) if own is not None and role != "expert" else "", "missing": MISSING}
    if foreign is not None and role not in ("city", "city_lead") and (role, resource) not in SHARED:
        keys["foreign"] = str(foreign.pk)
    before, wrong = state(owner), []
    for rule, rest in routes(app, resource):
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            wrong += judged(someone, role, resource, rest, method, keys)
    assert not wrong, "\n".join(wrong)
    assert state(owner) == before, "something that was refused was written"


def judged(someone, role, resource, rest, method, keys):
    """The wrong answers to one route: its status for our record, and that a foreign one looks like a missing one."""
    letter, _ = rights.need(resource, rest)
    reads = rights.may(role, "R", resource)
    answers = {whose: ask(someone, resource, rest, method, key) for whose, key in keys.items() if key}
    for whose, answer in answers.items():
        expected = {403} if not reads else allowed(role, resource, rest, letter, whose, method)
        if answer.status_code not in expected:
            yield f"{role} {method} {resource}{rest} ({whose}): {answer.status_code}, not {sorted(expected)}"
    if reads and "foreign" in answers and plain(answers["foreign"]) != plain(answers["missing"]):
        yield f"{role} {method} {resource}{rest}: a foreign record does not look like a missing one"


def ask(someone, resource, rest, method, key):
    url = f"/admin/{resource}{rest}".replace("<export_type>", "csv")
    if rest == "/ajax/lookup/":
        return someone.get(url, query_string={"name": next(iter(SCREENS[resource]._form_ajax_refs), "none")})
    if method == "GET":
        answer = someone.get(url, query_string={"id": key})
        answer.get_data()  # an export is streamed
        return answer
    data = {"id": key, "version": "987654321", "action": "no-such-action", "rowid": [key]}
    return someone.post(f"{url}?id={key}" if rest in ("/edit/", "/findings/") else url, data)


def allowed(role, resource, rest, letter, whose, method):
    """Which answers are right for somebody who may read the resource."""
    granted = rights.may(role, letter, resource)
    if rest in ("/new/", "/edit/") and resource in rights.WITHOUT_FORM:
        granted = False
    if rest == "/views/":  # kept for oneself: a right of its own beside that to read the list
        granted = rights.may(role, "C", "savedview")
    if rest == "/edit/" and resource in rights.NO_EDIT:
        granted = False
    if (resource, rest) in rights.MADE_BY:
        granted = role == rights.MADE_BY[resource, rest]
    if rest in rights.PAGES:
        return {200, 302, 400, 404, 422} if granted else {403, 404}
    match rest:
        case "/" if method == "POST":  # the page of settings
            return {404} if rights.may(role, "E", resource) else {403}
        case "/" | "/ledger.xlsx" | "/template.xlsx":
            return {200, 302} if granted else {403}
        case "/new/" | "/export/<export_type>/" | "/reserve/" | "/carry/":
            return {200, 302} if granted and rest == "/new/" else {200} if granted else {403}
        case "/delete/":
            return {403, 404, 405}
        case "/ajax/lookup/":
            return {200} if SCREENS[resource]._form_ajax_refs else {404}
        case "/action/":
            return {404}  # no such action, whatever the rows
    if whose != "own":
        return {404} if granted or letter == "R" else {403, 404}
    match rest:
        case "/details/":
            return {200, 302} if resource == "importbatch" else {200}  # one that waits shows its preview
        case "/edit/":
            return {200, 302, 409} if granted else {302, 403}
        case "/step/":
            return {302, 404}  # no such step; nothing is written
        case "/findings/":
            return {200, 302, 409}
    return {200, 302, 403, 404}


# --- files, drafts, batches ---


FILES = {  # whose papers and reports a role may fetch: (report, issued paper) of its own county
    "county": (200, 200),
    "city": (200, 200),
    "city_lead": (200, 200),
    "evaluator": (200, 404),
    "unit": (200, 200),
    "expert": (404, 404),
    "admin": (404, 404),
    "auditor": (404, 404),
}


@pytest.mark.parametrize("role", rights.ROLES)
def test_files_share_the_scope_of_their_owner(role, browser, world):
    someone = browser(role)
    assert tuple(someone.get(f"/files/{one.pk}").status_code for one in world.ours.files) == FILES[role]
    city = role in ("city", "city_lead")
    for file in world.theirs.files:
        assert someone.get(f"/files/{file.pk}").status_code == (200 if city else 404)
    assert someone.get(f"/files/{MISSING}").status_code == 404


def test_a_file_is_an_attachment_that_no_browser_guesses_about(browser, world):
    answer = browser("city").get(f"/files/{world.ours.files[0].pk}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("role", rights.ROLES)
def test_a_draft_is_for_those_who_prepare_and_sign(role, browser, world):
    answer = browser(role).get(f"/admin/paper/draft/?id={world.prepared.paper_id}")
    reads = rights.may(role, "R", "paper")
    assert answer.status_code == (200 if role in ("city", "city_lead") else 404 if reads else 403)


@pytest.mark.parametrize("role", ["county", "unit"])
def test_what_is_not_yet_decided_or_issued_does_not_exist(role, browser, world):
    someone = browser(role)
    gone = 404 if rights.may(role, "R", "decision") else 403
    assert someone.get(f"/admin/decision/details/?id={world.prepared.pk}").status_code == gone
    assert someone.get(f"/admin/paper/details/?id={world.prepared.paper_id}").status_code == 404


@pytest.mark.parametrize("role", rights.ROLES)
def test_a_value_that_is_only_proposed_is_the_bureaus_own_affair(role, browser, world):
    someone, bureau = browser(role), role in ("city", "city_lead")
    gone = 404 if rights.may(role, "R", "proposal") else 403
    answer = someone.get(f"/admin/proposal/details/?id={world.proposed.pk}")
    assert answer.status_code == (200 if bureau else gone)
    for url in ("/admin/setting/", "/admin/proposal/", "/admin/"):
        assert ("待批的理由" in someone.get(url).text) == (bureau and url != "/admin/"), url


BATCHES = [("county", "recommend"), ("city", "confirm"), ("city", "recheck")]


@pytest.mark.parametrize("confirm", ["", "1"])
@pytest.mark.parametrize("role, action", BATCHES)
def test_a_selection_with_one_wrong_row_is_refused_as_a_whole(role, action, confirm, browser, world, owner):
    wrong = {"missing": MISSING} | ({"foreign": str(world.theirs.listed.pk)} if role == "county" else {})
    before, answers = state(owner), {}
    for whose, key in wrong.items():
        rows = [str(world.ours.listed.pk), key]
        answers[whose] = browser(role).post(
            "/admin/application/action/",
            {"action": action, "rowid": rows, "confirm": confirm, "source": "信用中国"},
            follow_redirects=True,
        )
        assert "整批未办理" in answers[whose].text
    assert state(owner) == before
    if "foreign" in answers:
        assert plain(answers["foreign"]) == plain(answers["missing"])


def test_a_selection_of_own_rows_is_shown_beforehand(browser, world):
    answer = browser("county").post(
        "/admin/application/action/", {"action": "recommend", "rowid": [str(world.ours.listed.pk)]}
    )
    assert answer.status_code == 200 and world.ours.unit.name in answer.text


def test_all_filtered_rows_are_only_the_own_ones(browser, world):
    data = {"action": "recommend", "scope": "filtered", "url": "/admin/application/?year=all"}
    text = browser("county").post("/admin/application/action/", data).text
    assert world.ours.unit.name in text and FOREIGN["unit"] not in text


# --- look-ups ---------------------------------------------------------------------------------------------------------


LOOKUPS = [
    (name, field)
    for name, screen in SCREENS.items()
    for field in getattr(screen, "_form_ajax_refs", None) or ()
]


@pytest.mark.parametrize("role", rights.ROLES)
@pytest.mark.parametrize("resource, field", LOOKUPS)
def test_4_look_ups_know_only_own_rows(resource, field, role, browser, world):
    someone, url = browser(role), f"/admin/{resource}/ajax/lookup/"
    if not rights.may(role, "R", resource):
        assert someone.get(url, query_string={"name": field}).status_code == 403
        return
    target = SCREENS[resource]._form_ajax_refs[field].model.__name__.lower()
    names_only = role == "admin"  # an account is tied to its unit by name, and nothing else of it is shown
    for side, words in ((world.ours, world.ours.words), (world.theirs, world.theirs.words)):
        name = words["evaluator"] if target == "evaluator" else words["unit"]
        found = someone.get(url, query_string={"name": field, "query": name[2:5]}).json
        seen = [label for _, label in found]
        all_rows = role in ("city", "city_lead") or names_only or (role, target) in SHARED
        own = side is world.ours and rights.may(role, "R", target)
        known = any(label == name or label.startswith(f"{name}（") for label in seen)
        assert known == bool(own or all_rows), (resource, field, role, name, seen)


POSTED = [
    ("county", "application", "unit_id", {"kind": "park", "year": "2026", "_fields": "unit_id kind year"}),
    (
        "county",
        "engagement",
        "unit_id",
        {"kind": "park", "year": "2026", "since": "2026-01-01", "until": "2026-12-31"},
    ),
    ("county", "evaluation", "unit_id", {"kind": "park", "year": "2026", "standard": "甲", "score": "80"}),
    ("unit", "application", "unit_id", {"kind": "park", "year": "2026"}),
    (
        "evaluator",
        "evaluation",
        "unit_id",
        {"kind": "factory", "year": "2026", "standard": "甲", "score": "80"},
    ),
]


@pytest.mark.parametrize("role, resource, field, values", POSTED)
def test_4_a_foreign_id_posted_into_a_look_up_is_refused_like_a_missing_one(
    role, resource, field, values, browser, world, owner
):
    someone, before, answers = browser(role), state(owner), []
    for key in (str(world.theirs.unit.pk), MISSING):
        data = {**values, field: key, "evaluator_id": str(world.ours.records["evaluator"].pk)}
        answers.append(someone.post(f"/admin/{resource}/new/", data))
    assert [one.status_code for one in answers] == [200, 200]
    assert plain(answers[0]) == plain(answers[1])
    assert FOREIGN["unit"] not in answers[0].text
    assert state(owner) == before


def test_4_control_an_own_id_is_taken(browser, world):
    values = {"kind": "park", "year": "2026", "unit_id": str(world.ours.unit.pk)}
    answer = browser("county").post("/admin/application/new/", values, follow_redirects=True)
    made = Application.objects.get(unit_id=world.ours.unit.pk, kind="park")
    assert made.unit_name in answer.text
    made.delete()


def test_4_a_related_unit_must_be_an_own_one(browser, world, owner):
    someone, before = browser("county"), state(owner)
    unit = world.ours.unit
    for field in ("park_id", "leader_ids", "predecessor_id"):
        data = {
            "credit_code": unit.credit_code,
            "name": unit.name,
            "area": unit.area,
            "version": str(unit.version),
            field: str(world.theirs.unit.pk),
        }
        answer = someone.post(f"/admin/unit/edit/?id={unit.pk}", data)
        assert FOREIGN["unit"] not in answer.text
        fresh = type(unit).objects.get(pk=unit.pk)
        assert (fresh.park_id, fresh.leader_ids, fresh.predecessor_id) == (None, [], None)
        unit = fresh
    assert state(owner) == before or unit.version > world.ours.unit.version


# --- nothing of the other county, anywhere ---


def secrets(world) -> dict[str, str]:
    theirs = world.theirs
    return FOREIGN | {
        "code": theirs.unit.credit_code,
        "receipt": theirs.listed.platform_receipt,
        "second receipt": theirs.records["application"].platform_receipt,
        "key": str(theirs.unit.pk),
        "application": str(theirs.listed.pk),
        "evaluator": FOREIGN["evaluator"],
    }


def excused(role, url) -> set[str]:
    """What somebody may see of a foreign unit, because it was published or is a directory."""
    found = set()
    if url.startswith("/admin/publicnotice/details/") or (role == "evaluator" and "/listing/" in url):
        found |= {"unit"}
    if role in ("county", "unit"):
        found |= {"evaluator"} if re.match(r"/admin/(evaluator|engagement)/", url) else set()
    if role == "auditor" and "/auditentry/" in url:
        found |= {
            "unit",
            "former",
            "code",
            "receipt",
            "second receipt",
            "key",
            "application",
            "evaluator",
            "contact",
            "question",
            "recommended",
        }
    if role == "admin" and "/admin/user/ajax/" in url:
        found |= {"unit", "key", "evaluator", "recommended"}
    return found


def crawl(role, world, books):
    """Every address that an account of this role could ask for, with attacks in the arguments."""
    yield from ("/admin/", "/password", "/", "/admin/search/", "/admin/search/?q=%E5%A4%96%E5%9F%9F")
    yield f"/admin/search/?q={world.theirs.unit.credit_code[:17]}"
    yield from (url for url, need in rights.WORKBENCH.items() if rights.may(role, *need))
    own, foreign = books
    for resource, screen in SCREENS.items():
        if not rights.may(role, "R", resource):
            continue
        stem = f"/admin/{resource}"
        yield f"{stem}/"
        if not hasattr(screen, "model"):
            continue
        yield from (
            f"{stem}/?year=all&page_size=100",
            f"{stem}/?year=all&sort=0&desc=1",
            f"{stem}/?year=all&tab=listed",
        )
        yield f"{stem}/?year=all&search=%E5%A4%96%E5%9F%9F"
        yield f"{stem}/?year=all&search={world.theirs.unit.credit_code[:17]}"
        yield from (f"{stem}/?year=all&flt0_area={area}" for area in ("445302", "445381"))
        if rights.may(role, "X", resource):
            yield from (f"{stem}/export/{kind}/?year=all" for kind in ("csv", "xlsx"))
        if rights.may(role, "C", resource) and resource not in rights.WITHOUT_FORM:
            yield f"{stem}/new/"
        if own[resource] is not None:
            yield f"{stem}/details/?id={own[resource].pk}"
            yield f"{stem}/edit/?id={own[resource].pk}"
        for field in screen._form_ajax_refs:
            yield f"{stem}/ajax/lookup/?name={field}"
            yield f"{stem}/ajax/lookup/?name={field}&query=%E5%A4%96%E5%9F%9F&limit=1000"
    yield f"/admin/application/details/?id={world.ours.listed.pk}"
    yield f"/admin/application/findings/?id={world.ours.records['application'].pk}"
    yield f"/admin/evaluation/details/?id={world.ours.self_report.pk}"


def words(answer) -> str:
    if "spreadsheet" in answer.mimetype:
        sheet = load_workbook(io.BytesIO(answer.data)).active
        return "\n".join(
            str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
        )
    return answer.json and str(answer.json) if answer.is_json else answer.text


@pytest.mark.parametrize("role", SCOPED)
def test_no_page_holds_anything_of_the_other_county(role, browser, world, books):
    someone, leaks, seen = browser(role), [], 0
    for url in crawl(role, world, books):
        answer = someone.get(url)
        assert answer.status_code < 500, url
        if answer.status_code != 200:
            continue
        seen += 1
        text = str(words(answer))
        for what, secret in secrets(world).items():
            if secret in text and what not in excused(role, url) and not (url == "/" and what == "unit"):
                leaks.append(f"{role} {url}: {what} {secret}")
    assert not leaks, "\n".join(leaks)
    assert seen >= 4


@pytest.mark.parametrize("role", ["city", "city_lead"])
def test_the_city_sees_both_counties(role, browser, world):
    text = browser(role).get("/admin/unit/").text
    assert world.ours.unit.name in text and world.theirs.unit.name in text


# --- counts ---


APPLICATIONS = {"county": 5, "city": 8, "city_lead": 8, "evaluator": 2, "unit": 2}
UNITS = {"county": 4, "city": 6, "city_lead": 6, "evaluator": 1, "unit": 1}


def shown_count(text: str) -> int:
    return int(re.search(r'class="list-count"[^>]*>共 <b>(\d+)</b>', text)[1])


@pytest.mark.parametrize("role", APPLICATIONS)
def test_counts_are_of_own_rows(role, browser):
    text = browser(role).get("/admin/application/?year=all").text
    tabs = {
        label: int(count) for label, count in re.findall(r'>([^<>]+)<span class="count">(\d+)</span>', text)
    }
    assert shown_count(text) == APPLICATIONS[role] == tabs["全部"]
    assert sum(tabs.values()) == 2 * tabs["全部"]
    assert shown_count(browser(role).get("/admin/unit/").text) == UNITS[role]


@pytest.mark.parametrize("role", ["county", "evaluator", "unit"])
def test_a_filter_on_the_other_county_finds_nothing(role, browser):
    if role == "unit":
        assert shown_count(browser(role).get("/admin/application/?year=all&flt0_area=445302").text) == 2
    text = browser(role).get("/admin/application/?year=all&flt0_area=445381").text
    assert shown_count(text) == 0


def test_a_chip_says_what_is_filtered(browser):
    text = browser("county").get("/admin/application/?flt0_area=445302").text
    assert "县（市、区）：云城区" in text and "年度：2026 年度" in text


def test_the_workbench_counts_own_rows(browser, world):
    county = re.sub(r"<[^>]+>", " ", browser("county").get("/admin/").text)
    assert re.search(r"提交申报\s+(\S+\s+){0,6}2\b", county) or "2" in county
    assert "data-part" not in browser("unit").get("/admin/").text

    def filed(role):
        text = browser(role).get("/admin/figures/", headers={"X-Fragment": "1"}).text
        url, count = re.search(r'<a href="([^"]+)"><span>申报</span><b>(\d+)</b>', text).groups()
        assert shown_count(browser(role).get(url.replace("&amp;", "&")).text) == int(count)
        return int(count)

    assert (filed("county"), filed("city")) == (5, 8)


@pytest.mark.parametrize("url, need", rights.WORKBENCH.items())
@pytest.mark.parametrize("role", rights.ROLES)
def test_parts_of_the_workbench(role, url, need, browser):
    part = browser(role).get(url, headers={"X-Fragment": "1"})
    whole = browser(role).get(url)
    offered = f'data-part="{url}"' in browser(role).get("/admin/").text
    if not rights.may(role, *need):
        assert (part.status_code, whole.status_code, offered) == (403, 403, False)
        return
    assert (part.status_code, whole.status_code, offered) == (200, 200, True)
    assert "<html" not in part.text and "<html" in whole.text
    assert role != "county" or "罗定市" not in part.text + whole.text


@pytest.mark.parametrize("role, rows", [("county", 5), ("city", 8), ("city_lead", 8)])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_exports_hold_own_rows_only(role, rows, kind, browser):
    answer = browser(role).get(f"/admin/application/export/{kind}/?year=all")
    if kind == "csv":
        found = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    else:
        found = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert len([row for row in found if any("2026" in str(cell) for cell in row)]) == rows


# --- an institution after its engagement ---


def test_after_the_engagement_only_the_own_report_stays(browser, world):
    someone = browser("evaluator")
    for resource, record in (
        ("unit", world.former),
        ("application", world.former_application),
        ("engagement", world.former_engagement),
    ):
        assert someone.get(f"/admin/{resource}/details/?id={record.pk}").status_code == 404
        assert world.former.name not in someone.get(f"/admin/{resource}/?year=all").text
    report = someone.get(f"/admin/evaluation/details/?id={world.former_report.pk}")
    assert report.status_code == 200 and world.former.name in report.text
    assert someone.get(f"/files/{world.former_report.attachment_id}").status_code == 200
    assert world.former.contacts[0].name not in report.text
    assert world.former.name not in str(
        someone.get("/admin/evaluation/ajax/lookup/?name=unit_id&query=期满").json
    )


def test_another_kind_of_an_engaged_unit_is_not_part_of_the_engagement(browser, world):
    from models.registry.evaluators import Engagement

    Engagement.objects(unit_id=world.ours.unit.pk, kind="factory").update(set__kind="park")
    try:
        someone = browser("evaluator")
        assert someone.get(f"/admin/application/details/?id={world.ours.listed.pk}").status_code == 404
        assert (
            someone.get(f"/admin/application/details/?id={world.ours.records['application'].pk}").status_code
            == 200
        )
    finally:
        Engagement.objects(unit_id=world.ours.unit.pk, kind="park").update(set__kind="factory")


# --- numbers of papers that are addressed to a unit ---


def test_a_unit_reads_the_number_of_a_paper_only_when_it_is_issued(browser, world):
    from models.papers import Paper

    number = world.ours.records["number"]
    someone, url = browser("unit"), f"/admin/number/details/?id={number.pk}"
    assert someone.get(url).status_code == 200
    listed = someone.get("/admin/number/").text
    assert number.text in listed and world.theirs.records["number"].text not in listed
    for inside in ("预留用途", "登记人", "作废理由"):
        assert inside not in someone.get(url).text and inside not in listed
    for state in ("signed", "submitted", "drafted", "dropped"):
        Paper.objects(pk=number.paper_id).update(set__state=state)
        assert someone.get(url).status_code == 404 and number.text not in someone.get("/admin/number/").text
    Paper.objects(pk=number.paper_id).update(set__state="revoked")
    assert someone.get(url).status_code == 200  # a revoked paper was issued once
    Paper.objects(pk=number.paper_id).update(set__state="issued")


# --- one way to recommend ---


def test_one_row_and_ticked_rows_lead_to_the_list_that_carries_them(browser, world):
    from app.services.core import workflow
    from tests.builders import cases

    county = cases.actor(cases.Role.COUNTY)
    made = [cases.in_review_by_county(cases.unit(name=f"云城待推荐{n}号有限公司")) for n in (1, 2)]
    someone = browser("county")
    detail = someone.get(f"/admin/application/details/?id={made[0].pk}").text
    assert f'href="/admin/countylist/new/?rowid={made[0].pk}"' in detail

    def ticked(text):
        return {key for key in (str(one.pk) for one in made) if re.search(f'value="{key}" checked', text)}

    one = someone.get(f"/admin/countylist/new/?rowid={made[0].pk}").text
    many = someone.post(
        "/admin/application/action/", {"action": "recommend", "rowid": [str(made[1].pk)]}
    ).text
    assert (ticked(one), ticked(many)) == ({str(made[0].pk)}, {str(made[1].pk)})
    assert ticked(someone.get("/admin/countylist/new/").text) == {str(row.pk) for row in made}
    step = {"id": str(made[0].pk), "action": "recommend", "version": str(made[0].version)}
    assert "推荐名单" in someone.post("/admin/application/step/", step, follow_redirects=True).text
    assert Application.objects.get(pk=made[0].pk).stage == "county_review"
    foreign = someone.get(f"/admin/countylist/new/?rowid={world.theirs.listed.pk}").text
    assert FOREIGN["unit"] not in foreign
    for row in made:
        workflow.advance(
            row,
            "withdraw",
            by=By(county, clock.now()),
            given=workflow.StepInput(reason="试"),
            seen=row.version,
        )
