"""Discretionary values, holidays, proposals, saved views and the control of jobs (第二十八、二十九条)."""

from app.services.settings.changes import (
    approve_change,
    change_offers,
    propose_reversal,
    send_back_change,
    visible_changes,
)
from app.services.settings.holidays import HOLIDAYS, propose_holidays
from app.services.settings.jobs import (
    is_job_paused,
    job_switches,
    pause_job,
    register_jobs,
    request_job_run,
    rerun_job,
    resume_job,
    run_offers,
    take_run_request,
)
from app.services.settings.proposals import (
    approve_proposal,
    demand_proposer,
    prepare_proposal,
    proposal_offers,
    send_back_proposal,
)
from app.services.settings.saved_views import delete_view, save_view, visible_views
from app.services.settings.values import approved_values, propose_value

__all__ = [
    "HOLIDAYS",
    "approve_change",
    "approve_proposal",
    "approved_values",
    "change_offers",
    "delete_view",
    "demand_proposer",
    "is_job_paused",
    "job_switches",
    "pause_job",
    "prepare_proposal",
    "proposal_offers",
    "propose_holidays",
    "propose_reversal",
    "propose_value",
    "register_jobs",
    "request_job_run",
    "rerun_job",
    "resume_job",
    "run_offers",
    "save_view",
    "send_back_change",
    "send_back_proposal",
    "take_run_request",
    "visible_changes",
    "visible_views",
]
