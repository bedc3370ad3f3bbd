"""Every screen of the panel, in the order of the menu: the flat list that the factory registers."""

from collections.abc import Iterator

from flask_admin import BaseView

from models.accounts.people import User
from models.audit import AuditEntry
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
from views.audit import AuditEntryView
from views.filing.applications import ApplicationView
from views.filing.county_lists import CountyListView
from views.filing.decisions import DecisionView
from views.ledger.imports import ImportBatchView
from views.lists.listing import ListingView, PublicNoticeView
from views.lists.objections import ObjectionView
from views.papers.batches import PaperBatchView
from views.papers.numbers import NumberView
from views.papers.papers import PaperView
from views.papers.wordings import WordingView
from views.registry.evaluators import EngagementView, EvaluationView, EvaluatorView
from views.registry.units import UnitView
from views.reminders.entries import ReminderEntryView
from views.reports.indicators import StandardView
from views.reports.reports import AnnualReportView
from views.settings.jobs import JobRunView
from views.settings.proposals import HolidayView, ProposalView
from views.settings.rules import RuleView, SettingView


def screens() -> Iterator[BaseView]:
    """New instances: each application has its own."""
    yield UnitView(Unit, "单位")
    yield ApplicationView(Application, "申报")
    yield EvaluationView(Evaluation, "评价报告")
    yield CountyListView(CountyList, "推荐名单")
    yield DecisionView(Decision, "审批单")
    yield ImportBatchView(ImportBatch, "汇总表导入")
    yield PublicNoticeView(PublicNotice, "公示")
    yield ObjectionView(Objection, "异议")
    yield ListingView(Listing, "名单")
    yield AnnualReportView(AnnualReport, "年度动态管理表")
    yield ReminderEntryView(ReminderEntry, "催报台账")
    yield EvaluatorView(Evaluator, "第三方机构")
    yield EngagementView(Engagement, "委托")
    yield PaperView(Paper, "公文")
    yield PaperBatchView(PaperBatch, "成批公文")
    yield NumberView(Number, "文号登记")
    yield WordingView(Wording, "公文模板")
    yield RuleView(name="规则", endpoint="rule")
    yield SettingView(name="酌定事项", endpoint="setting")
    yield StandardView(Standard, "指标与标准")
    yield HolidayView(Holiday, "节假日")
    yield ProposalView(Proposal, "设置审批")
    yield UserView(User, "账号")
    yield JobRunView(JobRun, "任务")
    yield AuditEntryView(AuditEntry, "审计日志")
