"""Tasks about applications, evaluations, objections, decisions, papers and proposals."""

from __future__ import annotations

from dataclasses import replace

from app.policy import access, deadlines
from app.policy.filing import cultivation
from app.policy.terms import DecisionState, ObjectionState, PaperState, ProposalState, Role, Stage, Term
from app.services.core import rules, scope
from app.services.core.by import By
from app.services.desk.tasks import CountedTasks, Task
from models.decisions import Decision
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.lists import Objection
from models.papers import Paper, Wording
from models.registry.evaluators import Engagement
from models.settings.values import Proposal


def application_tasks(by: By) -> CountedTasks:
    """Yield a task for each stage at which applications wait for the actor's role."""
    pack, rows = rules.pack(), scope.rows(by, Application)
    for waiting in cultivation.TABLE.waiting.get(by.actor.role, ()):
        stage, key = waiting.stage, waiting.legal_date
        due = deadlines.legal_date(pack, key, by.now.year) if key else None
        article = pack.dates[key].article if key else _article(stage, by.actor.role)
        late = bool(due and by.today > due)
        # A task with a legal date belongs to its year; without one it waits however old it is.
        years, query = ({"year": by.now.year}, {}) if key else ({}, {"year": "all"})
        task = Task(waiting.text, "application", {"tab": stage.value} | query, due, late, article)
        yield task, rows.filter(stage=stage.value, decision_id=None, **years)


def _article(stage: Term, role: Role) -> int | None:
    steps = cultivation.TABLE.offered(stage, role)
    return steps[0].article if steps else None


def evaluation_tasks(by: By) -> CountedTasks:
    """Yield the reports that an institution owes the units that engaged it."""
    if by.actor.role is Role.EVALUATOR:
        running = Engagement.objects.running(by.actor.evaluator_id, by.today).filter(year=by.now.year)
        engaged = set(running.scalar("unit_id", "kind"))
        submitted = Evaluation.objects(
            evaluator_id=by.actor.evaluator_id, year=by.now.year, attachment_id__ne=None
        )
        due = deadlines.legal_date(rules.pack(), "application", by.now.year)
        task = Task("提交评价报告", "engagement", {}, due, by.today > due, 12)
        yield task, len(engaged - set(submitted.scalar("unit_id", "kind")))


def objection_tasks(by: By) -> CountedTasks:
    """Yield objections to conclude by the city, to settle by its lead, and inquiries to answer by the county."""
    still_open = Objection.objects(state=ObjectionState.OPEN.value)
    if by.actor.role is Role.CITY:
        yield (
            Task("核查并办结异议", "objection", {"tab": "open"}, article=15),
            still_open.filter(proposal=None),
        )
    if access.may(by.actor, "approve", "objection"):
        proposed = still_open.filter(proposal__ne=None, proposal__by__ne=by.actor.username)
        yield Task("审签异议结论", "objection", {"tab": "open"}, article=15), proposed
    if access.may(by.actor, "edit", "objection") or access.may(by.actor, "approve", "objection"):
        task = Task(
            "异议成立的单位仍在名单，处理名单条目", "objection", {"tab": "upheld"}, late=True, article=15
        )
        yield task, _count_questioned_entries()
    if access.may(by.actor, "note", "objection"):
        asked = scope.rows(by, Objection).filter(asked_due__ne=None)
        task = Task("答复市局交办的异议核查", "objection", {"tab": "open"}, article=15)
        yield replace(task, late=True), asked.filter(asked_due__lt=by.today)
        yield task, asked.filter(asked_due__gte=by.today)


def _count_questioned_entries() -> int:
    """Count the upheld objections to notices by which a unit stands on the list."""
    upheld = dict(Objection.objects(state=ObjectionState.UPHELD.value).scalar("pk", "application_id"))
    if not upheld:
        return 0
    listed = Application.objects.at(Stage.LISTED).filter(pk__in=list(upheld.values()))
    questioned = Objection.objects(pk__in=list(upheld), application_id__in=listed.distinct("id"))
    return questioned.filter(notice_id__in=listed.distinct("notice_id")).count()


def expired_notice_tasks(by: By) -> CountedTasks:
    """Yield applications whose public notice is over, for the city to prepare their listing."""
    if by.actor.role is Role.CITY:
        on_notice = Application.objects.at(Stage.PUBLIC_NOTICE)
        task = Task("公示期满，拟办列入名单", "application", {"tab": "public_notice"}, article=15)
        yield task, on_notice.filter(notice_last_day__lt=by.today, decision_id=None)


def decision_tasks(by: By) -> CountedTasks:
    """Yield decisions prepared by somebody else, for the lead to approve."""
    if by.actor.role is Role.CITY_LEAD:
        prepared = Decision.objects(state=DecisionState.PREPARED.value, prepared_by__ne=by.actor.username)
        yield Task("审签审批单", "decision", {"tab": "prepared"}), prepared


def paper_tasks(by: By) -> CountedTasks:
    """Yield free-standing papers to sign or to issue; those of a decision move with it."""
    if by.actor.role is Role.CITY_LEAD:
        submitted = Paper.objects(
            state=PaperState.SUBMITTED.value, decision_id=None, drafted_by__ne=by.actor.username
        )
        yield Task("审签公文", "paper", {"tab": PaperState.SUBMITTED.value}), submitted
    if by.actor.role is Role.CITY:
        signed = Paper.objects(state=PaperState.SIGNED.value, decision_id=None)
        yield Task("编号印发公文", "paper", {"tab": PaperState.SIGNED.value}), signed


def proposal_tasks(by: By) -> CountedTasks:
    """Yield wordings, discretionary values and holidays that somebody else prepared."""
    for model, text in ((Wording, "审批公文用语和模板"), (Proposal, "审批酌定事项和节假日的修改")):
        resource = scope.resource_of(model)
        if access.may(by.actor, "approve", resource):
            prepared = model.objects(state=ProposalState.PREPARED.value, prepared_by__ne=by.actor.username)
            yield Task(text, resource, {"tab": ProposalState.PREPARED.value}), prepared
