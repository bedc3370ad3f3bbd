"""A free paper from draft to issue, what blocks it, and how a later one replaces or revokes it."""

import hashlib

import pytest

from app import documents
from app.policy.access import Actor
from app.policy.flow import Conflict, NotAllowed
from app.policy.papers import KINDS
from app.policy.terms import NumberState, PaperState, Role
from app.services.core import files, scope
from app.services.core.by import By
from app.services.papers import content as paper_files
from app.services.papers import (
    corrections,
    drafting,
    finals,
    issuing,
    number_blocks,
    numbers,
    recovery,
    rendering,
    signing,
    template_proposals,
    transitions,
)
from models.audit import AuditEntry
from models.files import Attachment
from models.papers import Number, Paper
from tests.builders import cases
from tests.builders.papers import HOSTILE, NOW, drafted, inputs, issued, signed, submitted


def text_of(paper: Paper) -> str:
    return documents.text_of(paper_files.current_docx(paper, now=NOW))


def test_issuing_takes_the_number_and_freezes_bytes_inputs_and_digest():
    paper = issued()
    assert (paper.state, paper.number_text) == (PaperState.ISSUED.value, "云工信函〔2026〕1号")
    content = files.content(Attachment.objects.get(pk=paper.attachment_id))
    assert hashlib.sha256(content).hexdigest() == paper.sha256
    assert paper.number_text in documents.text_of(content)
    assert paper.inputs["department"] == "云浮市生态环境局" and paper.wording == documents.standard_wording(
        "consultation"
    )
    assert Number.objects.get(paper_id=paper.pk).state == NumberState.USED.value
    assert AuditEntry.objects(subject_id=str(paper.pk), verb="印发公文").count() == 1


def test_wording_that_changes_later_does_not_touch_what_is_issued():
    paper = issued()
    before = paper_files.current_docx(paper, now=NOW)
    text = documents.standard_wording("consultation").replace("特此函达。", "特此致函。")
    version = template_proposals.propose_wording("consultation", text, "换结束语", by=By(cases.CITY, NOW))
    template_proposals.approve_wording(version, seen=version.version, by=By(cases.LEAD, NOW))
    assert paper_files.current_docx(Paper.objects.get(pk=paper.pk), now=NOW) == before
    assert "特此致函。" in text_of(drafted())


@pytest.mark.parametrize(
    "given, missing",
    [
        ({"department": " "}, "部门名称"),
        ({"asks": ""}, "需部门核查的事项"),
        ({"names": ("",)}, "第1行的单位名称"),
    ],
)
def test_what_is_empty_blocks_submitting_and_is_named(given, missing):
    paper = drafted(**given)
    with pytest.raises(NotAllowed, match=missing):
        drafting.submit(paper, version=paper.version, by=By(cases.CITY, NOW))


def test_what_became_empty_blocks_issuing_too():
    paper = signed()
    Paper.objects(pk=paper.pk).update(set__inputs__asks="")
    with pytest.raises(NotAllowed, match="需部门核查的事项"):
        issuing.issue(paper, by=By(cases.CITY, NOW))
    assert Number.objects.count() == 0


def test_an_unknown_placeholder_is_named():
    paper = drafted()
    text = documents.standard_wording("consultation").replace("{{asks}}", "{{asked}}")
    with pytest.raises(NotAllowed, match="asked"):
        drafting.reword(paper, text, version=paper.version, by=By(cases.CITY, NOW))


def test_text_and_fields_stay_editable_until_signed():
    paper = drafted()
    text = documents.standard_wording("consultation").replace("特此函达。", "盼复。")
    paper = drafting.reword(paper, text, version=paper.version, by=By(cases.CITY, NOW))
    paper = drafting.edit(
        paper, inputs(department="云浮市税务局"), version=paper.version, by=By(cases.CITY, NOW)
    )
    assert "盼复。" in text_of(paper) and "云浮市税务局：" in text_of(paper)
    paper = drafting.submit(paper, version=paper.version, by=By(cases.CITY, NOW))
    with pytest.raises(NotAllowed, match="待审签"):
        drafting.edit(paper, inputs(), version=paper.version, by=By(cases.CITY, NOW))


