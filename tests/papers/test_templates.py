"""Wording and skeletons under two pairs of eyes: what is unknown is named, every version is kept, one can go back."""

import io

import docx
import pytest

from app import documents
from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import ProposalState, Role
from app.services.core import scope
from app.services.core.by import By
from app.services.papers import content, issuing, template_proposals, templates, trials
from models.papers import Paper, Wording
from tests.builders import cases
from tests.builders.papers import NOW, drafted, signed

SHIPPED = documents.standard_wording("consultation")


def reworded(new: str = "特此致函。") -> str:
    return SHIPPED.replace("特此函达。", new)


def prepared(text: str = "", note: str = "换结束语") -> Wording:
    return template_proposals.propose_wording(
        "consultation", text or reworded(), note, by=By(cases.CITY, NOW)
    )


def approved(text: str = "", note: str = "换结束语") -> Wording:
    version = prepared(text, note)
    return template_proposals.approve_wording(version, seen=version.version, by=By(cases.LEAD, NOW))


def text_of() -> str:
    return documents.text_of(content.current_docx(drafted(), now=NOW))


def test_a_new_wording_counts_only_after_approval_by_another():
    version = prepared()
    assert "特此函达。" in text_of()
    with pytest.raises(NotAllowed, match="拟办人不能审批"):
        twice = cases.actor(Role.CITY_LEAD, name="city")
        template_proposals.approve_wording(version, seen=version.version, by=By(twice, NOW))
    for by in (cases.CITY2, cases.COUNTY, cases.ADMIN):
        with pytest.raises(NotAllowed):
            template_proposals.approve_wording(version, seen=version.version, by=By(by, NOW))
    template_proposals.approve_wording(version, seen=version.version, by=By(cases.LEAD, NOW))
    assert "特此致函。" in text_of()
    with pytest.raises(Conflict):
        template_proposals.approve_wording(version, seen=version.version, by=By(cases.LEAD, NOW))


@pytest.mark.parametrize(
    "text, words",
    [
        (SHIPPED.replace("{{asks}}", "{{asked}}"), "asked"),
        (SHIPPED.replace("{{asks}}", "{{asks}"), "没有写完整"),
        (SHIPPED.replace("# 正文", "# 内容"), "内容"),
        (SHIPPED.replace("特此函达。", "## 特殊情况\n特此函达。"), "特殊情况"),
        (SHIPPED, "没有修改"),
    ],
)
def test_what_cannot_be_used_is_refused_and_named(text, words):
    with pytest.raises(NotAllowed, match=words):
        template_proposals.propose_wording("consultation", text, "试", by=By(cases.CITY, NOW))
    assert Wording.objects.count() == 0


def test_a_trial_shows_the_specimen_and_its_checks():
    trial = trials.try_wording("consultation", reworded())
    assert "特此致函。" in documents.text_of(trial.content)
    assert trial.checks and trial.faults == []


@pytest.mark.parametrize("target", sorted(templates.template_targets()))
def test_every_kind_and_family_can_be_tried_as_shipped(target):
    trial = trials.trial_of(
        Wording(target=target, text=None if ":" in target else documents.standard_wording(target))
    )
    assert trial.faults == []


def test_one_version_waits_at_a_time_and_a_note_is_asked():
    with pytest.raises(NotAllowed, match="修改理由"):
        prepared(note=" ")
    prepared()
    with pytest.raises(NotAllowed, match="待审批"):
        prepared(reworded("盼复。"))


def test_sent_back_changes_nothing_and_needs_a_reason():
    version = prepared()
    with pytest.raises(NotAllowed, match="意见"):
        template_proposals.send_back_wording(version, " ", seen=version.version, by=By(cases.LEAD, NOW))
    template_proposals.send_back_wording(
        version, "保留原结束语", seen=version.version, by=By(cases.LEAD, NOW)
    )
    assert templates.wording_version_in_force("consultation") is None and "特此函达。" in text_of()


