"""Spring: the counties recommend, the city checks conformity."""

from __future__ import annotations

from app.demo import acts, fates
from app.demo.acts import People
from app.demo.cast import OPINION
from app.demo.registration import ApplicationsOf
from app.demo.season import Season
from app.policy.terms import Defect, Met
from app.services import filing
from app.services.core import workflow
from app.services.core.by import By
from app.services.filing import CheckResult

PARK_LATE = "园区管委会集中核对入园企业资料，晚两日报送，同意继续办理。"


def submit_and_recommend(season: Season, crew: People, rows: ApplicationsOf) -> None:
    """Submit, examine, return and recommend; one park recommends two days late."""
    early = (
        *fates.SPRING,
        *fates.AUTUMN,
        *fates.REFUSED,
        *fates.RETURNED_BY_CITY,
        *fates.NOT_RECOMMENDED,
        *fates.WITHDRAWN,
    )
    acts.take_step(rows(*early), "submit", crew.filer, season.on(4, 30, "16:00"))
    withdrawn = workflow.StepInput(reason="企业正在搬迁厂房，本年度暂不申报。")
    acts.take_step(rows(*fates.WITHDRAWN), "withdraw", crew.county, season.on(5, 7), withdrawn)
    acts.record_findings(rows(*(set(early) - set(fates.WITHDRAWN))), crew, season.on(5, 8))
    gap = acts.return_input(
        "评价报告所附能源台账缺少第四季度数据，请补齐后重新提交。",
        Defect.MISSING,
        season.on(5, 12),
        "评价报告",
    )
    acts.take_step(rows(*fates.AUTUMN), "return", crew.county, season.on(5, 12), gap)
    hit = CheckResult(
        "present", "“信用中国”", season.on(5, 12).date(), season.on(2, 11).date(), note="环境行政处罚"
    )
    acts.record_findings(rows(*fates.NOT_RECOMMENDED), crew, season.on(5, 12), N2=hit)
    reason = workflow.StepInput(reason="近三年有环境违法行为被行政处罚，属第十条第（二）项情形。")
    acts.take_step(rows(*fates.NOT_RECOMMENDED), "not_recommend", crew.county, season.on(5, 13), reason)
    sent = rows(*fates.SPRING, *fates.REFUSED, *fates.RETURNED_BY_CITY)
    acts.write_county_opinion(sent, crew, season.on(5, 14), OPINION)
    in_time = [row for row in acts.reload(sent) if not acts.is_park(row)]
    acts.recommend(in_time, crew, season.on(5, 18))
    acts.recommend([row for row in acts.reload(sent) if acts.is_park(row)], crew, season.on(5, 22))


def check_conformity(season: Season, crew: People, rows: ApplicationsOf) -> None:
    """Confirm or refuse as the city, finding by finding; its lead decides."""
    late = [row for row in rows(*fates.SPRING, *fates.REFUSED, *fates.RETURNED_BY_CITY) if acts.is_park(row)]
    acts.explain_late(late, crew, season.on(5, 26), PARK_LATE)
    acts.confirm_findings(rows(*fates.SPRING), crew, season.on(6, 2))
    refused = rows(*fates.REFUSED)[0]
    unmet = {
        "A7e": CheckResult(
            Met.UNMET.value, "评价报告", season.on(6, 3).date(), note="专项要求两项基本指标未达到"
        )
    }
    filing.record_findings(refused, unmet, version=refused.version, by=By(crew.city, season.on(6, 3)))
    why = "不符合第七条第（二）项：评价报告所列两项基本指标未达到行业专项要求。"
    acts.decide("refuse", acts.reload([refused]), crew, season.on(6, 9), season.on(6, 10), reason=why)
    acts.decide(
        "confirm", rows(*fates.SPRING), crew, season.on(6, 10), season.on(6, 11), reason="符合性审核通过。"
    )
