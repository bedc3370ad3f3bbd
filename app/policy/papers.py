"""Catalogue of official documents: kind, series, title, skeleton, addressee, who signs, issuing step."""

from __future__ import annotations

from dataclasses import dataclass

from app.policy.paper_inputs import (
    AnnualCallInputs,
    AnnualReminderInputs,
    AnnualSummaryInputs,
    CallInputs,
    ChangeOpinionInputs,
    ConsultationInputs,
    CountyRecommendationInputs,
    CultivationInputs,
    EvaluatorNoticeInputs,
    IncidentReportInputs,
    ListingInputs,
    NominationInputs,
    NoObjectionInputs,
    PublicNoticeInputs,
    RecheckInputs,
    RectificationInputs,
    ReminderLedgerInputs,
    RemovalAnnouncementInputs,
    RemovalIntentInputs,
    ReviewMinutesInputs,
    RevocationInputs,
    RulesIssueInputs,
    SpotCheckRecordInputs,
    TipAcceptedInputs,
    TipRefusedInputs,
    TipResultInputs,
)
from app.policy.paper_inputs import (
    ProvincialLine as ProvincialLine,
)
from app.policy.paper_inputs import (
    RemovedLine as RemovedLine,
)
from app.policy.paper_inputs import (
    RenamedLine as RenamedLine,
)
from app.policy.paper_inputs import (
    UnitLine as UnitLine,
)
from app.policy.terms import Role


@dataclass(frozen=True)
class PaperKind:
    """One row of the catalogue; `series` is a key of the rule pack's number series, None: no number."""

    code: str
    label: str
    family: str
    series: str | None
    title: str
    addressee: str
    signed_by: Role
    step: str
    step_label: str
    article: int
    inputs: type
    sealed: bool = False  # kept with the tip: no title, file, zip or verification page elsewhere


RED, LETTER, PLAIN = "red_head", "letter", "plain"
LEAD = Role.CITY_LEAD

