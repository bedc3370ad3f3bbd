"""Guards of the filing steps: each returns "" if it holds, else the sentence that says why not."""

from __future__ import annotations

from typing import Any

from app.policy import deadlines
from app.policy.filing import eligibility, scoring
from app.policy.flow import Moment
from app.policy.terms import Mode


def rules_in_force(record: Any, moment: Moment) -> str:
    if moment.pack.in_force(moment.today):
        return ""
    return f"《{moment.pack.rules.title}》不在有效期内（第二十九条），请先装载现行规则包。"


def rules_in_force_at_notice(record: Any, moment: Moment) -> str:
    """Let a notice end that began while the rules were in force, and its units be listed."""
    began = moment.facts.notice_first_day
    return "" if began is not None and moment.pack.in_force(began) else rules_in_force(record, moment)


def platform_filed(record: Any, moment: Moment) -> str:
    if record.platform_receipt and record.submitted_on:
        return ""
    return "缺少管理平台受理号或提交日期（第六条、第十二条），请按平台回执补填。"


def has_report(record: Any, moment: Moment) -> str:
    report = moment.facts.report
    if report is None or not report.attachment_id:
        return "尚未上传评价报告（第十二条）。"
    if report.mode == Mode.THIRD_PARTY and not report.evaluator_id:
        return "第三方评价未注明评价机构（第十二条）。"
    return "" if report.score is not None else "评价报告没有得分（第十二条）。"


def declared_true(record: Any, moment: Moment) -> str:
    report = moment.facts.report
    if report is None:
        return "尚无评价报告，无从承诺真实性（第十二条）。"
    missing = [who for who, signed in report.declarations() if not signed]
    return f"缺少{'、'.join(missing)}的真实性承诺（签字人和日期，第十二条）。" if missing else ""


def not_excluded(record: Any, moment: Moment) -> str:
    return "".join(eligibility.excluding_grounds(record.findings, moment.today, look_back_of(moment)))


def eligible(record: Any, moment: Moment) -> str:
    return "".join(eligibility.unmet_conditions(record.findings, record.kind))


def cleared(record: Any, moment: Moment) -> str:
    return "".join(eligibility.uncleared_grounds(record.findings, moment.today, look_back_of(moment)))


def cleared_today(record: Any, moment: Moment) -> str:
    """Ask for a check of 第十条 on the very day of the notice and of the listing."""
    if why := cleared(record, moment):
        return why
    if not eligibility.uncleared_grounds(record.findings, moment.today, look_back_of(moment), same_day=True):
        return ""
    return "第十条各项须在办理当日重新核查，请先办理“第十条当日复核”。"


def look_back_of(moment: Moment) -> eligibility.LookBack:
    """Return the look-back of 第十条 by the pack and the values in force."""
    return eligibility.LookBack(
        moment.pack.exclusion_years,
        lasting_years=moment.values["lasting_years"],
        same_day_counts=moment.values["lookback_same_day"],
    )


def confirmed_by_city(record: Any, moment: Moment) -> str:
    open_codes = [finding.code for finding in record.findings if not finding.confirmed_by]
    if not open_codes:
        return ""
    return f"还有 {len(open_codes)} 项核查结果未经市局确认（第十四条），请在“资格核查”中逐项确认。"


def not_itself(record: Any, moment: Moment) -> str:
    """Keep an area from evaluating and recommending its own administration."""
    via = moment.pack.recommends_via(record.area, record.credit_code)
    return f"申报单位即本园区管理机构，应由{moment.pack.area(via).name}评价推荐（第十三条）。" if via else ""


def has_opinion(record: Any, moment: Moment) -> str:
    return "" if (record.county_opinion or "").strip() else "缺少县级综合评价意见（第十三条）。"


def filing_late_explained(record: Any, moment: Moment) -> str:
    if record.submitted_on is None:  # emptied after it was filed
        return "缺少管理平台提交日期（第六条、第十二条）。"
    due = deadlines.legal_date(moment.pack, "application", record.year)
    if not deadlines.is_late(record.submitted_on, due) or (record.late_reason or "").strip():
        return ""
    return f"管理平台提交日期晚于{due.month}月{due.day}日（第十二条），继续办理须填写逾期办理理由。"


def list_late_explained(record: Any, moment: Moment) -> str:
    due = deadlines.legal_date(moment.pack, "county", record.year)
    if not deadlines.is_late(record.recommended_on, due) or (record.city_late_reason or "").strip():
        return ""
    return f"县级推荐晚于{due.month}月{due.day}日（第十三条），继续办理须由市局填写逾期办理理由。"


def within_cultivation(record: Any, moment: Moment) -> str:
    if record.cultivation_ends and moment.today <= record.cultivation_ends:
        return ""
    return "培育对象有效期三年已满（第十四条），不能进入评审。"


def ground_found(record: Any, moment: Moment) -> str:
    if not_excluded(record, moment):
        return ""
    return "没有记录第十条所列情形，请先在“资格核查”中如实填写；单位自愿退出的，由县级或单位办理“撤回申报”。"


def reason_to_take_off(record: Any, moment: Moment) -> str:
    """Ask for a ground of 第十条, or an objection that was upheld (第十五条)."""
    return ground_found(record, moment) if upheld_objection(record, moment) else ""


def filing_open(record: Any, moment: Moment) -> str:
    due = deadlines.legal_date(moment.pack, "application", record.year)
    if moment.today <= due:
        return ""
    return f"{record.year}年度申报截至{due.month}月{due.day}日（第十二条），已不能恢复，请在下一年度申报。"


def not_cultivated_elsewhere(record: Any, moment: Moment) -> str:
    live = moment.facts.other_cultivation
    if live is None:
        return ""
    return f"该单位已是培育对象（有效期至{live.cultivation_ends}，第十四条），有效期内不重复申报。"


def cultivation_is_over(record: Any, moment: Moment) -> str:
    return "" if within_cultivation(record, moment) else "培育对象仍在有效期内（第十四条）。"


def has_totals(record: Any, moment: Moment) -> str:
    """Ask for two people's totals, and a third if they differ by more than the limit (第十五条)."""
    return scoring.review_gap(
        [(score.reviewer, score.total) for score in record.scores],
        needed=int(moment.values["review_scores"]),
        limit=moment.values["review_difference"],
    )


def notice_is_over(record: Any, moment: Moment) -> str:
    last = record.notice_last_day
    if last is None:
        return "尚未公示（第十五条）。"
    if moment.today > last:
        return ""
    return f"公示至{last.month}月{last.day}日（第十五条），期满次日起方可列入名单。"


def no_open_objection(record: Any, moment: Moment) -> str:
    count = moment.facts.open_objections
    return f"还有 {count} 件异议未办结（第十五条“经公示无异议”）。" if count else ""


def no_upheld_objection(record: Any, moment: Moment) -> str:
    count = moment.facts.upheld_objections
    if not count:
        return ""
    return f"有 {count} 件异议成立（第十五条“经公示无异议”），不能公示、列入，请办理“异议成立”或“停止列入”。"


def upheld_objection(record: Any, moment: Moment) -> str:
    return "" if moment.facts.upheld_objections else "没有核查成立的异议（第十五条）。"
