"""What each kind of official document is made of: one frozen dataclass a kind, plain values from the case."""

from app.policy.paper_inputs.applications import (
    CallInputs,
    CountyRecommendationInputs,
    CultivationInputs,
    ReviewMinutesInputs,
)
from app.policy.paper_inputs.issued import RulesIssueInputs
from app.policy.paper_inputs.letterhead import (
    Letterhead,
    Paragraphs,
)
from app.policy.paper_inputs.lines import (
    AreaLine,
    ChangedFact,
    ChangeLine,
    ConsultedLine,
    DepartmentLine,
    FindingLine,
    NominatedLine,
    ProvincialLine,
    RecommendedLine,
    ReminderLine,
    RemovedLine,
    RenamedLine,
    ReportingLine,
    ReviewLine,
    StandardLine,
    UnitLine,
)
from app.policy.paper_inputs.lists import (
    ListingInputs,
    NoObjectionInputs,
    PublicNoticeInputs,
    RemovalAnnouncementInputs,
    RevocationInputs,
)
from app.policy.paper_inputs.oversight import (
    EvaluatorNoticeInputs,
    RecheckInputs,
    RectificationInputs,
    RemovalIntentInputs,
    SpotCheckRecordInputs,
)
from app.policy.paper_inputs.tips import (
    TipAcceptedInputs,
    TipInputs,
    TipRefusedInputs,
    TipResultInputs,
)
from app.policy.paper_inputs.upward import (
    ChangeOpinionInputs,
    ConsultationInputs,
    IncidentReportInputs,
    NominationInputs,
)
from app.policy.paper_inputs.yearly import (
    AnnualCallInputs,
    AnnualReminderInputs,
    AnnualSummaryInputs,
    ReminderLedgerInputs,
)

__all__ = [
    "AnnualCallInputs",
    "AnnualReminderInputs",
    "AnnualSummaryInputs",
    "AreaLine",
    "CallInputs",
    "ChangeLine",
    "ChangeOpinionInputs",
    "ChangedFact",
    "ConsultationInputs",
    "ConsultedLine",
    "CountyRecommendationInputs",
    "CultivationInputs",
    "DepartmentLine",
    "EvaluatorNoticeInputs",
    "FindingLine",
    "IncidentReportInputs",
    "Letterhead",
    "ListingInputs",
    "NoObjectionInputs",
    "NominatedLine",
    "NominationInputs",
    "Paragraphs",
    "ProvincialLine",
    "PublicNoticeInputs",
    "RecheckInputs",
    "RecommendedLine",
    "RectificationInputs",
    "ReminderLedgerInputs",
    "ReminderLine",
    "RemovalAnnouncementInputs",
    "RemovalIntentInputs",
    "RemovedLine",
    "RenamedLine",
    "ReportingLine",
    "ReviewLine",
    "ReviewMinutesInputs",
    "RevocationInputs",
    "RulesIssueInputs",
    "SpotCheckRecordInputs",
    "StandardLine",
    "TipAcceptedInputs",
    "TipInputs",
    "TipRefusedInputs",
    "TipResultInputs",
    "UnitLine",
]
