"""The year's filing: applications, evaluation reports, findings and county lists (第五、十二至十四条)."""

from app.services.filing.applications import (
    application_batch_actions,
    application_deadline,
    application_fields,
    application_offers,
    discard_draft,
    edit_application,
    open_draft,
)
from app.services.filing.county_lists import (
    FilingDetails,
    awaiting_recommendation,
    may_recommend,
    recommend,
    sweep_county_lists,
)
from app.services.filing.cultivation_list import cultivation_inputs, cultivation_period, stated_years
from app.services.filing.effects import APPLICATION_EFFECTS
from app.services.filing.evaluations import (
    evaluation_fields,
    may_revise_evaluation,
    revise_evaluation,
    submit_evaluation,
)
from app.services.filing.facts import ApplicationFacts, find_report
from app.services.filing.findings import CheckResult, may_record_findings, recheck_grounds, record_findings
from app.services.filing.review_minutes import review_minutes_inputs
from app.services.filing.scores import score_application

__all__ = [
    "ApplicationFacts",
    "APPLICATION_EFFECTS",
    "CheckResult",
    "FilingDetails",
    "application_batch_actions",
    "application_deadline",
    "application_fields",
    "application_offers",
    "awaiting_recommendation",
    "cultivation_inputs",
    "cultivation_period",
    "discard_draft",
    "edit_application",
    "evaluation_fields",
    "find_report",
    "may_recommend",
    "may_record_findings",
    "may_revise_evaluation",
    "open_draft",
    "recheck_grounds",
    "recommend",
    "record_findings",
    "review_minutes_inputs",
    "revise_evaluation",
    "score_application",
    "stated_years",
    "submit_evaluation",
    "sweep_county_lists",
]
