"""A paper that replaces or revokes an issued one: its limits, and its effect on the records behind that one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.policy import papers as catalogue
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.papers import REVOCATION
from app.policy.succession import DECIDED_INPUTS, Reversal
from app.policy.terms import ObjectionState, PaperState, Role, Succession, as_set
from app.services.core import records, workflow
from app.services.core.by import By
from app.services.core.process import Process, all_processes, reversal_of
from app.services.papers.values import from_plain, to_plain
from models.lists import Objection, PublicNotice
from models.papers import Paper
from models.registry.units import Unit

CERTIFICATE_KIND = "no_objection"


def revocation_obstacle(old: Paper) -> str:
    """Return the step to undo before this paper can be revoked; "" for none."""
    if old.kind == REVOCATION:
        return "撤销公告不能再撤销；需要恢复的事项请按原程序重新办理。"
    if (rule := reversal_of(old.kind)) is None:
        return ""
    process, reversal = rule
    cases, stages = _cases(old, process, reversal), process.table.stages
    if ahead := [case for case in cases if stages(case.stage) in reversal.blocking_stages]:
        present = "、".join(sorted({stages(case.stage).label for case in ahead}))
        return f"据此办理的 {len(ahead)} 家现为“{present}”，{reversal.remedy}，再撤销本公文。"
    if waiting := [case for case in _to_take_back(cases, process, reversal) if case.decision_id]:
        return f"{waiting[0]}已有待审签的审批单，请先退回审批单（第十五条）。"
    return _certificate_obstacle(old)


def revocation_consequence(old: Paper) -> str:
    """Return the effects of a revocation beside the announcement, in words for its drafter."""
    rule = reversal_of(old.kind)
    if rule is None or not rule[1].reverse_step:
        return ""
    process, reversal = rule
    return (
        f"据此办理的各案退回“{process.table.step(reversal.reverse_step).target.label}”，名单和公示随之变动；"
    )


def _certificate_obstacle(old: Paper) -> str:
    """Return which certificate must go first: it says that the notice of this paper has run."""
    for notice in PublicNotice.objects(paper_id=old.pk):
        if certificate := certificate_of(notice):
            return (
                f"据此出具的公示结果说明{certificate.get_state_display()}，须先撤稿或撤销该说明（第十五条）。"
            )
    return ""


def certificate_of(notice: PublicNotice) -> Paper | None:
    """Return the certificate of a notice, drafted or in force."""
    own = {"inputs__first_day": notice.first_day.isoformat(), "inputs__last_day": notice.last_day.isoformat()}
    gone = (PaperState.DROPPED.value, PaperState.REPLACED.value, PaperState.REVOKED.value)
    return Paper.objects(kind=CERTIFICATE_KIND, unit_ids=notice.unit_ids, state__nin=gone, **own).first()


def demand_true(paper: Paper, inputs: Any) -> None:
    """Raise NotAllowed when a paper misstates the one that it replaces or revokes."""
    old = Paper.objects.get(pk=paper.corrects_id) if paper.corrects_id else None
    if old is not None and paper.succession == Succession.REPLACES.value:
        _demand_unchanged(old, inputs)
    elif paper.kind == REVOCATION:
        _demand_named(old, inputs)
    if paper.kind == CERTIFICATE_KIND:
        _demand_counted(paper, inputs)


def _demand_counted(paper: Paper, inputs: Any) -> None:
    """Raise NotAllowed for a statement of a notice whose objections are by now other ones."""
    period = {"first_day": inputs.first_day, "last_day": inputs.last_day, "revoked_on": None}
    for notice in PublicNotice.objects(unit_ids=paper.unit_ids, **period):
        states = list(Objection.objects(notice_id=notice.pk).scalar("state"))
        counted = (len(states), states.count(ObjectionState.UPHELD.value))
        if counted != (inputs.received, inputs.upheld) or ObjectionState.OPEN.value in states:
            raise NotAllowed(
                f"公示现已收到异议 {counted[0]} 件、成立 {counted[1]} 件，与说明所写的 {inputs.received} 件、"
                f"{inputs.upheld} 件不一致或尚未办结，请撤稿，待异议办结后重新拟制（第十五条）。"
            )


def _demand_named(old: Paper | None, inputs: Any) -> None:
    """Raise NotAllowed for a revocation that names another paper, or one that is revoked on its own page."""
    if old is not None and (inputs.revoked_title, inputs.revoked_number) != (
        old.title,
        old.number_text or "",
    ):
        raise NotAllowed(f"撤销公告所写的标题、文号须与被撤销的公文一致：{old}。")
    same = Paper.objects(number_text=inputs.revoked_number or None, state=PaperState.ISSUED.value)
    if old is None and inputs.revoked_number and (own := same.first()):
        raise NotAllowed(f"{own}是本系统印发的，请在该公文的页面办理“撤销”，名单、公示和各案才会随之处理。")


def _demand_unchanged(old: Paper, inputs: Any) -> None:
    """Raise NotAllowed when a correction would change the decision behind the old paper."""
    before, after = to_plain(from_plain(old.kind, old.inputs)), to_plain(inputs)
    names = _owners(old)
    wrong = [
        label
        for field, label in DECIDED_INPUTS.get(old.kind, {}).items()
        if _comparable(before.get(field), names) != _comparable(after.get(field), names)
    ]
    if wrong:
        raise NotAllowed(
            f"更正稿只能改正文字，不能改变{'、'.join(wrong)}：增加单位须经评审、公示后另行公布（第十五条），"
            "移出单位按第二十一条办理；内容确须改变的，先撤销原公文，再重新办理。"
        )


def _owners(old: Paper) -> dict[str, Any]:
    """Return present and former names of the paper's units with their keys: a correction may write either."""
    known: dict[str, Any] = {}
    for unit in Unit.objects(pk__in=old.unit_ids).only("name", "former_names"):
        known |= dict.fromkeys([unit.name, *(former.name for former in unit.former_names)], unit.pk)
    return known


