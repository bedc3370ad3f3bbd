"""Catalogue of official documents: kind, series, skeleton, addressee, signer and issuing step.

Inputs, filler and specimen of a kind stand in `app/documents/kinds`, its title and text in
`docx_templates/wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.policy.terms import Role


@dataclass(frozen=True, kw_only=True)
class PaperKind:
    """Row of the catalogue; `series` is a key of the rule pack's number series, None: no number."""

    code: str
    label: str
    family: str
    series: str | None = None
    addressee: str
    signed_by: Role = Role.CITY_LEAD
    step: str
    step_label: str
    article: int
    by_step: bool = False  # drafted by the step that issues it, never freely, except to correct one
    sealed: bool = False  # kept with the tip: no title, file, zip or verification page elsewhere
    legal_dates: Mapping[str, str] = field(default_factory=dict)  # input → date of the rule pack
    due_after: Mapping[str, str] = field(default_factory=dict)  # input → discretionary number of days


RED, LETTER, PLAIN = "red_head", "letter", "plain"
REVOCATION = "revocation"  # the kind that ends an issued paper of any other kind

# fmt: off
_ROWS = (
    PaperKind(code="rules_issue", label="印发规程的通知", family=RED, series="document",
              addressee="各县（市、区）", step="issue_rules", step_label="制定评价程序要求", article=5),
    PaperKind(code="call", label="组织申报通知", family=RED, series="document",
              addressee="各县（市、区）", step="open", step_label="开启年度", article=12,
              legal_dates={"application_due": "application", "county_due": "county"}),
    PaperKind(code="county_recommendation", label="县级推荐函", family=LETTER, series="area",
              addressee="市局", signed_by=Role.COUNTY, step="recommend", step_label="县级推荐", article=13, by_step=True),
    PaperKind(code="cultivation_list", label="培育对象名单通知", family=RED, series="document",
              addressee="各县（市、区）", step="confirm", step_label="列为培育对象", article=14, by_step=True),
    PaperKind(code="review_minutes", label="评审会议纪要", family=PLAIN,
              addressee="存档", step="shortlist", step_label="评审", article=15),
    PaperKind(code="public_notice", label="拟入选名单公示", family=PLAIN,
              addressee="社会公众", step="announce", step_label="发布公示", article=15, by_step=True),
    PaperKind(code="no_objection", label="公示结果说明", family=PLAIN,
              addressee="存档", step="notice_over", step_label="公示期满", article=15, by_step=True),
    PaperKind(code="listing_announcement", label="公布名单通知", family=RED, series="document",
              addressee="各县（市、区）、有关单位", step="list", step_label="列入名单", article=15, by_step=True),
    PaperKind(code="consultation", label="征求意见函", family=LETTER, series="letter",
              addressee="有关部门", step="consult", step_label="征求意见", article=16,
              due_after={"due": "reply_days"}),
    PaperKind(code="nomination", label="推荐省级名单的函", family=LETTER, series="letter",
              addressee="省厅", step="nominate", step_label="推荐省厅", article=16),
    PaperKind(code="annual_call", label="年度动态管理表填报通知", family=RED, series="document",
              addressee="各县（市、区）", step="call_reports", step_label="布置填报", article=18,
              legal_dates={"due": "annual_report"}),
    PaperKind(code="annual_reminder", label="催报通知", family=RED, series="document",
              addressee="各县（市、区）", step="remind", step_label="催报", article=18,
              legal_dates={"due": "annual_report"}),
    PaperKind(code="reminder_ledger", label="催报台账附件", family=PLAIN,
              addressee="存档", step="propose_removal", step_label="提出移出", article=21,
              legal_dates={"due": "annual_report"}),
    PaperKind(code="spot_check_record", label="现场抽查复核记录", family=PLAIN,
              addressee="单位", step="record_check", step_label="现场抽查", article=19),
    PaperKind(code="rectification_notice", label="整改通知书", family=LETTER, series="letter",
              addressee="单位", step="rectify", step_label="要求整改", article=19),
    PaperKind(code="recheck_opinion", label="复查意见", family=LETTER, series="letter",
              addressee="单位", step="recheck", step_label="复查", article=19),
    PaperKind(code="incident_report", label="事故快报", family=LETTER, series="letter",
              addressee="省厅", step="report_up", step_label="实时上报", article=19),
    PaperKind(code="change_opinion", label="变更审核意见", family=LETTER, series="letter",
              addressee="县（市、区）", step="give_opinion", step_label="提出变更意见", article=20),
    PaperKind(code="removal_intent", label="移出事先告知书", family=PLAIN, series="document",
              addressee="单位", step="notify", step_label="事先告知", article=21),
    PaperKind(code="removal_announcement", label="移出公告", family=RED, series="document",
              addressee="社会公众", step="announce_removal", step_label="移出并公告", article=21),
    PaperKind(code="evaluator_notice", label="第三方机构问题函告", family=LETTER, series="letter",
              addressee="第三方机构", step="sanction", step_label="第三方机构处理", article=22),
    PaperKind(code="tip_accepted", label="举报事项受理告知书", family=PLAIN, series="tip", sealed=True,
              addressee="举报人", step="accept", step_label="受理举报", article=23),
    PaperKind(code="tip_refused", label="举报事项不予受理告知书", family=PLAIN, series="tip", sealed=True,
              addressee="举报人", step="refuse", step_label="不予受理", article=23),
    PaperKind(code="tip_result", label="举报事项办理结果告知书", family=PLAIN, series="tip", sealed=True,
              addressee="举报人", step="close", step_label="办结举报", article=23),
    PaperKind(code=REVOCATION, label="撤销公文的公告", family=RED, series="document",
              addressee="社会公众", step="revoke", step_label="撤销公文", article=5),
    PaperKind(code="annual_summary", label="年度总结统计表", family=PLAIN,
              addressee="存档", step="close_year", step_label="年度归档", article=5),
)
# fmt: on

KINDS = {kind.code: kind for kind in _ROWS}
