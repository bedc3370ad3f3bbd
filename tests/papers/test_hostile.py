"""What must not happen to a paper: stuck for ever, issued under a dead number, shown to those it is not about."""

import dataclasses
import io
import json
import zipfile
from datetime import date, timedelta

import pytest

from app import documents
from app.policy.flow import Conflict, NotAllowed, PolicyError
from app.policy.terms import NumberState, PaperState, Role
from app.services.audit import evidence, evidence_files
from app.services.core import decisions, workflow
from app.services.core.by import By
from app.services.filing import county_lists
from app.services.papers import (
    batch_rows,
    batches,
    corrections,
    drafting,
    finals,
    issuing,
    number_blocks,
    numbers,
    offers,
    recovery,
    rendering,
    signing,
    template_proposals,
)
from app.services.papers import content as paper_files
from models.database import transact
from models.decisions import Decision
from models.files import Attachment
from models.filing.applications import Application, Correction
from models.lists import Listing
from models.papers import Number, Paper, PaperBatch
from tests.builders import cases
from tests.builders.papers import NOW, drafted, signed

NEW_YEAR = NOW.replace(year=2027, month=1, day=4)


def test_a_number_of_last_year_does_not_lock_its_paper():
    paper = drafted(due=date(2027, 2, 1))
    number = finals.take_number(paper, by=By(cases.CITY, NOW))
    paper = drafting.submit(paper, version=paper.version, by=By(cases.CITY, NOW))
    paper = signing.sign(paper, by=By(cases.LEAD, NOW))
    with pytest.raises(NotAllowed, match="2026年的文号"):
        issuing.issue(paper, by=By(cases.CITY, NEW_YEAR))
    numbers.void_number(number, "跨年未印发", by=By(cases.CITY, NEW_YEAR))
    assert issuing.issue(paper, by=By(cases.CITY, NEW_YEAR)).number_text == "云工信函〔2027〕1号"


def test_what_cannot_be_issued_can_be_withdrawn_and_is_left_by_the_sweep(monkeypatch):
    cases.account("city", Role.CITY)
    paper = signed()
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "render", lambda *_, **__: (_ for _ in ()).throw(NotAllowed("模板损坏")))
        with pytest.raises(NotAllowed, match="模板损坏"):
            issuing.issue(paper, by=By(cases.CITY, NOW))
    assert recovery.finish_interrupted(now=NOW) == 0
    fresh = Paper.objects.get(pk=paper.pk)
    drafting.withdraw(fresh, "另行发文", version=fresh.version, by=By(cases.CITY, NOW))
    assert Number.objects.get().state == NumberState.VOID.value


def test_a_final_is_not_issued_under_a_voided_number():
    paper = drafted()
    number = finals.take_number(paper, by=By(cases.CITY, NOW))
    content = paper_files.current_docx(Paper.objects.get(pk=paper.pk), now=NOW)
    paper = finals.upload_final(paper, "定稿.docx", content, version=paper.version, by=By(cases.CITY, NOW))
    paper = drafting.submit(paper, version=paper.version, by=By(cases.CITY, NOW))
    paper = signing.sign(paper, by=By(cases.LEAD, NOW))
    numbers.void_number(number, "误取", by=By(cases.CITY, NOW))
    with pytest.raises(NotAllowed, match="文号已作废"):
        issuing.issue(paper, by=By(cases.CITY, NOW))
    assert Paper.objects.get(pk=paper.pk).state == PaperState.SIGNED.value


def test_who_loses_a_kept_number_chooses_again_instead_of_the_sweep():
    cases.account("city", Role.CITY)
    (kept,) = number_blocks.reserve_block("letter", 2026, 1, "征求意见", by=By(cases.CITY, NOW))
    paper = signed()
    issuing.issue(signed(), reserved_id=kept.pk, by=By(cases.CITY, NOW))
    with pytest.raises(Conflict, match="已被使用"):
        issuing.issue(paper, reserved_id=kept.pk, by=By(cases.CITY, NOW))
    assert recovery.finish_interrupted(now=NOW) == 0 and Number.objects.count() == 1
    with pytest.raises(Conflict, match="另选"):
        number_blocks.find_reserved(kept.pk)


def test_what_is_signed_after_a_batch_went_out_waits_for_somebody_to_ask():
    cases.account("city", Role.CITY)
    table = "部门名称\n云浮市税务局\n云浮市应急管理局\n云浮市生态环境局"
    made = batch_rows.copy_by_rows(drafted(), table, by=By(cases.CITY, NOW))
    batches.submit_all(made, by=By(cases.CITY, NOW))
    first, second, third = batches.papers_of(made)
    for paper in (first, second):
        signing.sign(paper, by=By(cases.LEAD, NOW))
    Paper.objects(pk=second.pk).update(set__inputs__asks="")
    batches.issue_all(made, by=By(cases.CITY, NOW))
    signing.sign(Paper.objects.get(pk=third.pk), by=By(cases.LEAD, NOW))
    assert recovery.finish_interrupted(now=NOW) == 0
    assert PaperBatch.objects.get().issued_at is None


def test_a_draft_goes_into_one_batch_only():
    paper = drafted()
    stale = [Paper.objects.get(pk=paper.pk)]
    batches.gather_batch(stale, "", by=By(cases.CITY, NOW))
    with pytest.raises(Conflict, match="另一批次"):
        # As a second clerk whose look was before the first one's act.
        transact(lambda: batches.create_batch("再来", paper.kind, stale, by=By(cases.CITY, NOW)))
    assert PaperBatch.objects.count() == 1