def test_the_lead_signs_only_what_he_did_not_touch():
    paper = submitted()
    both = cases.actor(Role.CITY_LEAD, name="city")  # the clerk of yesterday, the lead of today
    with pytest.raises(NotAllowed, match="拟稿人不能审签"):
        signing.sign(paper, by=By(both, NOW))
    for by in (cases.CITY2, cases.COUNTY, cases.ADMIN):
        with pytest.raises(NotAllowed, match="审签"):
            signing.sign(paper, by=By(by, NOW))
    assert signing.sign(paper, by=By(cases.LEAD, NOW)).state == PaperState.SIGNED.value


def test_who_edited_it_is_no_second_person():
    paper = drafted()
    paper = drafting.edit(paper, inputs(asks="节能监察"), version=paper.version, by=By(cases.CITY2, NOW))
    paper = drafting.submit(paper, version=paper.version, by=By(cases.CITY, NOW))
    with pytest.raises(NotAllowed, match="拟稿人不能审签"):
        signing.sign(paper, by=By(cases.actor(Role.CITY_LEAD, name="city2"), NOW))


def test_sent_back_can_be_edited_again():
    paper = signing.send_back(submitted(), "请补充依据", by=By(cases.LEAD, NOW))
    assert paper.open
    with pytest.raises(Conflict):
        drafting.edit(paper, inputs(), version=paper.version - 1, by=By(cases.CITY, NOW))


def test_nothing_is_issued_unsigned_or_by_others():
    with pytest.raises(NotAllowed, match="审签之后"):
        issuing.issue(submitted(), by=By(cases.CITY, NOW))
    with pytest.raises(NotAllowed, match="市局经办"):
        issuing.issue(signed(), by=By(cases.COUNTY, NOW))


def test_issuing_twice_is_one_issue():
    paper = signed()
    first = issuing.issue(paper, by=By(cases.CITY, NOW))
    with pytest.raises(NotAllowed, match="已印发"):
        issuing.issue(paper, by=By(cases.CITY, NOW))
    assert Number.objects.count() == 1 and Paper.objects.get(pk=paper.pk).sha256 == first.sha256


def test_a_kept_number_is_used():
    block = number_blocks.reserve_block("letter", 2026, 2, "征求意见", by=By(cases.CITY, NOW))
    paper = issuing.issue(signed(), reserved_id=block[1].pk, by=By(cases.CITY, NOW))
    assert paper.number == 2


def test_withdrawing_voids_the_number_with_the_reason():
    paper = drafted()
    finals.take_number(paper, by=By(cases.CITY, NOW))
    drafting.withdraw(paper, "事项取消", version=paper.version, by=By(cases.CITY, NOW))
    number = Number.objects.get()
    assert (number.state, number.reason) == (NumberState.VOID.value, "事项取消")
    assert (
        scope.rows(By(cases.COUNTY, NOW), Paper).count() == 0
    )  # a draft that came to nothing is nobody else's


def test_hostile_names_are_printed_letter_for_letter():
    assert HOSTILE in text_of(issued(names=(HOSTILE,)))


def test_a_correction_is_a_new_document_that_names_the_old():
    old = issued()
    frozen = (old.sha256, old.number_text, old.inputs)
    draft = corrections.correct(old, by=By(cases.CITY, NOW))
    with pytest.raises(NotAllowed, match="已有更正或撤销"):
        corrections.correct(old, by=By(cases.CITY, NOW))
    assert Paper.objects.get(pk=old.pk).state == PaperState.ISSUED.value  # until the new one is issued
    new = carried(draft)
    assert f"《{old.title}》（{old.number_text}）由本文替代" in text_of(new)
    old = Paper.objects.get(pk=old.pk)
    assert (old.state, old.replaced_by, old.replaced_number) == ("replaced", new.pk, new.number_text)
    assert (old.sha256, old.number_text, old.inputs) == frozen and new.number == old.number + 1