# fmt: off
_ROWS = (
    PaperKind("rules_issue", "印发规程的通知", RED, "document",
              "{{issuer}}关于印发《{{issued_title}}》的通知",
              "各县（市、区）", LEAD, "issue_rules", "制定评价程序要求", 5, RulesIssueInputs),
    PaperKind("call", "组织申报通知", RED, "document",
              "{{issuer}}关于组织开展{{year}}年度市级绿色制造名单申报工作的通知",
              "各县（市、区）", LEAD, "open", "开启年度", 12, CallInputs),
    PaperKind("county_recommendation", "县级推荐函", LETTER, "area",
              "{{issuer}}关于推荐{{year}}年度市级绿色制造名单的函",
              "市局", Role.COUNTY, "recommend", "县级推荐", 13, CountyRecommendationInputs),
    PaperKind("cultivation_list", "培育对象名单通知", RED, "document",
              "{{issuer}}关于公布{{year}}年度市级绿色制造名单培育对象的通知",
              "各县（市、区）", LEAD, "confirm", "列为培育对象", 14, CultivationInputs),
    PaperKind("review_minutes", "评审会议纪要", PLAIN, None,
              "{{year}}年度市级绿色制造名单评审会议纪要",
              "存档", LEAD, "shortlist", "评审", 15, ReviewMinutesInputs),
    PaperKind("public_notice", "拟入选名单公示", PLAIN, None,
              "{{year}}年度市级绿色制造名单拟入选名单公示",
              "社会公众", LEAD, "announce", "发布公示", 15, PublicNoticeInputs),
    PaperKind("no_objection", "公示无异议证明", PLAIN, None,
              "{{year}}年度市级绿色制造名单公示无异议证明",
              "存档", LEAD, "notice_over", "公示期满", 15, NoObjectionInputs),
    PaperKind("listing_announcement", "公布名单通知", RED, "document",
              "{{issuer}}关于公布{{year}}年度市级绿色制造名单的通知",
              "各县（市、区）、有关单位", LEAD, "list", "列入名单", 15, ListingInputs),
    PaperKind("consultation", "征求意见函", LETTER, "letter",
              "{{issuer}}关于征求{{year}}年度拟推荐省级绿色制造名单单位意见的函",
              "有关部门", LEAD, "consult", "征求意见", 16, ConsultationInputs),
    PaperKind("nomination", "推荐省级名单的函", LETTER, "letter",
              "{{issuer}}关于推荐{{year}}年度省级绿色制造名单的函",
              "省厅", LEAD, "nominate", "推荐省厅", 16, NominationInputs),
    PaperKind("annual_call", "年度动态管理表填报通知", RED, "document",
              "{{issuer}}关于做好{{year}}年度绿色制造名单动态管理表填报工作的通知",
              "各县（市、区）", LEAD, "call_reports", "布置填报", 18, AnnualCallInputs),
    PaperKind("annual_reminder", "催报通知", RED, "document",
              "{{issuer}}关于尽快填报{{year}}年度绿色制造名单动态管理表的通知",
              "各县（市、区）", LEAD, "remind", "催报", 18, AnnualReminderInputs),
    PaperKind("reminder_ledger", "催报台账附件", PLAIN, None,
              "{{year}}年度动态管理表催报记录",
              "存档", LEAD, "propose_removal", "提出移出", 21, ReminderLedgerInputs),
    PaperKind("spot_check_record", "现场抽查复核记录", PLAIN, None,
              "绿色制造名单单位现场抽查复核记录",
              "单位", LEAD, "record_check", "现场抽查", 19, SpotCheckRecordInputs),
    PaperKind("rectification_notice", "整改通知书", LETTER, "letter",
              "{{issuer}}关于{{unit_name}}的整改通知书",
              "单位", LEAD, "rectify", "要求整改", 19, RectificationInputs),
    PaperKind("recheck_opinion", "复查意见", LETTER, "letter",
              "{{issuer}}关于{{unit_name}}整改情况的复查意见",
              "单位", LEAD, "recheck", "复查", 19, RecheckInputs),
    PaperKind("incident_report", "事故快报", LETTER, "letter",
              "{{issuer}}关于{{unit_name}}发生{{incident_type}}的快报",
              "省厅", LEAD, "report_up", "实时上报", 19, IncidentReportInputs),
    PaperKind("change_opinion", "变更审核意见", LETTER, "letter",
              "{{issuer}}关于{{unit_name}}绿色制造名单信息变更的审核意见",
              "县（市、区）", LEAD, "give_opinion", "提出变更意见", 20, ChangeOpinionInputs),
    PaperKind("removal_intent", "移出事先告知书", PLAIN, "document",
              "移出市级绿色制造名单事先告知书",
              "单位", LEAD, "notify", "事先告知", 21, RemovalIntentInputs),
    PaperKind("removal_announcement", "移出公告", RED, "document",
              "{{issuer}}关于将{{removed_subject}}移出市级绿色制造名单的公告",
              "社会公众", LEAD, "announce_removal", "移出并公告", 21, RemovalAnnouncementInputs),
    PaperKind("evaluator_notice", "第三方机构问题函告", LETTER, "letter",
              "{{issuer}}关于{{evaluator_name}}绿色制造评价工作有关问题的函",
              "第三方机构", LEAD, "sanction", "第三方机构处理", 22, EvaluatorNoticeInputs),
    PaperKind("tip_accepted", "举报事项受理告知书", PLAIN, "tip",
              "举报事项受理告知书", "举报人", LEAD, "accept", "受理举报", 23,
              TipAcceptedInputs, sealed=True),
    PaperKind("tip_refused", "举报事项不予受理告知书", PLAIN, "tip",
              "举报事项不予受理告知书", "举报人", LEAD, "refuse", "不予受理", 23,
              TipRefusedInputs, sealed=True),
    PaperKind("tip_result", "举报事项办理结果告知书", PLAIN, "tip",
              "举报事项办理结果告知书", "举报人", LEAD, "close", "办结举报", 23,
              TipResultInputs, sealed=True),
    PaperKind("revocation", "撤销公文的公告", RED, "document",
              "{{issuer}}关于撤销{{revoked_subject}}的公告", "社会公众", LEAD, "revoke", "撤销公文", 5,
              RevocationInputs),
    PaperKind("annual_summary", "年度总结统计表", PLAIN, None,
              "{{year}}年度绿色制造名单工作统计表", "存档", LEAD, "close_year", "年度归档", 5,
              AnnualSummaryInputs),
)
# fmt: on

KINDS = {kind.code: kind for kind in _ROWS}
