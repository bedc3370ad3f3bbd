"""第十二条 “按照自愿原则……于每年4月30日前”: whoever withdrew may file again until that day."""

from datetime import datetime

import pytest

from app.clock import SHANGHAI
from app.policy.flow import NotAllowed
from app.policy.terms import Role, Stage
from app.services.core import rules, workflow
from app.services.core.by import By
from models.filing.applications import Application
from tests.builders import cases

LAST = datetime(2026, 4, 30, 23, 0, tzinfo=SHANGHAI)
TOO_LATE = datetime(2026, 5, 1, 9, 0, tzinfo=SHANGHAI)
REASON = workflow.StepInput("材料须补充")


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def withdrawn(application: Application, now=cases.APRIL) -> Application:
    return workflow.advance(application, "withdraw", given=REASON, by=By(cases.COUNTY, now))


def test_article_12_a_withdrawn_application_is_resumed_until_the_filing_date():
    application = withdrawn(cases.in_review_by_county())
    resumed = workflow.advance(application, "resume", by=By(cases.COUNTY, LAST))
    assert resumed.stage == Stage.DRAFT and resumed.platform_receipt == application.platform_receipt
    again = workflow.advance(resumed, "submit", by=By(cases.COUNTY, LAST))
    assert again.stage == Stage.COUNTY_REVIEW


def test_article_12_the_unit_itself_resumes_too():
    application = withdrawn(cases.in_review_by_county())
    unit = cases.actor(Role.UNIT, unit_id=application.unit_id)
    assert workflow.advance(application, "resume", by=By(unit, LAST)).stage == Stage.DRAFT


def test_article_12_after_the_filing_date_it_is_not_resumed():
    application = withdrawn(cases.in_review_by_county())
    with pytest.raises(NotAllowed, match="4月30日.*第十二条"):
        workflow.advance(application, "resume", by=By(cases.COUNTY, TOO_LATE))


def test_article_12_a_resumed_application_starts_afresh():
    at_city = cases.at_city(now=cases.APRIL)
    resumed = workflow.advance(withdrawn(at_city), "resume", by=By(cases.COUNTY, LAST))
    assert resumed.recommended_on is None and resumed.corrections == []
    assert resumed.findings and not any(row.confirmed_by for row in resumed.findings)


def test_article_12_a_cultivation_object_that_withdrew_and_resumes_is_none_any_more():
    resumed = workflow.advance(
        withdrawn(cases.cultivated(now=cases.APRIL)), "resume", by=By(cases.COUNTY, LAST)
    )
    assert (resumed.cultivated_on, resumed.cultivation_ends) == (None, None)


def test_article_14_it_is_not_resumed_beside_a_live_cultivation_of_the_unit_and_kind():
    live = cases.cultivated()
    older = withdrawn(cases.in_review_by_county())
    Application.objects(pk=older.pk).update(set__year=2027, set__unit_id=live.unit_id)
    with pytest.raises(NotAllowed, match="已是培育对象"):
        workflow.advance(
            older.reload(), "resume", by=By(cases.COUNTY, datetime(2027, 4, 1, 9, tzinfo=SHANGHAI))
        )
