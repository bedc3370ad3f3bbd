"""Who prepared it neither approves nor sends it back, in whatever role; another lead may; nobody else does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from app import documents
from app.policy.flow import NotAllowed
from app.policy.terms import Role, Stage
from app.services import settings
from app.services.core import decisions, rules
from app.services.core.by import By
from app.services.lists import objections
from app.services.papers import drafting, signing, template_proposals, templates
from app.services.reports import definitions, indicator_edits, standards
from models.filing.applications import Application
from models.lists import Objector
from models.papers import Paper
from models.settings.values import Holiday
from tests.builders import cases
from tests.builders.papers import NOW, inputs

HIMSELF = cases.actor(Role.CITY_LEAD, name="city")  # the clerk who became lead meanwhile
EDITOR = cases.actor(Role.CITY_LEAD, name="city2")
STRANGERS = [
    cases.CITY,
    cases.CITY2,
    cases.COUNTY,
    cases.ADMIN,
    cases.actor(Role.UNIT),
    cases.actor(Role.AUDITOR),
]


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")
    cases.contacts()


@dataclass
class Matter:
    """Something that the city prepares and its lead decides, and how one sees whether it is in force."""

    prepare: Callable[[], Any]
    approve: Callable[[Any, Any], Any]
    send_back: Callable[[Any, Any], Any]
    in_force: Callable[[Any], bool]


def _paper() -> Paper:
    drafted = drafting.compose("consultation", inputs(), areas=[cases.AREA], by=By(cases.CITY, NOW))
    return drafting.submit(drafted, version=drafted.version, by=By(cases.CITY, NOW))


def _definition():
    drawn = standards.create_standard("factory", 2026, "补充指标", by=By(cases.CITY, NOW))
    return standards.advance_standard(drawn, "propose", by=By(cases.CITY, NOW))


def _wording():
    text = documents.standard_wording("consultation").replace("特此函达。", "特此致函。")
    return template_proposals.propose_wording("consultation", text, "换结束语", by=By(cases.CITY, NOW))


def _uphold():
    shown = cases.on_notice()
    raised = objections.register_objection(
        shown, "数据不实", NOW.date(), Objector(name="钟实名", phone="13500000000"), by=By(cases.CITY, NOW)
    )
    cases.settled(raised, objections.ObjectionState.UPHELD, NOW, "属实")
    return decisions.prepare("uphold", [shown], reason="属实", by=By(cases.CITY, NOW))


def _decided(prepare: Callable[[], Any], stage: Stage) -> Matter:
    return Matter(
        prepare,
        lambda it, by: decisions.approve(it, by=By(by, NOW)),
        lambda it, by: decisions.send_back(it, "不同意", by=By(by, NOW)),
        lambda it: Application.objects.get(pk=it.lines[0].record_id).stage == stage,
    )


def _wording_matter(prepare: Callable[[], Any], in_force: Callable[[Any], bool]) -> Matter:
    return Matter(
        prepare,
        lambda it, by: template_proposals.approve_wording(it, seen=it.version, by=By(by, NOW)),
        lambda it, by: template_proposals.send_back_wording(it, "不同意", seen=it.version, by=By(by, NOW)),
        in_force,
    )


def _setting_matter(prepare: Callable[[], Any], in_force: Callable[[Any], bool]) -> Matter:
    return Matter(
        prepare,
        lambda it, by: settings.approve_change(it, seen=it.version, by=By(by, NOW)),
        lambda it, by: settings.send_back_change(it, "不同意", seen=it.version, by=By(by, NOW)),
        in_force,
    )


def _prepared_confirm():
    return decisions.prepare("confirm", [cases.at_city()], by=By(cases.CITY, NOW))


MATTERS = {
    "decision": _decided(_prepared_confirm, Stage.CULTIVATED),
    "decision on an objection": _decided(_uphold, Stage.CULTIVATED),
    "paper": Matter(
        _paper,
        lambda it, by: signing.sign(it, by=By(by, NOW)),
        lambda it, by: signing.send_back(it, "不同意", by=By(by, NOW)),
        lambda it: Paper.objects.get(pk=it.pk).state == "signed",
    ),
    "wording": _wording_matter(
        _wording, lambda it: templates.wording_version_in_force("consultation") is not None
    ),
    "skeleton": _wording_matter(
        lambda: template_proposals.propose_skeleton(
            "letter", ("信函.docx", templates.skeleton_in_force("letter")), "换版", by=By(cases.CITY, NOW)
        ),
        lambda it: templates.wording_version_in_force("skeleton:letter") is not None,
    ),
    "indicators": Matter(
        _definition,
        lambda it, by: standards.advance_standard(it, "approve", by=By(by, NOW)),
        lambda it, by: standards.advance_standard(it, "send_back", reason="不同意", by=By(by, NOW)),
        lambda it: definitions.standard_in_force("factory", 2026) is not None,
    ),
    "discretionary value": _setting_matter(
        lambda: settings.propose_value("notice_days", 7, "延长", by=By(cases.CITY, NOW)),
        lambda it: rules.values()["notice_days"] == 7,
    ),
    "holidays": _setting_matter(
        lambda: settings.propose_holidays(
            {date(2026, 10, 1): False}, "国办发〔2025〕7号", "国庆", by=By(cases.CITY, NOW)
        ),
        lambda it: Holiday.objects.count() == 1,
    ),
}


@pytest.mark.parametrize("name", MATTERS)
def test_who_prepared_does_not_decide_and_another_lead_does(name):
    matter = MATTERS[name]
    it = matter.prepare()
    assert not matter.in_force(it)
    for by in (HIMSELF, *STRANGERS):
        for decide in (matter.approve, matter.send_back):
            with pytest.raises(NotAllowed):
                decide(it, by)
    assert not matter.in_force(it)
    matter.approve(it, cases.LEAD)
    assert matter.in_force(it)


@pytest.mark.parametrize("name", MATTERS)
def test_another_lead_sends_it_back_and_nothing_is_in_force(name):
    matter = MATTERS[name]
    it = matter.prepare()
    matter.send_back(it, cases.LEAD)
    assert not matter.in_force(it)


def test_who_touched_the_draft_counts_as_who_prepared_it():
    drafted = drafting.compose("consultation", inputs(), areas=[cases.AREA], by=By(cases.CITY, NOW))
    drafted = drafting.edit(
        drafted, inputs(asks="安全处罚"), version=drafted.version, by=By(cases.CITY2, NOW)
    )
    submitted = drafting.submit(drafted, version=drafted.version, by=By(cases.CITY, NOW))
    with pytest.raises(NotAllowed, match="拟稿人"):
        signing.sign(submitted, by=By(EDITOR, NOW))
    drawn = standards.create_standard("factory", 2026, "补充", by=By(cases.CITY, NOW))
    drawn = indicator_edits.move_indicator(
        drawn, drawn.indicators[0].key, 1, version=drawn.version, by=By(cases.CITY2, NOW)
    )
    sent = standards.advance_standard(drawn, "propose", by=By(cases.CITY, NOW))
    assert all(one.why for one in standards.standard_offers(sent, by=By(EDITOR, NOW)))
    with pytest.raises(NotAllowed, match="编制人"):
        standards.advance_standard(sent, "approve", by=By(EDITOR, NOW))


def test_the_offers_are_greyed_for_who_prepared_it():
    for made, offers in (
        (_wording(), template_proposals.wording_offers),
        (settings.propose_value("notice_days", 7, "延长", by=By(cases.CITY, NOW)), settings.change_offers),
        (_prepared_confirm(), lambda it, actor: decisions.offers(it, by=By(actor, NOW))),
    ):
        assert all(one.why for one in offers(made, actor=HIMSELF))
        assert not any(one.why for one in offers(made, actor=cases.LEAD))
