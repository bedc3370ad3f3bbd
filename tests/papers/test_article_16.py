"""第十六条 departments are asked in time: no paper gives its addressee a day that has passed when it is issued."""

from datetime import timedelta

import pytest

from app.documents import kinds
from app.documents.kinds.inputs import passed_deadlines
from app.policy.flow import NotAllowed
from app.services.core import rules
from app.services.core.by import By
from app.services.papers import drafting, issuing
from models.papers import Number
from tests.builders import cases, papers

LATE = papers.NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")
    cases.contacts()


def test_article_16_a_letter_signed_in_time_is_not_issued_after_its_own_reply_day():
    paper = papers.signed()
    with pytest.raises(NotAllowed, match="截止日期已过.*改填"):
        issuing.issue(paper, by=By(cases.CITY, LATE))
    assert Number.objects(paper_id=paper.pk).count() == 0
    paper.reload()
    drafting.withdraw(paper, "期限已过", version=paper.version, by=By(cases.CITY, LATE))
    assert papers.issued(now=LATE).state == "issued"


def test_article_16_a_draft_with_a_passed_day_is_not_submitted():
    paper = papers.drafted()
    with pytest.raises(NotAllowed, match="截止日期已过"):
        drafting.submit(paper, version=paper.version, by=By(cases.CITY, LATE))


def test_article_16_every_day_given_to_an_addressee_is_judged():
    judged = {
        code: set(passed_deadlines(kind.specimen(), kind.specimen().signed_on.replace(year=2099)))
        for code, kind in kinds.KINDS.items()
    }
    assert {code: labels for code, labels in judged.items() if labels} == {
        "consultation": {"截止日期"},
        "rectification_notice": {"截止日期"},
        "recheck_opinion": {"继续整改期限"},
        "evaluator_notice": {"不再采信的截止日期"},
        "removal_intent": {"陈述申辩截止日期"},
        "tip_accepted": {"计划办结日期"},
    }
