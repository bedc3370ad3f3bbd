"""第十五条 “经公示无异议”: nobody alone lets a unit through, and what came in time is heard though it was late to be entered."""

from datetime import date, timedelta

import pytest

from app.policy.flow import NotAllowed
from app.policy.terms import ObjectionState, Role, Stage
from app.services.core import decisions, rules
from app.services.core.by import By
from app.services.desk import workbench
from app.services.lists import conclusions, inquiries, objections
from app.services.papers import corrections, drafting, issuing, signing
from models.audit import AuditEntry
from models.filing.applications import Application
from models.lists import Listing, Objection, Objector
from models.papers import Paper
from models.reminders.notices import Notice
from tests.builders import cases

NOW = cases.JUNE
UPHELD, REJECTED = ObjectionState.UPHELD, ObjectionState.REJECTED


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def proposed(one: Objection, state=REJECTED, by=cases.CITY) -> Objection:
    return conclusions.propose_conclusion(one, state, "经核查", version=one.version, by=By(by, NOW))


def late(application: Application, received_on: date, now) -> Objection:
    """Registered after the listing."""
    by = Objector(name="钟实名", phone="13544445555")
    return objections.register_objection(application, "数据不实", received_on, by, by=By(cases.CITY, now))


def todo(by, now=NOW) -> dict[str, int]:
    return {task.text: task.count for task in workbench.waiting_tasks(By(by, now))}


class TestFourEyes:
    """Rejecting lets a unit through: it needs the lead as much as upholding."""

    @pytest.mark.parametrize("state", [UPHELD, REJECTED])
    def test_article_15_a_clerk_alone_settles_nothing(self, state):
        one = proposed(cases.objection(cases.on_notice()), state)
        assert one.state == ObjectionState.OPEN
        for by in (cases.CITY, cases.CITY2, cases.COUNTY):
            with pytest.raises(NotAllowed):
                conclusions.settle_objection(one, version=one.version, by=By(by, NOW))
        settled = conclusions.settle_objection(one, version=one.version, by=By(cases.LEAD, NOW))
        assert (settled.state, settled.answer) == (state.value, "经核查")
        assert settled.answered_by == cases.LEAD.username and settled.proposal.by == cases.CITY.username

    def test_article_15_who_proposed_does_not_approve_even_as_the_lead_of_today(self):
        one = proposed(cases.objection(cases.on_notice()))
        himself = cases.actor(Role.CITY_LEAD, name=cases.CITY.username)
        with pytest.raises(NotAllowed, match="拟办人不能审签"):
            conclusions.settle_objection(one, version=one.version, by=By(himself, NOW))
        assert all(
            offer.why
            for offer in objections.objection_offers(one, actor=himself)
            if offer.action == "approve"
        )

    def test_article_15_a_proposed_rejection_does_not_let_the_unit_through(self):
        application = cases.on_notice()
        proposed(cases.objection(application))
        after = cases.after_notice(application)
        cases.recheck([application], after)
        with pytest.raises(NotAllowed, match="未办结"):
            decisions.prepare("list", [application], by=By(cases.CITY, after))

    def test_article_15_the_lead_sends_a_conclusion_back_with_a_reason(self):
        cases.account("city", Role.CITY)
        one = proposed(cases.objection(cases.on_notice()))
        with pytest.raises(NotAllowed, match="退回须填写意见"):
            conclusions.return_conclusion(one, " ", version=one.version, by=By(cases.LEAD, NOW))
        one = conclusions.return_conclusion(one, "请现场核查", version=one.version, by=By(cases.LEAD, NOW))
        assert one.proposal is None and one.state == ObjectionState.OPEN
        assert "请现场核查" in Notice.objects.get(username="city", key__contains="decided").text
        assert AuditEntry.objects.get(verb="退回异议结论").reason == "请现场核查"
        assert proposed(one).proposal is not None

    def test_article_15_while_a_conclusion_waits_there_is_no_second_one_and_no_inquiry(self):
        one = proposed(cases.objection(cases.on_notice()))
        with pytest.raises(NotAllowed, match="待审签"):
            proposed(one)
        with pytest.raises(NotAllowed, match="待审签"):
            inquiries.hand_over_objection(
                one, "请核对", NOW.date(), version=one.version, by=By(cases.CITY, NOW)
            )

    def test_article_15_the_leads_see_it_among_their_tasks(self):
        one = cases.objection(cases.on_notice())
        assert "审签异议结论" not in todo(cases.LEAD)
        proposed(one)
        assert todo(cases.LEAD)["审签异议结论"] == 1
        assert "核查并办结异议" not in todo(cases.CITY)


class TestAfterListing:
    """An objection of the last day may reach the desk when the unit is listed already."""

    def test_article_15_what_was_received_within_the_notice_is_registered_after_the_listing(self):
        cases.account("lead", Role.CITY_LEAD)
        application = cases.listed()
        last = Application.objects.get(pk=application.pk).notice_last_day
        now = cases.after_notice(application) + timedelta(hours=3)
        with pytest.raises(NotAllowed, match="逾期的异议不予受理"):
            late(application, last + timedelta(days=1), now)
        late(application, last, now)
        told = Notice.objects.get(username="lead", key__contains="entry").text
        entry = Listing.objects.get()
        assert entry.source_paper in told and "撤销" in told

    def test_article_15_when_upheld_the_entry_is_in_question_until_the_announcement_is_revoked(self):
        good, bad = cases.on_notice(), None
        rows = [cases.shortlisted(), cases.shortlisted()]
        cases.recheck(rows, NOW)
        cases.decide("announce", rows, NOW, details={"first_day": NOW.date()})
        good, bad = (Application.objects.get(pk=row.pk) for row in rows)
        after = cases.after_notice(good)
        cases.recheck([good, bad], after)
        cases.decide("list", [good, bad], after)
        one = late(Application.objects.get(pk=bad.pk), NOW.date(), after)
        question = "异议成立的单位仍在名单，处理名单条目"
        assert question not in todo(cases.LEAD, after)
        cases.settled(one, UPHELD, after)
        assert todo(cases.LEAD, after)[question] == todo(cases.CITY, after)[question] == 1
        old = Paper.objects.get(kind="listing_announcement", state="issued")
        draft = corrections.revoke(old, "异议成立", by=By(cases.CITY, after))
        draft = drafting.submit(draft, version=draft.version, by=By(cases.CITY, after))
        issuing.issue(signing.sign(draft, by=By(cases.LEAD, after)), by=By(cases.CITY, after))
        assert question not in todo(cases.LEAD, after)
        good, bad = (Application.objects.get(pk=row.pk) for row in rows)
        with pytest.raises(NotAllowed, match="异议成立"):
            decisions.prepare("list", [bad], by=By(cases.CITY, after))
        assert cases.decide("list", [good], after).lines[0].result == "done"
        cases.decide("uphold", [bad], after, reason="异议成立")
        assert Application.objects.get(pk=bad.pk).stage == Stage.CULTIVATED
