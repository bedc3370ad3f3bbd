"""Every screen of the panel, in the order of the menu: the flat list that the factory registers."""

from collections.abc import Iterator

from flask_admin import BaseView

from models.applications import Application
from models.audit import AuditEntry
from models.county_lists import CountyList
from models.decisions import Decision
from models.evaluators import Engagement, Evaluation, Evaluator
from models.imports import ImportBatch
from models.jobs import JobRun
from models.listing import Listing, Objection, PublicNotice
from models.papers import Number, Paper, PaperBatch, Wording
from models.people import User
from models.reminders import ReminderEntry
from models.reports import AnnualReport, Standard
from models.settings import Holiday, Proposal
from models.units import Unit
from views.applications import ApplicationView
from views.audit import AuditEntryView
from views.county_lists import CountyListView
from views.decisions import DecisionView
from views.evaluators import EngagementView, EvaluationView, EvaluatorView
from views.imports import ImportBatchView
from views.indicators import StandardView
from views.jobs import JobRunView
from views.listing import ListingView, PublicNoticeView
from views.numbers import NumberView
from views.objections import ObjectionView
from views.paper_batches import PaperBatchView
from views.papers import PaperView
from views.people import UserView
from views.proposals import HolidayView, ProposalView
from views.reminders import ReminderEntryView
from views.reports import AnnualReportView
from views.settings import RuleView, SettingView
from views.units import UnitView
from views.wordings import WordingView


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
