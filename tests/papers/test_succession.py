"""A revoked or replaced list or notice: cases, list, public pages, evidence and the data check follow, or it is refused."""

import dataclasses
import json
import zipfile
from io import BytesIO

import pytest

from app.config import Config
from app.documents.kinds.issued import RevocationInputs
from app.factory import create_app
from app.policy.flow import NotAllowed
from app.policy.terms import ObjectionState, PaperState, Stage
from app.services.audit import evidence, integrity
from app.services.core import decisions
from app.services.core.by import By
from app.services.lists import certificates, published
from app.services.papers import corrections, defaults, drafting, issuing, offers, signing, succession
from app.services.registry import units
from models.audit import AuditEntry
from models.filing.applications import Application
from models.lists import Listing, Objection, PublicNotice
from models.papers import Paper
from models.registry.units import Unit
from tests.builders import cases

NOW = cases.JULY
WHY = "所附名单有误。"


@pytest.fixture
def browser(db, clock, tmp_path):
    clock.set(NOW.isoformat())
    config = Config(
        mongodb_uri=db.uri,
        secret_key="k" * 64,
        trusted_hosts=("localhost",),
        clock_file=clock.file,
        var_dir=tmp_path,
    )
    return create_app(config).test_client()


def the(kind: str) -> Paper:
    return Paper.objects.get(kind=kind, state=PaperState.ISSUED.value)


def carried(draft: Paper) -> Paper:
    paper = drafting.submit(draft, version=draft.version, by=By(cases.CITY, NOW))
    return issuing.issue(signing.sign(paper, by=By(cases.LEAD, NOW)), by=By(cases.CITY, NOW))


def revoked(kind: str) -> Paper:
    return carried(corrections.revoke(the(kind), WHY, by=By(cases.CITY, NOW)))


def sound() -> bool:
    return not any(one.problems for one in integrity.run_checks())


def test_a_revoked_list_takes_its_entries_out_with_trace(browser):
    case = cases.listed()
    listing = the("listing_announcement")
    later = revoked("listing_announcement")
    entry = Listing.objects.get()
    assert (entry.in_force, entry.removed_on, entry.revoked_on) == (False, None, NOW.date())
    assert entry.revoked_by == later.number_text
    case.reload()
    assert (case.stage, case.listed_on) == (Stage.PUBLIC_NOTICE.value, None)
    assert "退回“公示”" in offers.paper_offers(listing, actor=cases.CITY)[1].note
    last = case.trail[-1]
    assert (last.action, last.paper_id, last.username) == ("undo_list", later.pk, cases.CITY.username)
    verbs = AuditEntry.objects(subject_id__in=[str(entry.pk), str(case.pk)]).scalar("verb")
    assert list(verbs).count("公布撤销") == 2
    page = browser.get("/").text
    assert entry.unit_name not in page and later.title in page and later.number_text in page
    assert sound()


def test_a_unit_that_a_later_paper_lists_too_stays_on_the_list_by_that_one():
    first = cases.listed()
    old = the("listing_announcement")
    second = cases.listed(Unit.objects.get(pk=first.unit_id), year=2027)
    later = Paper.objects.get(kind="listing_announcement", pk__ne=old.pk)
    assert Listing.objects.get().paper_id == old.pk
    corrected = carried(corrections.correct(later, by=By(cases.CITY, NOW)))
    carried(corrections.revoke(old, WHY, by=By(cases.CITY, NOW)))
    gone, kept = Listing.objects.order_by("id")
    assert (gone.in_force, gone.paper_id) == (False, old.pk)
    assert (kept.in_force, kept.paper_id, kept.application_id) == (True, corrected.pk, second.pk)
    assert (kept.source_paper, kept.entered_on) == (corrected.number_text, second.listed_on)
    assert [Application.objects.get(pk=one.pk).stage for one in (first, second)] == [
        "public_notice",
        "listed",
    ]
    carried(corrections.revoke(corrected, WHY, by=By(cases.CITY, NOW)))
    assert not Listing.objects(in_force=True) and sound()


def test_what_was_taken_out_may_be_listed_again_by_the_same_steps():
    case = cases.listed()
    revoked("listing_announcement")
    case.reload()
    cases.recheck([case], NOW)
    cases.decide("list", [case], NOW)
    assert [entry.in_force for entry in Listing.objects.order_by("id")] == [False, True]
    assert Listing.objects.get(in_force=True).source_paper == the("listing_announcement").number_text
    assert sound()