def test_going_back_needs_the_second_person_too():
    first = approved()
    approved(reworded("盼复。"), "再换")
    assert "盼复。" in text_of()
    again = template_proposals.restore_wording(first, "恢复", by=By(cases.CITY, NOW))
    assert "盼复。" in text_of()
    template_proposals.approve_wording(again, seen=again.version, by=By(cases.LEAD, NOW))
    assert "特此致函。" in text_of()
    shipped = template_proposals.restore_shipped_wording("consultation", "恢复自带", by=By(cases.CITY, NOW))
    template_proposals.approve_wording(shipped, seen=shipped.version, by=By(cases.LEAD, NOW))
    assert "特此函达。" in text_of()
    assert Wording.objects(state=ProposalState.APPROVED.value).count() == 4  # every version is kept


def restyled(remove: str = "") -> bytes:
    document = docx.Document(io.BytesIO(templates.skeleton_in_force("letter")))
    document.styles["公文标题"].font.italic = True
    if remove:
        element = document.styles[remove].element
        element.getparent().remove(element)
    result = io.BytesIO()
    document.save(result)
    return result.getvalue()


def test_an_uploaded_skeleton_is_used_after_approval():
    upload = ("信函模板.docx", restyled())
    version = template_proposals.propose_skeleton("letter", upload, "标题斜体", by=By(cases.CITY, NOW))
    assert templates.own_skeleton("letter") is None
    template_proposals.approve_wording(version, seen=version.version, by=By(cases.LEAD, NOW))
    made = docx.Document(io.BytesIO(content.current_docx(drafted(), now=NOW)))
    assert made.styles["公文标题"].font.italic
    back = template_proposals.restore_shipped_wording("skeleton:letter", "恢复", by=By(cases.CITY, NOW))
    template_proposals.approve_wording(back, seen=back.version, by=By(cases.LEAD, NOW))
    assert templates.own_skeleton("letter") is None


def test_what_was_signed_keeps_its_skeleton():
    before = signed()
    shown = content.current_docx(before, now=NOW)
    version = template_proposals.propose_skeleton(
        "letter", ("信函模板.docx", restyled()), "标题斜体", by=By(cases.CITY, NOW)
    )
    template_proposals.approve_wording(version, seen=version.version, by=By(cases.LEAD, NOW))
    assert content.current_docx(Paper.objects.get(pk=before.pk), now=NOW) == shown
    after = signed(department="云浮市税务局")
    back = template_proposals.restore_shipped_wording("skeleton:letter", "恢复", by=By(cases.CITY, NOW))
    template_proposals.approve_wording(back, seen=back.version, by=By(cases.LEAD, NOW))
    for paper, italic in ((before, None), (after, True)):
        made = issuing.issue(paper, by=By(cases.CITY, NOW))
        issued = docx.Document(io.BytesIO(content.current_docx(made, now=NOW)))
        assert issued.styles["公文标题"].font.italic is italic


def test_a_skeleton_without_a_style_or_that_is_no_word_file_is_refused():
    with pytest.raises(NotAllowed, match="主送机关"):
        template_proposals.propose_skeleton(
            "letter", ("a.docx", restyled("主送机关")), "试", by=By(cases.CITY, NOW)
        )
    with pytest.raises(NotAllowed):
        template_proposals.propose_skeleton("letter", ("a.docx", b"PK\x03\x04"), "试", by=By(cases.CITY, NOW))
    assert Wording.objects.count() == 0


@pytest.mark.parametrize("role", [Role.COUNTY, Role.EVALUATOR, Role.UNIT, Role.EXPERT, Role.ADMIN])
def test_what_is_not_approved_stays_in_the_bureau(role):
    made, outside = prepared(), cases.actor(role)
    assert not scope.rows(By(outside, NOW), Wording)
    assert scope.rows(By(cases.CITY, NOW), Wording).count() == 1
    template_proposals.approve_wording(made, seen=made.version, by=By(cases.LEAD, NOW))
    assert scope.rows(By(outside, NOW), Wording).count() == 1
