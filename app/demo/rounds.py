"""Summer and autumn: two rounds of review and public notice."""

from __future__ import annotations

from app.demo import acts, fates
from app.demo.acts import People
from app.demo.cast import OPINION
from app.demo.registration import ApplicationsOf
from app.demo.season import Season
from app.policy.terms import Defect, ObjectionState
from app.services import desk, settings
from app.services.core import decisions, workflow
from app.services.core.by import By
from app.services.filing import CheckResult

LATE = "补正后重新推荐，首次提交在规定期限内，同意继续办理。"


def first_round(season: Season, crew: People, rows: ApplicationsOf) -> None:
    """Review in July, announce in August: one objection rejected, one upheld, the others enter the list."""
    city = acts.city_for(crew)
    chosen, left = rows(*fates.FIRST_ROUND), rows(*fates.NOT_SELECTED)
    acts.take_step([*chosen, *left], "to_review", city, season.on(7, 13))
    acts.score([*chosen, *left], crew, season.on(7, 21))
    acts.take_step(acts.reload(chosen), "shortlist", city, season.on(7, 27))
    below = workflow.StepInput(reason="评审得分靠后，可再生能源利用率有待提高，继续培育。")
    acts.take_step(acts.reload(left), "not_select", city, season.on(7, 27), below)
    announced = acts.announce(
        acts.reload(chosen), crew, season.on(8, 4), season.on(8, 4, "15:30"), season.on(8, 5)
    )
    heard = season.on(8, 6, "14:00")
    objected = acts.raise_objection(
        rows(fates.OBJECTED)[0],
        "反映该企业固体废物台账与实际不符。",
        crew,
        heard,
        question="请到现场核对该企业上年度固体废物台账与转移联单。",
        due=season.on(8, 10),
    )
    objected = acts.answer_inquiry(objected, "已到现场核对，台账与转移联单一致。", crew, season.on(8, 7))
    answer = "经县级现场核查，台账与转移联单一致，异议不成立。"
    acts.settle_objection(objected, ObjectionState.REJECTED, answer, crew, season.on(8, 10))
    upheld = acts.raise_objection(
        rows(*fates.UPHELD)[0], "反映该企业一条生产线未计入能耗统计边界。", crew, heard
    )
    answer = "经核查，能耗统计边界确有遗漏，影响评价得分，异议成立。"
    acts.settle_objection(upheld, ObjectionState.UPHELD, answer, crew, heard.replace(hour=17))
    notice_over = season.after(announced.notice_last_day, 2)
    reason = "能耗统计边界有遗漏，须重新评价后再参加评审。"
    acts.decide("uphold", rows(*fates.UPHELD), crew, notice_over, notice_over.replace(hour=11), reason=reason)
    listing_day = season.after(announced.notice_last_day, 4)
    acts.publish_list(rows(*fates.LISTED), crew, listing_day, listing_day.replace(hour=16))


def second_round(season: Season, crew: People, rows: ApplicationsOf) -> None:
    """Play up to now: a notice open today, a decision before the lead, something to do for everybody."""
    city = acts.city_for(crew)
    _corrected(season, crew, rows)
    round_two = (*fates.SECOND_ROUND, *fates.HALF_SCORED)
    acts.take_step(rows(*round_two), "to_review", city, season.ago(17))
    acts.score(rows(*fates.SECOND_ROUND), crew, season.ago(12))
    acts.score(rows(*fates.HALF_SCORED), crew, season.ago(4), both=False)
    for actor in acts.message_recipients(crew):
        desk.mark_messages_read(By(actor, season.ago(9)))
    acts.take_step(rows(*fates.SECOND_ROUND), "shortlist", city, season.ago(8))
    _at_counties_now(season, crew, rows)
    prepared = season.ago(3, "09:00")
    acts.announce(rows(*fates.NOTICE), crew, prepared, prepared.replace(hour=15), season.ago(2))
    acts.raise_objection(
        rows(fates.OPEN_OBJECTION)[0],
        "反映该企业评价报告中的用水量与水表读数不符。",
        crew,
        season.ago(1, "15:00"),
        question="请核对该企业上年度水费单据与评价报告第3章的用水量。",
        due=season.after(season.now.date(), 3),
    )
    waiting = rows(*fates.AWAITING)
    decisions.prepare(
        "confirm",
        waiting,
        reason="补正材料齐全，符合性审核通过。",
        by=By(crew.city, season.ago(1, "16:00")),
    )
    settings.propose_value(
        "reply_days", 10, "部门反映七个工作日偏紧，拟延长。", by=By(crew.city, season.ago(1, "16:30"))
    )


def _corrected(season: Season, crew: People, rows: ApplicationsOf) -> None:
    """Submit corrected applications late; the city notes its reason to go on."""
    again = fates.AUTUMN
    acts.take_step(rows(*again), "submit", crew.filer, season.ago(30))
    acts.record_findings(rows(*again), crew, season.ago(28))
    acts.write_county_opinion(rows(*again), crew, season.ago(27), OPINION)
    acts.recommend(rows(*again), crew, season.ago(26))
    acts.explain_late(rows(*fates.AWAITING), crew, season.ago(20), LATE)
    acts.confirm_findings(rows(*fates.AWAITING), crew, season.ago(18))


def _at_counties_now(season: Season, crew: People, rows: ApplicationsOf) -> None:
    """Leave something to examine and something returned in every area."""
    waiting, returned = rows(*fates.AT_COUNTY), rows(*fates.RETURNED)
    acts.take_step([*waiting, *returned], "submit", crew.filer, season.ago(7))
    unclear = CheckResult("open", "“信用中国”", season.ago(6).date(), note="一条处罚信息待核实是否已结案")
    acts.record_findings(acts.reload(waiting), crew, season.ago(6), N2=unclear)
    outdated = acts.return_input("排污许可证已过有效期，请上传新证。", Defect.OUTDATED, season.ago(5))
    acts.take_step(acts.reload(returned), "return", crew.county, season.ago(5), outdated)
    wrong = acts.return_input(
        "评价报告的统计边界与排污许可证不一致，请更正。", Defect.WRONG, season.ago(4), "评价报告"
    )
    acts.take_step(rows(*fates.RETURNED_BY_CITY), "return", acts.city_for(crew), season.ago(4), wrong)