def test_a_revoked_notice_counts_as_none(browser):
    case = cases.on_notice()
    notice = PublicNotice.objects.get()
    later = revoked("public_notice")
    case.reload()
    assert (case.stage, case.notice_id, case.notice_last_day) == (Stage.SHORTLISTED.value, None, None)
    cases.recheck([case], NOW)
    with pytest.raises(NotAllowed, match="拟入选"):
        decisions.prepare("list", [case], by=By(cases.CITY, NOW))
    page = browser.get(f"/notices/{notice.pk}").text
    assert f"本公示已由{later.number_text}" in page and "提出异议" not in page
    assert "已撤销" in browser.get("/").text
    notice.reload()
    assert "撤销" in certificates.certificate_obstacle(notice, NOW)
    cases.decide("announce", [case], NOW, details={"first_day": NOW.date()})
    case.reload()
    assert case.notice_id != notice.pk and case.notice_last_day > NOW.date()
    assert sound()


def test_an_objection_to_a_revoked_notice_still_wants_an_answer():
    case = cases.on_notice()
    cases.objection(case, matter="数据不实。")
    revoked("public_notice")
    cases.recheck([case], NOW)
    cases.decide("announce", [case], NOW, details={"first_day": NOW.date()})
    case.reload()
    after = cases.after_notice(case)
    cases.recheck([case], after)
    with pytest.raises(NotAllowed, match="1 件异议未办结"):
        decisions.prepare("list", [case], by=By(cases.CITY, after))
    raised = Objection.objects.get()
    cases.settled(raised, ObjectionState.REJECTED, after, "查无此事。")
    cases.decide("list", [case], after)
    assert Listing.objects(in_force=True).count() == 1


@pytest.mark.parametrize(
    "kind, first",
    [
        ("public_notice", "先撤销公布名单的通知"),
        ("cultivation_list", "先撤销公示"),
        ("county_recommendation", "退回补正"),
    ],
)
def test_what_others_rest_on_is_undone_in_reverse_order(kind, first):
    case = cases.listed()
    old = Paper.objects(kind=kind).first() or _sent(case)
    with pytest.raises(NotAllowed, match=first):
        corrections.revoke(old, WHY, by=By(cases.CITY, NOW))
    _, revoke = offers.paper_offers(old, actor=cases.CITY)
    assert first in revoke.why


def _sent(case: Application) -> Paper:
    """The county's letter behind a case that was recommended without one."""
    letter = Paper(kind="county_recommendation", title="推荐函", state="issued", areas=[case.area]).save()
    for entry in case.trail:
        if entry.action == "recommend":
            entry.paper_id = letter.pk
    case.save()
    return letter


def test_all_of_it_can_be_undone_step_by_step():
    case = cases.listed()
    for kind, stage in (
        ("listing_announcement", Stage.PUBLIC_NOTICE),
        ("public_notice", Stage.SHORTLISTED),
    ):
        revoked(kind)
        case.reload()
        assert case.stage == stage.value
    assert sound()


def test_a_revoked_cultivation_list_sends_its_cases_back_to_the_check():
    case = cases.cultivated()
    revoked("cultivation_list")
    case.reload()
    assert (case.stage, case.cultivation_ends) == (Stage.CITY_CHECK.value, None)
    assert sound()


def test_a_waiting_decision_and_a_certificate_stand_in_the_way():
    case = cases.on_notice()
    after = cases.after_notice(case)
    certificate = certificates.draft_certificate(PublicNotice.objects.get(), by=By(cases.CITY, after))
    with pytest.raises(NotAllowed, match="公示结果说明拟稿"):
        corrections.revoke(the("public_notice"), WHY, by=By(cases.CITY, after))
    drafting.withdraw(certificate, "公示有误", version=certificate.version, by=By(cases.CITY, after))
    draft = corrections.revoke(the("public_notice"), WHY, by=By(cases.CITY, after))
    cases.recheck([case], after)
    decisions.prepare("list", [case], by=By(cases.CITY, after))  # between drafting and issuing
    paper = drafting.submit(draft, version=draft.version, by=By(cases.CITY, after))
    paper = signing.sign(paper, by=By(cases.LEAD, after))
    assert "请先退回审批单" in succession.revocation_obstacle(
        the("public_notice")
    )  # said before it is drafted
    with pytest.raises(NotAllowed, match="待审签的审批单"):
        issuing.issue(paper, by=By(cases.CITY, after))
    case.reload()
    assert case.stage == Stage.PUBLIC_NOTICE.value and PublicNotice.objects.get().revoked_on is None