def test_a_revocation_is_announced_and_names_the_old():
    old = issued()
    with pytest.raises(NotAllowed, match="理由"):
        corrections.revoke(old, " ", by=By(cases.CITY, NOW))
    new = carried(corrections.revoke(old, "所附名单有误。", by=By(cases.CITY, NOW)))
    assert old.number_text in text_of(new) and "所附名单有误。" in text_of(new)
    assert Paper.objects.get(pk=old.pk).state == PaperState.REVOKED.value
    with pytest.raises(NotAllowed, match="现行有效"):
        corrections.correct(Paper.objects.get(pk=old.pk), by=By(cases.CITY, NOW))


def carried(draft: Paper) -> Paper:
    paper = drafting.submit(draft, version=draft.version, by=By(cases.CITY, NOW))
    paper = signing.sign(paper, by=By(cases.LEAD, NOW))
    return issuing.issue(paper, by=By(cases.CITY, NOW))


def test_a_crash_between_number_and_issue_is_ended_by_the_sweep(monkeypatch):
    cases.account("city", Role.CITY)
    paper = signed()
    with monkeypatch.context() as patched:
        patched.setattr(
            transitions, "record_issue", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            issuing.issue(paper, by=By(cases.CITY, NOW))
    reserved = Number.objects.get()
    with pytest.raises(NotAllowed, match="正在用"):
        numbers.void_number(reserved, "误取", by=By(cases.CITY, NOW))
    assert recovery.finish_interrupted(now=NOW) == 1
    fresh = Paper.objects.get(pk=paper.pk)
    assert (fresh.state, fresh.number) == (PaperState.ISSUED.value, reserved.number)
    assert recovery.finish_interrupted(now=NOW) == 0


@pytest.mark.parametrize("kind", [*(kind.code for kind in KINDS.values() if kind.by_step), "tip_accepted"])
def test_what_a_step_issues_is_not_drafted_freely(kind):
    assert kind not in {one.code for one in drafting.draftable_kinds(cases.CITY)}
    with pytest.raises(NotAllowed):
        drafting.compose(kind, inputs(), areas=[], by=By(cases.CITY, NOW))


@pytest.mark.parametrize("by", [cases.LEAD, cases.COUNTY, cases.ADMIN, Actor.system("x")])
def test_only_the_city_drafts(by):
    assert drafting.draftable_kinds(by) == []
    with pytest.raises(NotAllowed):
        drafting.compose("consultation", inputs(), areas=[], by=By(by, NOW))


def test_a_decisions_paper_lets_its_wording_change_before_approval():
    application = cases.at_city()
    from app.services.core import decisions

    decision = decisions.prepare("confirm", [application], by=By(cases.CITY, cases.MAY))
    paper = Paper.objects.get(pk=decision.paper_id)
    text = rendering.wording_of(paper).replace("特此通知。", "请遵照执行。")
    drafting.reword(paper, text, version=paper.version, by=By(cases.CITY, cases.MAY))
    with pytest.raises(NotAllowed, match="审批单"):
        drafting.edit(paper, inputs(), version=paper.version + 1, by=By(cases.CITY, cases.MAY))
    decisions.approve(decision, by=By(cases.LEAD, cases.MAY))
    assert "请遵照执行。" in text_of(Paper.objects.get(pk=paper.pk))


def test_an_empty_contact_stops_a_decision_and_is_named():
    from app.services.core import decisions

    application = cases.at_city()
    cases.set_value("contact_phone", "", cases.MAY)
    with pytest.raises(NotAllowed, match="联系电话"):
        decisions.prepare("confirm", [application], by=By(cases.CITY, cases.MAY))
