"""An objection is the county's business only when, and only as far as, the city hands it over."""

from datetime import timedelta

import pytest

from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import ObjectionState, Role
from app.services.core import rules, scope
from app.services.core.by import By
from app.services.desk import workbench
from app.services.lists import inquiries, objections
from models.audit import AuditEntry
from models.lists import Objection, Objector
from models.reminders.notices import Notice
from tests.builders import cases

NOW = cases.JUNE
TASK = "答复市局交办的异议核查"


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def raised() -> Objection:
    return cases.objection(cases.on_notice(), matter="隔壁厂老钟反映夜间排污")


def report(one: Objection, by=cases.COUNTY, text="已到现场核查，未见异常。") -> Objection:
    return inquiries.answer_inquiry(one, text, version=one.version, by=By(by, NOW))


def seen(by, one: Objection) -> bool:
    return scope.find(By(by, NOW), Objection, one.pk) is not None


def todo(by) -> list[tuple[int, bool]]:
    return [(line.count, line.late) for line in workbench.waiting_tasks(By(by, NOW)) if line.text == TASK]


def test_the_county_reads_it_only_when_it_was_handed_over():
    one, elsewhere = raised(), cases.actor(Role.COUNTY, cases.ELSEWHERE)
    assert not seen(cases.COUNTY, one) and todo(cases.COUNTY) == []
    with pytest.raises(NotAllowed, match="不存在"):
        report(one)
    one = cases.handed(one)
    assert seen(cases.COUNTY, one) and not seen(elsewhere, one)
    assert todo(cases.COUNTY) == [(1, False)] and todo(elsewhere) == []
    with pytest.raises(NotAllowed, match="不存在"):
        report(one, by=elsewhere)


def test_question_answer_and_conclusion_are_on_record():
    cases.account("clerk", Role.COUNTY)
    cases.account("elsewhere", Role.COUNTY, area=cases.ELSEWHERE)
    one = report(cases.handed(raised()))
    asked = one.inquiries[0]
    assert (asked.question, asked.answer) == ("请核对排放数据", "已到现场核查，未见异常。")
    assert todo(cases.COUNTY) == []
    cases.settled(one, ObjectionState.REJECTED, text="不属实")
    verbs = [entry.verb for entry in AuditEntry.objects(subject_id=str(one.pk)).order_by("id")]
    assert verbs == ["create", "交县级核查", "县级答复核查情况", "拟办异议结论", "办结异议"]
    assert "请核对排放数据" in Notice.objects.get(username="clerk", key__startswith="objection").text
    assert not Notice.objects(username="elsewhere")
    assert "已答复" in Notice.objects.get(username=cases.CITY.username, key__contains=":reported:").text


def test_one_question_at_a_time_and_none_after_the_end():
    one = cases.handed(raised())
    with pytest.raises(NotAllowed, match="还没有答复"):
        cases.handed(one)
    one = cases.handed(report(one), question="再核对用水")
    assert [bool(each.answer) for each in one.inquiries] == [True, False]
    one = cases.settled(one, ObjectionState.REJECTED, text="不属实")
    for late in (lambda: report(one), lambda: cases.handed(one)):
        with pytest.raises(PolicyError):
            late()
    assert todo(cases.COUNTY) == [] and seen(cases.COUNTY, one)


@pytest.mark.parametrize("question, days", [(" ", 3), ("请核对", -1), ("请核对", None)])
def test_question_and_day_are_asked(question, days):
    one = raised()
    due = None if days is None else NOW.date() + timedelta(days=days)
    with pytest.raises(NotAllowed, match="事项"):
        inquiries.hand_over_objection(one, question, due, version=one.version, by=By(cases.CITY, NOW))


@pytest.mark.parametrize("by", [cases.COUNTY, cases.LEAD, cases.actor(Role.UNIT), cases.ADMIN])
def test_only_the_city_hands_over(by):
    one = raised()
    with pytest.raises(NotAllowed):
        inquiries.hand_over_objection(one, "请核对", NOW.date(), version=one.version, by=By(by, NOW))


def test_a_late_answer_is_late_on_the_workbench():
    cases.handed(raised())
    Objection.objects.update(set__asked_due=NOW.date() - timedelta(days=1))
    assert todo(cases.COUNTY) == [(1, True)]


def test_who_objects_is_masked_everywhere_and_each_look_leaves_its_reason():
    one = raised()
    kept = AuditEntry.objects.get(subject_id=str(one.pk), verb="create")
    assert "钟实名" not in kept.to_json() and "13544445555" not in kept.to_json()
    for by in (cases.COUNTY, cases.ADMIN):
        with pytest.raises(NotAllowed):
            objections.unmask_objector(one, "联系", by=By(by, NOW))
    with pytest.raises(NotAllowed, match="理由"):
        objections.unmask_objector(one, " ", by=By(cases.CITY, NOW))
    assert objections.unmask_objector(one, "电话核实", by=By(cases.CITY, NOW)).phone == "13544445555"
    assert AuditEntry.objects.get(verb="unmask").reason == "电话核实"


@pytest.mark.parametrize("name, phone", [("", "13544445555"), ("钟实名", " ")])
def test_nobody_objects_without_a_name(name, phone):
    by = Objector(name=name, phone=phone)
    with pytest.raises(NotAllowed, match="实名"):
        objections.register_objection(cases.on_notice(), "排污", NOW.date(), by, by=By(cases.CITY, NOW))
