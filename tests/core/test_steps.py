"""Every action × stage × role against a second, hand-written table; and two who click at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.policy.filing import cultivation
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import Role, Stage
from app.services.core import decisions, rules, workflow
from app.services.core.by import By
from app.services.filing import county_lists
from app.services.processes import PROCESSES
from models.audit import AuditEntry
from models.filing.applications import Application, Correction
from models.filing.county_lists import CountyList
from models.papers import Number
from tests.builders import cases
from tests.tables import allowed

ACTIONS = sorted({step.action for step in cultivation.STEPS})
EVERY = [(action, stage, role) for action in ACTIONS for stage in Stage for role in Role]
FORBIDDEN = [(a, stage, role) for a, stage, role in EVERY if not allowed.allowed(a, stage.value, role.value)]


@pytest.mark.parametrize("action, stage, role", EVERY)
def test_the_table_allows_exactly_what_the_second_table_says(action, stage, role):
    if allowed.allowed(action, stage.value, role.value):
        step = cultivation.TABLE.find(action, stage, role)
        assert (step.approved_by.value if step.approved_by else None) == allowed.approver(action)
        return
    with pytest.raises(NotAllowed) as refusal:
        cultivation.TABLE.find(action, stage, role)
    assert any("一" <= character <= "鿿" for character in str(refusal.value))


def test_both_tables_name_the_same_actions():
    assert {name.strip() for name in allowed.STEPS} == set(ACTIONS)


@pytest.fixture(scope="module")
def application(mongod):
    """One record that the next test puts into every stage; what it must refuse does not depend on the rest."""
    rules.use("yunfu")
    return cases.in_review_by_county()


@pytest.mark.parametrize("action, stage, role", FORBIDDEN)
def test_the_service_refuses_in_words_what_nobody_may_do(application, action, stage, role):
    Application.objects(pk=application.pk).update(set__stage=stage.value)
    who = cases.actor(role, area=cases.AREA, unit_id=application.unit_id)
    given = workflow.StepInput(
        reason="理由", corrections=[Correction(field="x", defect="wrong", due=cases.MAY.date())]
    )
    before = AuditEntry.objects.count()
    with pytest.raises(PolicyError) as refusal:
        workflow.advance(application, action, by=By(who, cases.MAY), given=given)
    assert any("一" <= character <= "鿿" for character in str(refusal.value))
    with pytest.raises(PolicyError):
        decisions.prepare(action, [application], reason="理由", by=By(who, cases.MAY))
    assert Application.objects.get(pk=application.pk).stage == stage.value
    assert AuditEntry.objects.count() == before


class TestTogether:
    """Simultaneous clicks: one winner, the others are told."""

    @pytest.fixture(autouse=True)
    def _ready(self, db):
        rules.use("yunfu")

    @staticmethod
    def outcomes(click, times):
        def one(number):
            try:
                click(number)
                return ""
            except PolicyError as refusal:
                return str(refusal)

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    def test_one_submission_of_ten(self):
        application = cases.draft()
        results = self.outcomes(
            lambda n: workflow.advance(
                application, "submit", by=By(cases.COUNTY, cases.MAY), seen=application.version
            ),
            10,
        )
        assert results.count("") == 1
        assert all("办理“提交申报”" in why for why in results if why)
        fresh = Application.objects.get(pk=application.pk)
        assert [entry.action for entry in fresh.trail].count("submit") == 1

    def test_one_list_of_five_carries_the_row(self):
        cases.account("county", Role.COUNTY)
        application = cases.in_review_by_county()
        filing = county_lists.FilingDetails("GT2026050001", cases.MAY.date(), "李虚构", "0766-0000001")
        results = self.outcomes(
            lambda n: county_lists.recommend([application], filing, by=By(cases.COUNTY, cases.MAY)), 5
        )
        assert "" in results
        county_lists.sweep_county_lists(now=cases.MAY)
        fresh = Application.objects.get(pk=application.pk)
        assert [entry.action for entry in fresh.trail].count("recommend") == 1
        sent = [one for one in CountyList.objects if one.outcome.startswith("推荐")]
        assert len(sent) == 1 and fresh.trail[-1].paper_id == sent[0].paper_id
        assert [one.state for one in Number.objects].count("used") == 1
        assert not Number.objects(state="reserved")

    def test_fifty_parallel_approvals_have_one_winner(self):
        application = cases.at_city()
        decision = decisions.prepare("confirm", [application], by=By(cases.CITY, cases.MAY))
        leads = [cases.actor(Role.CITY_LEAD, name=f"lead{n}") for n in range(50)]
        results = self.outcomes(
            lambda n: decisions.approve(decision, by=By(leads[n], cases.MAY), seen=decision.version), 50
        )
        assert results.count("") == 1
        fresh = Application.objects.get(pk=application.pk)
        assert [entry.action for entry in fresh.trail].count("confirm") == 1
        assert AuditEntry.objects(subject_id=str(application.pk), verb="列为培育对象").count() == 1


def test_an_approved_step_that_asks_for_more_than_a_reason_declares_what_its_decision_keeps():
    asking = [
        (process, step)
        for process in PROCESSES
        for step in process.table.steps
        if step.approved_by and set(step.asks) - {"reason"}
    ]
    assert asking
    for process, step in asking:
        assert step.action in process.details, step.action