def test_each_letter_of_a_batch_shows_to_its_own_unit_only():
    ours, theirs = (
        cases.unit(name="云城一号有限公司"),
        cases.unit(area=cases.ELSEWHERE, name="罗定二号有限公司"),
    )
    given = dataclasses.replace(documents.specimen("recheck_opinion"), unit_name=ours.name)
    paper = drafting.compose(
        "recheck_opinion",
        given,
        areas=[cases.AREA, cases.ELSEWHERE],
        unit_ids=[ours.pk, theirs.pk],
        by=By(cases.CITY, NOW),
    )
    made = batch_rows.copy_by_rows(paper, f"单位名称\n{ours.name}\n{theirs.name}", by=By(cases.CITY, NOW))
    shown = [(one.areas, one.unit_ids) for one in batches.papers_of(made)]
    assert shown == [([cases.AREA], [ours.pk]), ([cases.ELSEWHERE], [theirs.pk])]


def test_a_decision_that_cannot_be_ended_keeps_no_other_waiting(monkeypatch):
    cases.account("city_lead", Role.CITY_LEAD)
    made = [decisions.prepare("confirm", [cases.at_city()], by=By(cases.CITY, cases.MAY)) for _ in range(2)]
    real, stuck = decisions.carrying.carry_out, made[0].pk

    def broken(decision, *arguments, **options):
        if decision.pk == stuck:
            raise NotAllowed("用语有误")
        return real(decision, *arguments, **options)

    for one in made:
        decisions._settle(one, decisions.DecisionState.APPROVED, "", by=By(cases.LEAD, cases.MAY), seen=None)
    monkeypatch.setattr(decisions.carrying, "carry_out", broken)
    with pytest.raises(PolicyError, match=f"{made[0].number}：用语有误"):
        decisions.sweep(now=cases.MAY)
    assert [one.state for one in Decision.objects.order_by("id")] == ["approved", "done"]


def test_who_worded_a_decisions_paper_does_not_approve_it():
    decision = decisions.prepare("confirm", [cases.at_city()], by=By(cases.CITY, cases.MAY))
    paper = Paper.objects.get(pk=decision.paper_id)
    text = rendering.wording_of(paper).replace("特此通知。", "请遵照执行。")
    drafting.reword(paper, text, version=paper.version, by=By(cases.CITY2, cases.MAY))
    with pytest.raises(NotAllowed, match="拟稿人不能审签"):
        decisions.approve(decision, by=By(cases.actor(Role.CITY_LEAD, name="city2"), cases.MAY))
    assert Decision.objects.get().state == "prepared"


def test_a_lead_does_not_approve_a_wording_that_he_has_not_seen():
    decision = decisions.prepare("confirm", [cases.at_city()], by=By(cases.CITY, cases.MAY))
    seen = Decision.objects.get().version
    paper = Paper.objects.get(pk=decision.paper_id)
    text = rendering.wording_of(paper).replace("特此通知。", "请遵照执行。")
    drafting.reword(paper, text, version=paper.version, by=By(cases.CITY, cases.MAY))
    with pytest.raises(Conflict):
        decisions.approve(decision, by=By(cases.LEAD, cases.MAY), seen=seen)


def test_what_was_signed_is_issued_whatever_wording_comes_meanwhile():
    paper = signed()
    text = documents.standard_wording("consultation").replace("特此函达。", "特此致函。")
    version = template_proposals.propose_wording("consultation", text, "换结束语", by=By(cases.CITY, NOW))
    template_proposals.approve_wording(version, seen=version.version, by=By(cases.LEAD, NOW))
    made = issuing.issue(paper, by=By(cases.CITY, NOW))
    printed = documents.text_of(paper_files.current_docx(made, now=NOW))
    assert "特此函达。" in printed and "特此致函。" not in printed


def test_what_nobody_of_the_bureau_signs_is_not_drafted_again_by_it():
    filing = county_lists.FilingDetails("GT2026050001", cases.MAY.date(), "李虚构", "0766-0000001")
    sent = county_lists.recommend([cases.in_review_by_county()], filing, by=By(cases.COUNTY, cases.MAY))
    letter = Paper.objects.get(pk=sent.paper_id)
    with pytest.raises(NotAllowed, match="县级经办签发"):
        corrections.correct(letter, by=By(cases.CITY, NOW))
    correct, revoke = offers.paper_offers(letter, actor=cases.CITY)
    assert "签发" in correct.why and "退回补正" in revoke.why
    fault = [Correction(field="county_opinion", defect="missing", due=cases.JUNE.date())]
    returned = workflow.StepInput(corrections=fault)
    workflow.advance(Application.objects.get(), "return", by=By(cases.CITY, cases.MAY), given=returned)
    assert corrections.revoke(letter, "名单有误。", by=By(cases.CITY, NOW)).kind == "revocation"


def test_two_proofs_of_the_same_name_are_both_in_the_bundle():
    entry = Listing.objects.get(application_id=cases.listed().pk)
    owner = {"resource": "application", "owner_id": entry.application_id}
    source = Attachment.objects(state="final").first()
    for _ in range(2):
        copy = Attachment.objects.get(pk=source.pk)
        copy.pk, copy.filename = None, "回执.pdf"
        copy.resource, copy.owner_id = owner["resource"], owner["owner_id"]
        copy._created = True
        copy.save(force_insert=True)
    content = evidence.export_evidence(entry, by=By(cases.CITY, cases.JULY + timedelta(days=1)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        listed = [one["path"] for one in json.loads(archive.read(evidence.MANIFEST))["files"]]
    assert {"6-受理/回执.pdf", "6-受理/回执（2）.pdf"} <= set(names)
    assert len(names) == len(set(names)) and set(listed) <= set(names)
    assert evidence_files.plain_name("很长" * 60 + ".docx").endswith(".docx")
