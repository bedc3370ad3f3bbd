"""Every screen of the panel, in the order of the menu: the flat list that the factory registers."""

from collections.abc import Iterator

from flask_admin import BaseView

from models.applications import Application
from models.audit import AuditEntry
from models.decisions import Decision
from models.evaluators import Engagement, Evaluation, Evaluator
from models.imports import ImportBatch
from models.jobs import JobRun
from models.listing import Listing, Objection, PublicNotice
from models.papers import Number, Paper
from models.people import User
from models.settings import Holiday
from models.units import Unit
from views.applications import ApplicationView
from views.audit import AuditEntryView
from views.decisions import DecisionView
from views.evaluators import EngagementView, EvaluationView, EvaluatorView
from views.imports import ImportBatchView
from views.jobs import JobRunView
from views.listing import ListingView, ObjectionView, PublicNoticeView
from views.papers import NumberView, PaperView
from views.people import UserView
from views.settings import HolidayView, RuleView, SettingView
from views.units import UnitView


def screens() -> Iterator[BaseView]:
    """New instances: each application has its own."""
    yield UnitView(Unit, "单位")
    yield ApplicationView(Application, "申报")
    yield EvaluationView(Evaluation, "评价报告")
    yield DecisionView(Decision, "审批单")
    yield ImportBatchView(ImportBatch, "汇总表导入")
    yield PublicNoticeView(PublicNotice, "公示")
    yield ObjectionView(Objection, "异议")
    yield ListingView(Listing, "名单")
    yield EvaluatorView(Evaluator, "第三方机构")
    yield EngagementView(Engagement, "委托")
    yield PaperView(Paper, "公文")
    yield NumberView(Number, "文号登记")
    yield RuleView(name="规则", endpoint="rule")
    yield SettingView(name="酌定事项", endpoint="setting")
    yield HolidayView(Holiday, "节假日")
    yield UserView(User, "账号")
    yield JobRunView(JobRun, "任务")
    yield AuditEntryView(AuditEntry, "审计日志")
