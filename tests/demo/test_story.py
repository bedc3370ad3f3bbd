"""The seeded demo: everything is at its stage, everybody can sign in and has something to do."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from app import demo
from app.config import Config
from app.demo import accounts, cast, fates
from app.factory import create_app
from app.policy.audit import LABELS
from app.policy.filing import eligibility
from app.policy.flow import NotAllowed
from app.policy.terms import DecisionState, ObjectionState, Stage
from app.services.accounts import signing_in
from app.services.audit import integrity
from app.services.core import rules, workflow
from app.services.core.by import By
from app.services.desk import workbench
from app.services.lists import published
from app.services.reports import due
from models.accounts.people import User
from models.audit import AuditEntry
from models.decisions import Decision
from models.filing.applications import Application
from models.lists import Listing, Objection
from models.papers import Number, Paper
from models.registry.units import Unit
from models.reminders.entries import ReminderEntry
from models.reports import AnnualReport
from tests.builders.demo import PASSWORD

pytestmark = pytest.mark.timeout(400)

EXPECTED = {
    Stage.DRAFT: 2,
    Stage.COUNTY_REVIEW: 6,
    Stage.CITY_CHECK: 5,
    Stage.CULTIVATED: 10,
    Stage.REVIEW: 3,
    Stage.SHORTLISTED: 2,
    Stage.PUBLIC_NOTICE: 8,
    Stage.LISTED: 14,
    Stage.RETURNED: 7,
    Stage.NOT_RECOMMENDED: 1,
    Stage.REFUSED: 1,
    Stage.WITHDRAWN: 1,
}


def test_every_line_of_the_ledger_has_one_fate():
    groups = (
        *fates.SPRING,
        *fates.AUTUMN,
        *fates.REFUSED,
        *fates.RETURNED_BY_CITY,
        *fates.AT_COUNTY,
        *fates.RETURNED,
        *fates.NOT_RECOMMENDED,
        *fates.WITHDRAWN,
        *fates.DRAFT,
    )
    assert sorted(groups) == list(range(1, 61))


def test_every_requirement_has_a_source():
    assert set(cast.SOURCES) == set(eligibility.BY_CODE)


def test_stages_of_the_year(told):
    counted = Counter(Application.objects(year=2026).scalar("stage"))
    assert counted == {stage.value: count for stage, count in EXPECTED.items()}


def test_the_year_before_is_on_the_list(told):
    assert Counter(Listing.objects.scalar("year")) == {2025: 5, 2026: 14}
    assert Application.objects.get(year=2025, stage=Stage.CULTIVATED.value).cultivation_ends.year == 2028


def test_what_a_list_rests_on_has_no_gap(told):
    for entry in Listing.objects:
        application = Application.objects.get(pk=entry.application_id)
        assert application.city_opinion
        assert Paper.objects(kind="no_objection", state="issued", unit_ids=entry.unit_id).count() == 1


def test_honours_are_held_and_one_has_run_out(told):
    held = [one for unit in Unit.objects for one in unit.honours]
    assert [one.valid_on(told.now.date()) for one in held].count(False) == 1 < len(held)


def test_the_data_keep_their_promises(told):
    wrong = [problem for one in integrity.run_checks() for problem in one.problems]
    assert not wrong
    assert all(one.looked_at for one in integrity.run_checks())


def test_objections_of_every_outcome(told):
    assert Counter(Objection.objects.scalar("state")) == {state.value: 1 for state in ObjectionState}
    upheld = Objection.objects.get(state=ObjectionState.UPHELD.value)
    assert Application.objects.get(pk=upheld.application_id).stage == Stage.CULTIVATED


def test_annual_reports_up_to_the_one_that_never_came(told):
    stages = Counter(AnnualReport.objects.scalar("stage"))
    assert stages == {"accepted": 2, "county_checked": 1, "returned": 1}
    assert [one.explanation for one in AnnualReport.objects.get(findings__0__exists=True).findings]
    owed = {one.unit_id: one for one in due.owing_reports(2026, told.now.date())}
    (silent,) = [one for one in owed.values() if one.report is None]
    steps = ReminderEntry.objects(unit_id=silent.unit_id, rule="annual_report").distinct("step")
    assert sorted(steps) == ["03-15", "04-01", "04-10", "04-16"]


def test_every_act_of_the_log_has_chinese_words(told):
    words = {LABELS.get(verb, verb) for verb in AuditEntry.objects.distinct("verb")}
    assert [one for one in words if re.search("[a-z]", one)] == []


def test_nothing_happens_after_now(told):
    late = [entry for row in Application.objects for entry in row.trail if entry.at > told.now]
    assert not late
    assert not Number.objects(reserved_at__gt=told.now)


def test_the_waiting_decision_can_be_approved(told):
    waiting = Decision.objects.get(state=DecisionState.PREPARED.value)
    assert len(waiting.lines) == 3
    rows = [Application.objects.get(pk=line.record_id) for line in waiting.lines]
    for row in rows:
        row.decision_id = None  # judged as approval judges it, the decision itself apart
    city = User.objects.named("city").actor()
    assert [one.why for one in workflow.preflight("confirm", rows, by=By(city, told.now))] == ["", "", ""]


@pytest.mark.parametrize("area", [area.username for area in rules.pack().areas])
def test_every_county_has_cases_to_examine_and_to_correct(told, area):
    lines = workbench.waiting_tasks(By(User.objects.named(area).actor(), told.now))
    assert {"补正后重新提交", "综合评价并推荐"} <= {line.text for line in lines}


@pytest.mark.parametrize("username", ["city", "lead", "evaluator1", "evaluator2", "unit1"])
def test_everybody_has_something_to_do(told, username):
    assert workbench.waiting_tasks(By(User.objects.named(username).actor(), told.now))


def test_a_notice_is_open_today(told):
    assert [notice.open_on(told.now.date()) for notice in published.published_notices(told.now.date())] == [
        True,
        False,
        False,
    ]


# --- accounts ------------------------------------------------------------------------------------------------


@pytest.fixture
def app(told, tmp_path, monkeypatch):
    clock_file = tmp_path / "instant"
    clock_file.write_text(told.now.isoformat(), encoding="utf-8")
    environ = {"VAR_DIR": str(told.var_dir), "DEMO": "1", "CLOCK_FILE": str(clock_file)}
    yield create_app(Config.from_environment(environ))


def sign_in(app, username):
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text)[1]
    form = {"csrf_token": token, "username": username, "password": PASSWORD}
    return client, client.post("/login", data=form)


@pytest.mark.parametrize("username", [one.username for one in accounts.all_accounts(rules.pack())])
def test_an_account_signs_in_at_the_real_form(app, username):
    client, answer = sign_in(app, username)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    page = client.get("/admin/")
    assert page.status_code == 200  # and is not sent to change the password
    assert "退出" in page.text


def test_whoever_has_left_does_not_sign_in(app):
    assert sign_in(app, accounts.FORMER)[1].status_code == 401


def test_no_password_grows_old_while_the_clock_moves_by_years(told):
    later = told.now + timedelta(days=3 * 366)
    names = [one.username for one in accounts.all_accounts(rules.pack())]
    assert not [user.username for user in User.objects(username__in=names) if user.must_renew(later)]


def test_the_printed_table_names_accounts_and_password(told):
    for account in accounts.all_accounts(rules.pack()):
        assert re.search(rf"^  {account.username}\s", told.printed, re.MULTILINE)
    assert told.printed.endswith(PASSWORD)
    assert accounts.FORMER not in told.printed


def test_a_second_run_changes_nothing(told, monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    before = told.hashes()
    assert demo.seed(told.var_dir, now=told.now + timedelta(hours=1)) == told.printed
    assert told.hashes() == before


def test_another_password_opens_the_same_accounts(told, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "another")
    assert demo.seed(told.var_dir, now=told.now).endswith("another")
    assert signing_in.authenticate("city", "another", address="", now=told.now)
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    demo.seed(told.var_dir, now=told.now)
    assert signing_in.authenticate("lead", PASSWORD, address="", now=told.now)


def test_the_password_is_kept_for_the_owner_of_the_folder_alone(told):
    file = told.var_dir / accounts.PASSWORD_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text(encoding="utf-8") == PASSWORD


def test_a_generated_password_is_kept(tmp_path):
    first, changed = accounts.password(tmp_path, {})
    assert changed and len(first) == 16
    assert accounts.password(tmp_path, {}) == (first, False)
    assert accounts.password(tmp_path, {"DEMO_PASSWORD": "x" * 200}) == ("x" * 200, True)


def test_a_password_of_any_length_is_taken():
    from app.services.accounts import passwords

    assert passwords.matches(accounts.hash_of("长" * 300), "长" * 300)


def test_a_database_in_use_is_left_alone(told):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "EXPERTS", (accounts.Account("expert9", "某人", accounts.Role.EXPERT),))
        with pytest.raises(NotAllowed, match="已有账号"):
            demo.seed(told.var_dir, now=told.now)
