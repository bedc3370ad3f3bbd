"""第十二至十五条, the sentences that stand in the way of a step: each on both sides of its boundary."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from app.clock import SHANGHAI
from app.policy.filing import cultivation, guards
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import Ground, Kind, Met, Stage
from app.services.core import decisions, rules, workflow
from app.services.core.by import By
from app.services.filing import applications, county_lists, findings, scores
from models.filing.applications import Application, Finding
from models.filing.evaluations import Evaluation
from tests.builders import cases

FILING = county_lists.FilingDetails("GT2026052001", date(2026, 5, 12), "李虚构", "0766-0000001")
DUE = date(2026, 4, 30)


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def recommended(application: Application) -> Application:
    row = Application.objects.get(pk=application.pk)
    county_lists.recommend([row], FILING, by=By(cases.COUNTY, cases.MAY))
    return Application.objects.get(pk=application.pk)


def with_finding(application: Application, code: str, result: str, fact_on: date | None = None):
    changed = {code: findings.CheckResult(result, "信用中国", cases.APRIL.date(), fact_on)}
    return findings.record_findings(
        application, changed, version=application.version, by=By(cases.COUNTY, cases.APRIL)
    )


@pytest.mark.parametrize("missing, words", [("attachment_id", "尚未上传评价报告"), ("score", "没有得分")])
def test_article_12_nothing_is_submitted_without_its_evaluation_report(missing, words):
    application = cases.draft()
    Evaluation.objects.update(**{f"unset__{missing}": 1})
    with pytest.raises(NotAllowed, match=f"{words}.*第十二条"):
        workflow.advance(application, "submit", by=By(cases.COUNTY, cases.APRIL))


def test_article_12_nothing_is_submitted_before_its_truth_is_declared():
    application = cases.draft()
    Evaluation.objects.update(unset__unit_declaration=1)
    with pytest.raises(NotAllowed, match="申报单位的真实性承诺.*第十二条"):
        workflow.advance(application, "submit", by=By(cases.COUNTY, cases.APRIL))


def test_article_12_a_third_party_declares_the_truth_of_its_report_too():
    application = cases.draft()
    institution = cases.evaluator()
    Evaluation.objects.update(set__mode="third_party", set__evaluator_id=institution.pk)
    with pytest.raises(NotAllowed, match="第三方机构的真实性承诺"):
        workflow.advance(application, "submit", by=By(cases.COUNTY, cases.APRIL))


@pytest.mark.parametrize("missing", ["platform_receipt", "submitted_on"])
def test_article_6_nothing_is_submitted_without_receipt_and_day_of_the_platform(missing):
    application = cases.draft(**{missing: None})
    with pytest.raises(NotAllowed, match="管理平台.*第六条"):
        workflow.advance(application, "submit", by=By(cases.COUNTY, cases.APRIL))


def test_article_12_the_thirtieth_of_april_itself_is_in_time():
    application = cases.in_review_by_county(submitted_on=DUE)
    assert recommended(application).stage == Stage.CITY_CHECK


def test_article_12_later_than_that_needs_a_reason_to_go_on():
    application = cases.in_review_by_county(submitted_on=DUE + timedelta(days=1))
    with pytest.raises(NotAllowed, match="晚于4月30日（第十二条）"):
        recommended(application)
    reason = {"late_reason": "平台故障，附截图。"}
    by = By(cases.COUNTY, cases.MAY)
    applications.edit_application(application, reason, version=application.version, by=by)
    assert recommended(application).stage == Stage.CITY_CHECK


@pytest.mark.parametrize("code", ["A7a", "A7b", "A7d", "A7e"])
def test_articles_7_and_13_a_unit_that_misses_a_condition_is_not_recommended(code):
    application = with_finding(cases.in_review_by_county(), code, Met.UNMET.value)
    with pytest.raises(NotAllowed, match="第七条.*不满足"):
        recommended(application)


@pytest.mark.parametrize("kind", Kind)
def test_articles_7_to_9_each_condition_of_each_kind_stands_in_the_way(kind):
    """Written from the items of 第七, 八 and 九条: 5, 7 and 8 conditions, each refused by its article."""
    article, count = {
        Kind.FACTORY: ("第七条", 5),
        Kind.PARK: ("第八条", 7),
        Kind.SUPPLY_CHAIN: ("第九条", 8),
    }[kind]
    record = SimpleNamespace(kind=kind.value, findings=[])
    codes = [f"A{'789'[list(Kind).index(kind)]}{letter}" for letter in "abcdefgh"[:count]]
    met = {code: Finding(code=code, result="met", source="现场核对", checked_on=DUE) for code in codes}
    moment = rules.moment(cases.MAY)
    record.findings = list(met.values())
    assert guards.eligible(record, moment) == ""
    for code in codes:
        for result in ("unmet", "open"):
            changed = Finding(code=code, result=result, source="现场核对", checked_on=DUE)
            record.findings = list((met | {code: changed}).values())
            assert article in guards.eligible(record, moment), (code, result)
    for step in ("recommend", "confirm"):
        assert guards.eligible in cultivation.TABLE.step(step).when


@pytest.mark.parametrize("code", [f"N{number}" for number in range(1, 7)])
def test_article_10_a_unit_with_a_ground_is_not_recommended(code):
    application = with_finding(cases.in_review_by_county(), code, Ground.PRESENT.value, date(2026, 1, 5))
    with pytest.raises(NotAllowed, match="第十条.*有"):
        recommended(application)


def test_article_10_a_unit_with_a_known_ground_does_not_apply():
    application = cases.draft()
    application = with_finding(application, "N6", Ground.PRESENT.value, date(2026, 1, 5))
    with pytest.raises(NotAllowed, match="第十条（六）"):
        workflow.advance(application, "submit", by=By(cases.COUNTY, cases.APRIL))


def test_article_13_nobody_is_recommended_without_the_countys_opinion():
    application = cases.in_review_by_county()
    Application.objects.update(unset__county_opinion=1)
    with pytest.raises(NotAllowed, match="县级综合评价意见（第十三条）"):
        recommended(application)


@pytest.mark.parametrize("day, late", [(20, False), (21, True)])
def test_article_13_a_list_after_the_twentieth_of_may_needs_a_reason_to_go_on(day, late):
    now = datetime(2026, 5, day, 9, tzinfo=SHANGHAI)
    application = cases.at_city(now=now)
    if late:
        with pytest.raises(NotAllowed, match="晚于5月20日（第十三条）"):
            decisions.prepare("confirm", [application], by=By(cases.CITY, now))
        by = By(cases.CITY, now)
        reason = {"city_late_reason": "县级来函说明。"}
        application = applications.edit_application(application, reason, version=application.version, by=by)
    assert cases.decide("confirm", [application], now).lines[0].result == "done"


def test_article_14_nobody_is_a_cultivation_object_before_the_city_confirmed_each_row():
    application = cases.at_city(confirmed=False)
    with pytest.raises(NotAllowed, match="未经市局确认（第十四条）"):
        decisions.prepare("confirm", [application], by=By(cases.CITY, cases.MAY))


def test_article_14_cultivation_lasts_three_years_its_last_day_included():
    application = cases.cultivated()
    assert (application.cultivated_on, application.cultivation_ends) == (date(2026, 5, 12), date(2029, 5, 12))
    last, over = (datetime(2029, 5, day, 9, tzinfo=SHANGHAI) for day in (12, 13))
    system = cases.actor(cases.Role.SYSTEM)
    with pytest.raises(NotAllowed, match="有效期内（第十四条）"):
        workflow.advance(application, "lapse", by=By(system, last))
    with pytest.raises(NotAllowed, match="三年已满（第十四条）"):
        workflow.advance(application, "to_review", by=By(cases.CITY, over))
    assert workflow.advance(application, "lapse", by=By(system, over)).stage == Stage.LAPSED


def test_article_15_nobody_is_shortlisted_by_one_persons_score():
    application = workflow.advance(cases.cultivated(), "to_review", by=By(cases.CITY, cases.JUNE))
    with pytest.raises(PolicyError):
        workflow.advance(application, "shortlist", by=By(cases.CITY, cases.JUNE))
    application = scores.score_application(
        application, Decimal("90"), "好。", version=application.version, by=By(cases.CITY, cases.JUNE)
    )
    with pytest.raises(PolicyError, match="2"):
        workflow.advance(application, "shortlist", by=By(cases.CITY, cases.JUNE))