def _comparable(value: Any, names: dict[str, Any]) -> Any:
    """Return rows as a count of unit, kind and ground, whatever their order; everything else as it is."""
    if not isinstance(value, (list, tuple)):
        return value
    return Counter(
        (names.get(row["name"], row["name"]), row["kind_label"], row.get("ground")) for row in value
    )


def take_effect(old: Paper, later: Paper, *, by: By) -> None:
    """Apply a later paper to the records behind the old one, in its issuing transaction. Raises NotAllowed.

    Two people stand behind the later paper, so its effect needs no decision of its own.
    """
    if later.succession == Succession.REPLACES.value:
        _replace(old, later, by=by)
    else:
        _revoke(old, later, by=by)


def _replace(old: Paper, later: Paper, *, by: By) -> None:
    """Make every record that names the old paper name the later one."""
    for process in all_processes():
        if process.replaced:
            process.replaced(old, later, by)
    if old.kind != REVOCATION:
        return
    values = {"replaced_by": later.pk, "replaced_number": later.number_text or later.title}
    for paper in Paper.objects(replaced_by=old.pk):
        records.write(
            paper, values, version=paper.version, by=by, verb=Verb.PAPER_CORRECTED, reason=str(later)
        )


def _revoke(old: Paper, later: Paper, *, by: By) -> None:
    if why := revocation_obstacle(old):
        raise NotAllowed(why)
    for process in all_processes():
        if process.revoked:
            process.revoked(old, later, by)
    if rule := reversal_of(old.kind):
        process, reversal = rule
        reason = f"{old}已由{later}撤销"
        for case in _to_take_back(_cases(old, process, reversal), process, reversal):
            workflow.take_back(case, reversal.reverse_step, reason=reason, paper_id=later.pk, by=by)


def _cases(old: Paper, process: Process, reversal: Reversal) -> list[Any]:
    """Return the cases that this paper, or one that it replaced, brought where they are by its step."""
    step, keys = reversal.issuing_step, lineage(old)
    rows = process.model.objects(trail__match={"action": step, "paper_id__in": keys})
    return [
        row for row in rows if [entry.paper_id for entry in row.trail if entry.action == step][-1] in keys
    ]


def _to_take_back(cases: list[Any], process: Process, reversal: Reversal) -> list[Any]:
    if not reversal.reverse_step:
        return []
    sources = as_set(process.table.step(reversal.reverse_step).source)
    return [case for case in cases if process.table.stages(case.stage) in sources]


def lineage(paper: Paper) -> list[Any]:
    """Return the keys of the paper and of those that it replaced, one after the other."""
    keys = [paper.pk]
    while paper.corrects_id and paper.succession == Succession.REPLACES.value:
        paper = Paper.objects.get(pk=paper.corrects_id)
        keys.append(paper.pk)
    return keys


def standing_paper(key: Any) -> Paper | None:
    """Return the paper of this key, or the last one that replaced it."""
    while (paper := Paper.objects(pk=key).first()) is not None and paper.state == PaperState.REPLACED.value:
        key = paper.replaced_by
    return paper


def redraft_obstacle(row: catalogue.PaperKind) -> str:
    """Return why the city cannot draft this kind again, or "": nobody of the bureau could sign it."""
    if row.signed_by is Role.CITY_LEAD:
        return ""
    return f"{row.label}由{row.signed_by.label}签发，市局不能代为更正；可以撤销。"


def succession_obstacle(old: Paper, way: Succession | None) -> str:
    """Return why no paper can replace or revoke this one now, or ""."""
    if not old.valid:
        return "只有现行有效的公文可以更正或撤销。"
    waiting = Paper.objects(corrects_id=old.pk, state__ne=PaperState.DROPPED.value).first()
    if waiting is not None:
        return f"已有更正或撤销它的公文：{waiting}（{waiting.get_state_display()}）。"
    return revocation_obstacle(old) if way is Succession.REVOKES else ""
