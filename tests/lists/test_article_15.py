"""第十五条 “经公示无异议后纳入市级绿色制造名单，并予以公布”: what is published is true, and true on the day of issue."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from app import documents
from app.policy.flow import NotAllowed
from app.policy.terms import DecisionState, ObjectionState, PaperState, Stage
from app.services import papers
from app.services.core import decisions, files, rules, workflow
from app.services.core.by import By
from app.services.filing import scores
from app.services.lists import certificates
from app.services.papers import corrections, press
from app.services.registry import units
from models.decisions import Decision
from models.files import Attachment
from models.filing.applications import Application
from models.lists import Listing, PublicNotice
from models.papers import Number, Paper
from models.registry.units import Unit
from tests.builders import cases

UPHELD, REJECTED = ObjectionState.UPHELD, ObjectionState.REJECTED


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def on_one_notice(many: int, now: datetime = cases.JUNE) -> list[Application]:
    """Applications whose public notice is one paper."""
    rows = [cases.shortlisted(now=now) for _ in range(many)]
    cases.recheck(rows, now)
    cases.decide("announce", rows, now, details={"first_day": now.date()})
    return fresh(*rows)


def fresh(*rows: Application) -> list[Application]:
    return [Application.objects.get(pk=row.pk) for row in rows]


def text_of(paper: Paper) -> str:
    return documents.text_of(files.content(Attachment.objects.get(pk=paper.attachment_id)))


def announcement(rows: list[Application], now: datetime) -> str:
    """The announcement that lists these applications, as it was issued."""
    cases.recheck(rows, now)
    decision = cases.decide("list", rows, now)
    return text_of(Paper.objects.get(pk=decision.paper_id))


def certificate(now: datetime) -> str:
    """The statement of the outcome of the only notice, issued."""
    draft = certificates.draft_certificate(PublicNotice.objects.get(), by=By(cases.CITY, now))
    return text_of(issued(draft, now))


def issued(draft: Paper, now: datetime) -> Paper:
    """Submit, sign and issue a draft."""
    paper = papers.submit(draft, version=draft.version, by=By(cases.CITY, now))
    paper = papers.sign(paper, by=By(cases.LEAD, now))
    return papers.issue(paper, by=By(cases.CITY, now))


def notice_paper() -> Paper:
    return Paper.objects.get(kind="public_notice", state=PaperState.ISSUED.value)


def rename(unit_id, name: str, now: datetime) -> None:
    unit = Unit.objects.get(pk=unit_id)
    units.update_unit(unit, {"name": name}, version=unit.version, by=By(cases.CITY, now))


class TestUpheld:
    """A unit with an upheld objection is on no list."""

    def test_article_15_a_unit_with_an_upheld_objection_is_not_listed(self):
        (row,) = on_one_notice(1)
        cases.settled(cases.objection(row), UPHELD)
        after = cases.after_notice(row)
        cases.recheck([row], after)
        offer = next(one for one in workflow.offers(row, by=By(cases.CITY, after)) if one.action == "list")
        assert "异议成立" in offer.why and "第十五条" in offer.why
        with pytest.raises(NotAllowed, match="1 件异议成立"):
            decisions.prepare("list", [row], by=By(cases.CITY, after))
        assert Listing.objects.count() == 0

    def test_article_15_an_objection_upheld_while_the_list_waits_for_approval_stops_it(self):
        bad, good = on_one_notice(2)
        raised = cases.objection(bad)
        after = cases.after_notice(bad)
        cases.recheck([bad, good], after)
        with pytest.raises(NotAllowed, match="未办结"):
            decisions.prepare("list", [bad], by=By(cases.CITY, after))
        cases.settled(raised, UPHELD, after)
        with pytest.raises(NotAllowed, match="异议成立"):
            decisions.prepare("list", [bad], by=By(cases.CITY, after))
        assert cases.decide("list", [good], after).lines[0].result == "done"

    def test_article_15_an_objection_upheld_in_an_earlier_round_stops_no_later_one(self):
        (row,) = on_one_notice(1)
        cases.settled(cases.objection(row), UPHELD)
        cases.decide("uphold", [row], cases.JUNE, reason="异议成立")
        later = cases.JULY
        (row,) = fresh(row)
        row = workflow.advance(row, "to_review", by=By(cases.CITY, later))
        for by in (cases.CITY, cases.CITY2):
            row = scores.score_application(row, Decimal("90"), "好", version=row.version, by=By(by, later))
        row = workflow.advance(row, "shortlist", by=By(cases.CITY, later))
        cases.recheck([row], later)
        cases.decide("announce", [row], later, details={"first_day": later.date()})
        (row,) = fresh(row)
        assert "无异议" in announcement([row], cases.after_notice(row))

    def test_article_15_an_objection_upheld_after_its_notice_was_revoked_still_stops_the_unit(self):
        (row,) = on_one_notice(1)
        raised = cases.objection(row)
        issued(corrections.revoke(notice_paper(), "名单有误。", by=By(cases.CITY, cases.JUNE)), cases.JUNE)
        cases.settled(raised, UPHELD, cases.JULY)
        cases.recheck([row], cases.JULY)
        with pytest.raises(NotAllowed, match="异议成立"):
            decisions.prepare(
                "announce",
                fresh(row),
                details={"first_day": cases.JULY.date()},
                by=By(cases.CITY, cases.JULY),
            )


class TestAnnouncement:
    """The announcement says of objections what the records say."""

    def test_article_15_without_an_objection_it_says_so(self):
        rows = on_one_notice(2)
        assert "公示无异议" in announcement(rows, cases.after_notice(rows[0]))

    def test_article_15_with_objections_it_says_how_many_and_how_they_ended(self):
        good, rejected, upheld, waiting = on_one_notice(4)
        cases.settled(cases.objection(rejected), REJECTED)
        cases.settled(cases.objection(upheld), UPHELD)
        cases.objection(waiting)
        text = announcement([good, rejected], cases.after_notice(good))
        assert "公示无异议" not in text
        for said in ("收到异议3件", "不成立1件", "异议成立1件", "尚在核查1件", "不在本次公布之列"):
            assert said in text
        assert upheld.unit_name not in text and waiting.unit_name not in text

    def test_article_15_the_bureaus_own_wording_cannot_claim_it_for_good(self):
        own = documents.standard_wording("listing_announcement").replace("{{notice_outcome}}", "公示无异议")
        with pytest.raises(documents.WordingError, match="notice_outcome"):
            documents.check_wording("listing_announcement", own)
        specimen = documents.specimen("listing_announcement")
        assert documents.build("listing_announcement", specimen, number="云工信〔2027〕1号", wording=own)
        with pytest.raises(documents.WordingError, match="公示无异议"):
            documents.build(
                "listing_announcement", replace(specimen, received=1), number="云工信〔2027〕1号", wording=own
            )


class TestCertificate:
    """公示结果说明 goes by unit, and counts what is true."""

    def test_article_15_a_renamed_unit_with_an_upheld_objection_is_not_on_it(self):
        good, bad = on_one_notice(2)
        cases.settled(cases.objection(bad), UPHELD)
        rename(bad.unit_id, "云浮市改名有限公司", cases.JUNE)
        text = certificate(cases.after_notice(good))
        assert good.unit_name in text
        assert bad.unit_name not in text and "云浮市改名有限公司" not in text

    def test_article_15_a_renamed_unit_is_not_on_it_after_a_correction_of_the_notice_either(self):
        good, bad = on_one_notice(2)
        cases.settled(cases.objection(bad), UPHELD)
        issued(corrections.correct(notice_paper(), by=By(cases.CITY, cases.JUNE)), cases.JUNE)
        rename(bad.unit_id, "云浮市改名有限公司", cases.JUNE)
        text = certificate(cases.after_notice(good))
        assert good.unit_name in text and bad.unit_name not in text

    def test_article_15_it_counts_objections_not_units(self):
        good, bad = on_one_notice(2)
        for _ in range(2):
            cases.settled(cases.objection(bad), UPHELD)
        cases.settled(cases.objection(good), REJECTED)
        text = certificate(cases.after_notice(good))
        assert "收到异议3件" in text and "异议成立2件" in text

    def test_article_15_it_is_not_issued_when_an_objection_came_in_meanwhile(self):
        (row,) = on_one_notice(1)
        after = cases.after_notice(row)
        draft = certificates.draft_certificate(PublicNotice.objects.get(), by=By(cases.CITY, after))
        cases.objection(row)
        with pytest.raises(NotAllowed, match="已收到异议 1 件.*重新拟制"):
            issued(draft, after)

    def test_article_15_it_is_called_what_it_is(self):
        (row,) = on_one_notice(1)
        text = certificate(cases.after_notice(row))
        assert "公示结果说明" in text and "无异议证明" not in text


class TestDays:
    """A notice runs from the day of its issue on, never in the past (公示)."""

    @staticmethod
    def prepared(first_day: date) -> tuple[Application, Decision]:
        row = cases.shortlisted()
        cases.recheck([row], cases.JUNE)
        return row, decisions.prepare(
            "announce", [row], details={"first_day": first_day}, by=By(cases.CITY, cases.JUNE)
        )

    def test_article_15_a_notice_approved_late_is_not_published_with_days_that_have_passed(self):
        row, decision = self.prepared(cases.JUNE.date() + timedelta(days=1))
        late = cases.JUNE + timedelta(days=14)
        cases.recheck([row], late)
        with pytest.raises(NotAllowed, match="公示首日.*6月2日.*退回") as refusal:
            decisions.approve(decision, by=By(cases.LEAD, late))
        assert "重新拟办" in str(refusal.value)
        assert Decision.objects.get(pk=decision.pk).state == DecisionState.PREPARED
        assert PublicNotice.objects.count() == 0 and Number.objects(paper_id=decision.paper_id).count() == 0
        decisions.send_back(decision, "首日已过", by=By(cases.LEAD, late))
        cases.decide("announce", fresh(row), late, details={"first_day": late.date()})
        assert PublicNotice.objects.get().first_day == late.date()

    def test_article_15_one_approved_in_time_but_carried_out_too_late_is_not_published(self, monkeypatch):
        cases.account("lead", cases.Role.CITY_LEAD)
        row, decision = self.prepared(cases.JUNE.date())
        lead = cases.actor(cases.Role.CITY_LEAD, name="lead")

        def killed(*_, **__):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(press, "issue", killed)
            with pytest.raises(KeyboardInterrupt):
                decisions.approve(decision, by=By(lead, cases.JUNE))
        later = cases.JUNE + timedelta(days=1)
        cases.recheck([row], later)
        assert decisions.sweep(now=later) == 1
        done = Decision.objects.get(pk=decision.pk)
        assert done.state == DecisionState.DONE and "公示首日" in done.lines[0].why
        assert PublicNotice.objects.count() == 0
        assert Paper.objects.get(pk=decision.paper_id).state == PaperState.DROPPED
        assert fresh(row)[0].stage == Stage.SHORTLISTED and fresh(row)[0].decision_id is None

    def test_article_15_the_last_day_is_reckoned_on_the_day_of_issue(self):
        row, decision = self.prepared(cases.JUNE.date())
        cases.set_value("notice_days", 7, cases.JUNE)
        decisions.approve(decision, by=By(cases.LEAD, cases.JUNE))
        notice = PublicNotice.objects.get()
        assert (notice.days, notice.last_day) == (7, date(2026, 6, 9))
        assert fresh(row)[0].notice_last_day == notice.last_day
        issued = Paper.objects.get(pk=decision.paper_id)
        assert "共7个工作日" in text_of(issued)
        assert Decision.objects.get(pk=decision.pk).details["last_day"] == "2026-06-09"

    def test_article_15_the_lead_sees_first_and_last_day_before_approving(self):
        _, decision = self.prepared(cases.JUNE.date() + timedelta(days=1))
        stated = dict(decisions.stated_terms(decision, by=By(cases.LEAD, cases.JUNE)))
        assert stated["公示首日"] == date(2026, 6, 2) and stated["公示末日"] == date(2026, 6, 8)
        assert "5个工作日" in stated["公示期"]
