"""Every screen of the panel; `app.policy.resources` declares label, icon and rights of each."""

from flask_admin import BaseView
from mongoengine import Document

from models.accounts.people import User
from models.audit import AuditEntry, Backup
from models.decisions import Decision
from models.filing.applications import Application
from models.filing.county_lists import CountyList
from models.filing.evaluations import Evaluation
from models.ledger import ImportBatch
from models.lists import Listing, Objection, PublicNotice
from models.papers import Number, Paper, PaperBatch, Wording
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit
from models.reminders.entries import ReminderEntry
from models.reports import AnnualReport, Standard
from models.settings.jobs import JobRun
from models.settings.values import Holiday, Proposal
from views.accounts.people import UserView
from views.audit import AuditEntryView, BackupView
from views.filing.applications import ApplicationView
from views.filing.county_lists import CountyListView
from views.filing.decisions import DecisionView
from views.filing.evaluations import EvaluationView
from views.ledger.imports import ImportBatchView
from views.lists.listing import ListingView
from views.lists.notices import PublicNoticeView
from views.lists.objections import ObjectionView
from views.panel.base import ScopedView
from views.papers.batches import PaperBatchView
from views.papers.numbers import NumberView
from views.papers.papers import PaperView
from views.papers.wordings import WordingView
from views.registry.engagements import EngagementView
from views.registry.evaluators import EvaluatorView
from views.registry.units import UnitView
from views.reminders.entries import ReminderEntryView
from views.reports.indicators import StandardView
from views.reports.reports import AnnualReportView
from views.settings.holidays import HolidayView
from views.settings.jobs import JobRunView
from views.settings.proposals import ProposalView
from views.settings.rules import RuleView
from views.settings.settings import SettingView

SCREENS: tuple[tuple[type[Document], type[ScopedView]], ...] = (
    (Unit, UnitView),
    (Application, ApplicationView),
    (Evaluation, EvaluationView),
    (CountyList, CountyListView),
    (Decision, DecisionView),
    (ImportBatch, ImportBatchView),
    (PublicNotice, PublicNoticeView),
    (Objection, ObjectionView),
    (Listing, ListingView),
    (AnnualReport, AnnualReportView),
    (ReminderEntry, ReminderEntryView),
    (Evaluator, EvaluatorView),
    (Engagement, EngagementView),
    (Paper, PaperView),
    (PaperBatch, PaperBatchView),
    (Number, NumberView),
    (Wording, WordingView),
    (Standard, StandardView),
    (Holiday, HolidayView),
    (Proposal, ProposalView),
    (User, UserView),
    (JobRun, JobRunView),
    (Backup, BackupView),
    (AuditEntry, AuditEntryView),
)

PAGES = (RuleView, SettingView)  # screens that are no list of records


def screens() -> list[BaseView]:
    """Return new views of every screen: each application registers its own."""
    return [*(view(model) for model, view in SCREENS), *(page() for page in PAGES)]