def test_a_replaced_list_is_named_by_its_new_number_everywhere(browser):
    cases.listed()
    old = the("listing_announcement")
    new = carried(corrections.correct(old, by=By(cases.CITY, NOW)))
    entry = Listing.objects.get()
    assert (entry.paper_id, entry.source_paper, entry.in_force) == (new.pk, new.number_text, True)
    page = browser.get("/").text
    assert new.number_text in page and old.number_text not in page
    with zipfile.ZipFile(BytesIO(evidence.export_evidence(entry, by=By(cases.CITY, NOW)))) as bundle:
        manifest = json.loads(bundle.read(evidence.MANIFEST))
    announced = [one["what"] for one in manifest["files"] if one["path"].startswith("1-公布/")]
    assert announced == ["公布名单的公文，已印发", "公布名单的公文的原件，已替代"]
    assert manifest["entry"]["paper"] == new.number_text
    assert sound()
    revoked("listing_announcement")  # the new one: the entries know it
    assert Listing.objects(in_force=True).count() == 0 and sound()


def test_a_replaced_notice_shows_what_the_new_paper_says(browser):
    cases.on_notice()
    notice = PublicNotice.objects.get()
    draft = corrections.correct(the("public_notice"), by=By(cases.CITY, NOW))
    Paper.objects(pk=draft.pk).update(set__inputs__units__0__industry="石材加工")
    new = carried(Paper.objects.get(pk=draft.pk))
    notice.reload()
    assert (
        notice.paper_id == new.pk
        and published.find_published_notice(notice.pk, NOW.date()).lines[0][3] == "石材加工"
    )
    assert sound()


@pytest.mark.parametrize(
    "change, named",
    [
        ({"set__inputs__factories": []}, "绿色工厂"),
        ({"set__inputs__factories__0__name": "云浮市另一家有限公司"}, "绿色工厂"),
        ({"set__inputs__notice_last_day": "2026-06-30"}, "公示末日"),
    ],
)
def test_a_correction_mends_the_text_and_decides_nothing(change, named):
    cases.listed()
    draft = corrections.correct(the("listing_announcement"), by=By(cases.CITY, NOW))
    Paper.objects(pk=draft.pk).update(**change)
    with pytest.raises(NotAllowed, match=f"不能改变{named}.*第十五条"):
        carried(Paper.objects.get(pk=draft.pk))
    assert the("listing_announcement").pk == draft.corrects_id


def test_a_correction_may_write_the_units_present_name():
    case = cases.listed()
    unit = Unit.objects.get(pk=case.unit_id)
    units.update_unit(unit, {"name": "云浮市更名后有限公司"}, version=unit.version, by=By(cases.COUNTY, NOW))
    draft = corrections.correct(the("listing_announcement"), by=By(cases.CITY, NOW))
    Paper.objects(pk=draft.pk).update(set__inputs__factories__0__name="云浮市更名后有限公司")
    new = carried(Paper.objects.get(pk=draft.pk))
    assert Listing.objects.get(in_force=True).paper_id == new.pk


def test_a_replaced_revocation_is_the_one_that_is_named():
    cases.listed()
    first = revoked("listing_announcement")
    with pytest.raises(NotAllowed, match="不能再撤销"):
        corrections.revoke(first, WHY, by=By(cases.CITY, NOW))
    second = carried(corrections.correct(first, by=By(cases.CITY, NOW)))
    assert Listing.objects.get().revoked_by == second.number_text
    gone = Paper.objects.get(kind="listing_announcement")
    assert (gone.replaced_by, gone.state) == (second.pk, PaperState.REVOKED.value)
    assert [one.number for one in published.published_revocations()] == [second.number_text]


def test_a_revocation_names_the_paper_that_it_ends():
    cases.listed()
    draft = corrections.revoke(the("listing_announcement"), WHY, by=By(cases.CITY, NOW))
    Paper.objects(pk=draft.pk).update(set__inputs__revoked_number="云工信〔2026〕99号")
    with pytest.raises(NotAllowed, match="须与被撤销的公文一致"):
        carried(Paper.objects.get(pk=draft.pk))
    assert Listing.objects.get().in_force


def test_what_was_issued_here_is_not_revoked_past_its_page():
    cases.listed()
    old = the("listing_announcement")
    given = defaults.default_inputs("revocation", NOW) | {
        "revoked_title": old.title,
        "revoked_on": old.issued_on,
    }
    inputs = RevocationInputs(**given, revoked_number=old.number_text, reasons=(WHY,))
    draft = drafting.compose("revocation", inputs, areas=[], by=By(cases.CITY, NOW))
    with pytest.raises(NotAllowed, match="在该公文的页面办理"):
        drafting.submit(draft, version=draft.version, by=By(cases.CITY, NOW))
    abroad = dataclasses.replace(inputs, revoked_number="云工信〔2024〕3号")  # from before this system
    draft = drafting.edit(draft, abroad, version=draft.version, by=By(cases.CITY, NOW))
    assert carried(draft).state == PaperState.ISSUED.value and Listing.objects.get().in_force
