"""A county recommends its whole list: one letter with its own number, one table, every row's step."""

import pytest

from app import documents
from app.policy.flow import NotAllowed
from app.policy.terms import NumberState, PaperState, Stage
from app.services.core import scope
from app.services.core.by import By
from app.services.filing import county_lists
from app.services.filing.county_lists import FilingDetails
from app.services.papers import content
from models.filing.applications import Application
from models.filing.county_lists import CountyList
from models.papers import Number, Paper
from tests.builders import cases

NOW = cases.MAY
FILING = FilingDetails("GT2026050001", NOW.date(), "李虚构", "0766-0000001")


def rows(count: int = 2) -> list[Application]:
    return [cases.in_review_by_county(county_order=count - at) for at in range(count)]


def test_the_whole_list_goes_with_one_letter_in_its_order():
    made = rows()
    waiting = county_lists.awaiting_recommendation(2026, by=By(cases.COUNTY, NOW))
    assert [row.pk for row, _ in waiting] == [made[1].pk, made[0].pk] and not any(why for _, why in waiting)
    sent = county_lists.recommend([row for row, _ in waiting], FILING, by=By(cases.COUNTY, NOW))
    paper = Paper.objects.get(pk=sent.paper_id)
    assert (paper.state, paper.number_text) == (PaperState.ISSUED.value, "云城工信函〔2026〕1号")
    text = documents.text_of(content.current_docx(paper, now=NOW))
    assert text.index(made[1].unit_name) < text.index(made[0].unit_name)
    for row in Application.objects:
        assert row.stage == Stage.CITY_CHECK and row.trail[-1].paper_id == paper.pk
    assert sent.application_ids == [row.pk for row, _ in waiting] and sent.settled_at


def test_rows_that_fail_stay_and_are_not_in_the_letter():
    good, bad = rows()
    Application.objects(pk=bad.pk).update(unset__county_opinion=1)
    bad.reload()
    sent = county_lists.recommend([good, bad], FILING, by=By(cases.COUNTY, NOW))
    assert sent.application_ids == [good.pk]
    assert Application.objects.get(pk=bad.pk).stage == Stage.COUNTY_REVIEW
    paper = Paper.objects.get(pk=sent.paper_id)
    assert bad.unit_name not in documents.text_of(content.current_docx(paper, now=NOW))


@pytest.mark.parametrize(
    "filing, words",
    [
        (FilingDetails("", NOW.date(), "李", "1"), "回执号"),
        (FilingDetails("G", None, "李", "1"), "报送日期"),
        (FilingDetails("G", NOW.date(), " ", ""), "联系人"),
    ],
)
def test_receipt_day_and_contact_are_asked(filing, words):
    with pytest.raises(NotAllowed.__base__, match=words):
        county_lists.recommend(rows(1), filing, by=By(cases.COUNTY, NOW))
    assert CountyList.objects.count() == Number.objects.count() == 0


def test_only_the_county_for_itself():
    made = rows(1)
    for by in (cases.CITY, cases.LEAD):
        with pytest.raises(NotAllowed, match="县级经办"):
            county_lists.recommend(made, FILING, by=By(by, NOW))
    elsewhere = cases.actor(cases.Role.COUNTY, cases.ELSEWHERE)
    unit = cases.actor(cases.Role.UNIT, unit_id=made[0].unit_id)
    assert county_lists.awaiting_recommendation(2026, by=By(elsewhere, NOW)) == []
    sent = county_lists.recommend(made, FILING, by=By(cases.COUNTY, NOW))
    assert scope.find(By(elsewhere, NOW), Paper, sent.paper_id) is None
    assert scope.find(By(cases.COUNTY, NOW), Paper, sent.paper_id) is not None
    assert scope.find(By(unit, NOW), CountyList, sent.pk) is not None
    assert scope.find(By(unit, NOW), Paper, sent.paper_id) is None  # it names every unit's contact and score
    assert (
        scope.rows(By(cases.COUNTY, NOW), Number).count() == 1
        and scope.rows(By(elsewhere, NOW), Number).count() == 0
    )


def test_what_a_crash_cut_off_is_ended_with_the_same_number(monkeypatch):
    cases.account("county", cases.Role.COUNTY)
    made = rows()
    with monkeypatch.context() as patched:
        patched.setattr(
            "app.services.papers.record_issue", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            county_lists.recommend(made, FILING, by=By(cases.COUNTY, NOW))
    assert Number.objects.get().state == NumberState.RESERVED.value
    assert Application.objects(stage=Stage.COUNTY_REVIEW.value).count() == 2
    assert county_lists.sweep_county_lists(now=NOW) == 1
    assert Number.objects.get().state == NumberState.USED.value
    assert Application.objects(stage=Stage.CITY_CHECK.value).count() == 2
    assert county_lists.sweep_county_lists(now=NOW) == 0
