"""A state machine that walks the table with random actors, dates and repeats: it never meets an unlisted state."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.clock import SHANGHAI
from app.embedded import STEM
from app.policy.filing import cultivation
from app.policy.flow import PolicyError
from app.policy.terms import DecisionState, NumberState, ObjectionState, PaperState, Role, Stage
from app.services.core import decisions, rules, workflow
from app.services.core.by import By
from app.services.filing import county_lists, findings, scores
from app.services.lists import conclusions
from models import database
from models.audit import AuditEntry
from models.decisions import Decision
from models.filing.applications import Application, Correction
from models.lists import Listing, Objection
from models.papers import Number, Paper
from tests.builders import cases
from tests.tables import allowed

ROLES = st.sampled_from(
    [Role.COUNTY, Role.CITY, Role.CITY_LEAD, Role.EVALUATOR, Role.UNIT, Role.ADMIN, Role.SYSTEM]
)
ACTIONS = st.sampled_from(sorted({step.action for step in cultivation.STEPS}))
LIKELY = st.sampled_from([Role.COUNTY, Role.CITY])


class Walk(RuleBasedStateMachine):
    """Two applications; whoever may or may not acts on them, days pass, clicks repeat."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 4, 20, 9, tzinfo=SHANGHAI)
        self.keys = [cases.in_review_by_county().pk, cases.draft().pk]

    def application(self, which: int) -> Application:
        return Application.objects.get(pk=self.keys[which])

    @staticmethod
    def attempt(work) -> None:
        try:
            work()
        except PolicyError as refusal:
            assert any("一" <= character <= "鿿" for character in str(refusal))

    def actor(self, role: Role, application: Application):
        return cases.actor(role, area=application.area, unit_id=application.unit_id)

    @rule(which=st.integers(0, 1), action=ACTIONS, role=st.one_of(LIKELY, ROLES))
    def step(self, which, action, role):
        application = self.application(which)
        given = workflow.StepInput("理由", [Correction(field="x", defect="wrong", due=self.now.date())])
        self.attempt(
            lambda: workflow.advance(
                application, action, by=By(self.actor(role, application), self.now), given=given
            )
        )

    @rule(role=st.one_of(st.just(Role.COUNTY), ROLES))
    def send_list(self, role):
        rows = [self.application(which) for which in (0, 1)]
        filing = county_lists.FilingDetails("GT1", self.now.date(), "李虚构", "0766-0000001")
        self.attempt(lambda: county_lists.recommend(rows, filing, by=By(self.actor(role, rows[0]), self.now)))

    @rule(action=ACTIONS, role=st.one_of(st.just(Role.CITY), ROLES))
    def prepare(self, action, role):
        rows = [self.application(which) for which in (0, 1)]
        details = {"first_day": self.now.date()}
        self.attempt(
            lambda: decisions.prepare(
                action, rows, reason="理由", details=details, by=By(self.actor(role, rows[0]), self.now)
            )
        )

    @rule(role=st.one_of(st.just(Role.CITY_LEAD), ROLES), approve=st.booleans(), repeat=st.booleans())
    def settle(self, role, approve, repeat):
        decision = Decision.objects.order_by("-id").first()
        if decision is None:
            return
        verb = decisions.approve if approve else decisions.send_back
        for _ in range(1 + repeat):
            self.attempt(lambda: verb(decision, answer="意见", by=By(cases.actor(role), self.now)))

    @rule(which=st.integers(0, 1), role=st.one_of(LIKELY, ROLES))
    def check(self, which, role):
        application = self.application(which)
        checked = cases.passing(application, self.now.date())
        self.attempt(
            lambda: findings.record_findings(
                application,
                checked,
                version=application.version,
                by=By(self.actor(role, application), self.now),
            )
        )

    @rule(which=st.integers(0, 1))
    def recheck(self, which):
        self.attempt(lambda: cases.recheck([self.application(which)], self.now))

    @rule(
        which=st.integers(0, 1),
        total=st.sampled_from(["70", "88", "90"]),
        name=st.sampled_from(["city", "city2"]),
    )
    def score(self, which, total, name):
        application = self.application(which)
        by = cases.actor(Role.CITY, name=name)
        self.attempt(
            lambda: scores.score_application(
                application, Decimal(total), "意见", version=application.version, by=By(by, self.now)
            )
        )

    @rule(which=st.integers(0, 1))
    def object(self, which):
        application = self.application(which)
        self.attempt(lambda: cases.objection(application, self.now))

    @rule(state=st.sampled_from(list(ObjectionState)))
    def conclude(self, state):
        if objection := Objection.objects(state=ObjectionState.OPEN.value).first():
            self.attempt(
                lambda: conclusions.propose_conclusion(
                    objection, state, "结论", version=objection.version, by=By(cases.CITY, self.now)
                )
            )

    @rule(role=st.one_of(st.just(Role.CITY_LEAD), ROLES))
    def settle_objection(self, role):
        if objection := Objection.objects(state=ObjectionState.OPEN.value).first():
            by = By(cases.actor(role), self.now)
            self.attempt(lambda: conclusions.settle_objection(objection, version=objection.version, by=by))

    @rule(days=st.sampled_from([0, 1, 2, 7, 30, 400]))
    def wait(self, days):
        self.now = min(self.now + timedelta(days=days), datetime(2029, 8, 1, 9, tzinfo=SHANGHAI))

    @invariant()
    def every_move_is_listed(self):
        for application in Application.objects:
            stage = Stage.DRAFT.value
            for entry in application.trail:
                assert entry.source == stage
                assert any(
                    step.action == entry.action and step.leaves(Stage(stage)) and step.target == entry.target
                    for step in cultivation.STEPS
                )
                who = allowed.approver(entry.action) or entry.role
                assert entry.role == who
                assert entry.role in ("city_lead",) or allowed.allowed(entry.action, stage, entry.role)
                stage = entry.target
            assert application.stage == stage

    @invariant()
    def one_audit_row_a_move(self):
        for application in Application.objects:
            moved = AuditEntry.objects(
                subject_id=str(application.pk), changes__field="stage", verb__ne="create"
            ).count()
            assert moved == len(application.trail)

    @invariant()
    def numbers_papers_and_entries_agree(self):
        used = Number.objects(state=NumberState.USED.value).count()
        assert used == Paper.objects(state=PaperState.ISSUED.value, series__nin=["", None]).count()
        assert Number.objects(state=NumberState.RESERVED.value).count() == 0
        assert Listing.objects.count() == Application.objects(stage=Stage.LISTED.value).count()

    @invariant()
    def who_waits_waits_for_a_prepared_decision(self):
        for application in Application.objects(decision_id__ne=None):
            assert Decision.objects.get(pk=application.decision_id).state == DecisionState.PREPARED.value


def walk(owner, examples: int, steps: int) -> None:
    class Fresh(Walk):
        def __init__(self) -> None:
            for suffix in database.ALIASES.values():
                stem = owner[STEM + suffix]
                for name in stem.list_collection_names():
                    stem[name].delete_many({})
            super().__init__()

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(300)
def test_random_walks_stay_on_the_table(db, owner):
    rules.use("yunfu")
    walk(owner, examples=6, steps=40)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_long_random_walks_stay_on_the_table(db, owner):
    rules.use("yunfu")
    walk(owner, examples=40, steps=80)
