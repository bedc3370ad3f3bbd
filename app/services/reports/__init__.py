"""Annual reports: the forms of each year, filling them in by page or workbook, filing, trends (第十八条)."""

from app.services.reports.acts import (
    attach_proof,
    decline_report,
    explain_doubts,
    recheck_report,
    report_batch_actions,
    report_offers,
)
from app.services.reports.checks import previous_report
from app.services.reports.definitions import definition_in_force, definitions_of
from app.services.reports.drafts import discard_draft, start_report, was_filed
from app.services.reports.due import DueReport, expected_reports, may_start_report, owing_reports
from app.services.reports.effects import REPORT_EFFECTS, STANDARD_EFFECTS
from app.services.reports.extensions import answer_extension, ask_extension, correction_due
from app.services.reports.filling import (
    PLATFORM_FIELDS,
    Filing,
    correctable_fields,
    form_definition,
    preview_report,
    save_report,
)
from app.services.reports.import_commit import commit_import
from app.services.reports.import_plan import ImportPlan, PlannedRow, plan_import
from app.services.reports.indicator_edits import (
    move_indicator,
    remove_indicator,
    save_indicator,
    save_relation,
)
from app.services.reports.standards import advance_standard, create_standard, standard_offers
from app.services.reports.trends import MAX_TREND_LINES, Trend, TrendChoice, TrendLine, trends_of
from app.services.reports.workbook_template import template_workbook

__all__ = [
    "DueReport",
    "Filing",
    "ImportPlan",
    "MAX_TREND_LINES",
    "PLATFORM_FIELDS",
    "PlannedRow",
    "REPORT_EFFECTS",
    "STANDARD_EFFECTS",
    "Trend",
    "TrendChoice",
    "TrendLine",
    "advance_standard",
    "answer_extension",
    "ask_extension",
    "attach_proof",
    "commit_import",
    "correctable_fields",
    "correction_due",
    "create_standard",
    "decline_report",
    "definition_in_force",
    "definitions_of",
    "discard_draft",
    "expected_reports",
    "explain_doubts",
    "form_definition",
    "may_start_report",
    "move_indicator",
    "owing_reports",
    "plan_import",
    "preview_report",
    "previous_report",
    "recheck_report",
    "remove_indicator",
    "report_batch_actions",
    "report_offers",
    "save_indicator",
    "save_relation",
    "save_report",
    "standard_offers",
    "start_report",
    "template_workbook",
    "trends_of",
    "was_filed",
]
