"""What a paper that replaces or revokes an issued one does to cases, notices and the list behind that one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.policy.audit import Verb
from app.policy.filing import cultivation
from app.policy.flow import NotAllowed
from app.policy.papers import REVOCATION
from app.policy.succession import DECIDED, UNDOING
from app.policy.terms import PaperState, Stage, Succession, as_set
from app.services import lists
from app.services.core import records, workflow
from app.services.core.by import By
from app.services.papers.values import to_plain
from models.filing.applications import Application
from models.lists import Listing, PublicNotice
from models.papers import Paper
from models.registry.units import Unit

CERTIFICATE = "no_objection"


def revocation_obstacle(old: Paper) -> str:
    """ "" or what must be undone before this paper can be revoked, and by which step."""
    if old.kind == REVOCATION:
        return "撤销公告不能再撤销；需要恢复的事项请按原程序重新办理。"
    undoing = UNDOING.get(old.kind)
    if undoing is None:
        return ""
    cases = _cases(old)
    if ahead := [case for case in cases if Stage(case.stage) in undoing.ahead]:
        stages = "、".join(sorted({Stage(case.stage).label for case in ahead}))
        return f"据此办理的 {len(ahead)} 家现为“{stages}”，{undoing.first}，再撤销本公文。"
    if waiting := [case for case in _to_undo(old, cases) if case.decision_id]:
        return f"{waiting[0]}已有待审签的审批单，请先退回审批单（第十五条）。"
    return _certified(old)


def revocation_consequence(old: Paper) -> str:
    """What a revocation brings beside the announcement, for the one who is about to draft it."""
    undoing = UNDOING.get(old.kind)
    if undoing is None or not undoing.back:
        return ""
    return f"据此办理的各案退回“{cultivation.TABLE.step(undoing.back).target.label}”，名单和公示随之变动；"


def _certified(old: Paper) -> str:
    """A certificate says that a notice has run: it goes first."""
    for notice in PublicNotice.objects(paper_id=old.pk):
        if made := certificate(notice):
            return f"据此出具的公示无异议证明{made.get_state_display()}，须先撤稿或撤销该证明（第十五条）。"
    return ""


def certificate(notice: PublicNotice) -> Paper | None:
    """The certificate of a notice, drafted or in force."""
    own = {"inputs__first_day": notice.first_day.isoformat(), "inputs__last_day": notice.last_day.isoformat()}
    gone = (PaperState.DROPPED.value, PaperState.REPLACED.value, PaperState.REVOKED.value)
    return Paper.objects(kind=CERTIFICATE, unit_ids=notice.unit_ids, state__nin=gone, **own).first()


def demand_true(paper: Paper, inputs: Any) -> None:
    """Raise NotAllowed when a paper would say of the one that it replaces or revokes what is not so."""
    old = Paper.objects.get(pk=paper.corrects_id) if paper.corrects_id else None
    if old is not None and paper.succession == Succession.REPLACES.value:
        _demand_unchanged(old, inputs)
    elif paper.kind == REVOCATION:
        _demand_named(old, inputs)


def _demand_named(old: Paper | None, inputs: Any) -> None:
    """A revocation names the very paper that it ends; one of ours is revoked on its own page, with all that rests on it."""
    if old is not None and (inputs.revoked_title, inputs.revoked_number) != (
        old.title,
        old.number_text or "",
    ):
        raise NotAllowed(f"撤销公告所写的标题、文号须与被撤销的公文一致：{old}。")
    same = Paper.objects(number_text=inputs.revoked_number or None, state=PaperState.ISSUED.value)
    if old is None and inputs.revoked_number and (own := same.first()):
        raise NotAllowed(f"{own}是本系统印发的，请在该公文的页面办理“撤销”，名单、公示和各案才会随之处理。")


def _demand_unchanged(old: Paper, inputs: Any) -> None:
    """Raise NotAllowed when a correction would change what the step behind the old paper has decided."""
    before, after = dict(old.inputs), to_plain(inputs)
    names = _owners(old)
    wrong = [
        label
        for field, label in DECIDED.get(old.kind, {}).items()
        if _comparable(before.get(field), names) != _comparable(after.get(field), names)
    ]
    if wrong:
        raise NotAllowed(
            f"更正稿只能改正文字，不能改变{'、'.join(wrong)}：增加单位须经评审、公示后另行公布（第十五条），"
            "移出单位按第二十一条办理；内容确须改变的，先撤销原公文，再重新办理。"
        )


def _owners(old: Paper) -> dict[str, Any]:
    """Present and former names of the units that the paper is about: a correction may write either."""
    known: dict[str, Any] = {}
    for unit in Unit.objects(pk__in=old.unit_ids).only("name", "former_names"):
        known |= dict.fromkeys([unit.name, *(one.name for one in unit.former_names)], unit.pk)
    return known


def _comparable(value: Any, names: dict[str, Any]) -> Any:
    """Rows as who they are about and as what, in any order; everything else as it is."""
    if not isinstance(value, (list, tuple)):
        return value
    return Counter(
        (names.get(row["name"], row["name"]), row["kind_label"], row.get("ground")) for row in value
    )


# --- when the later paper is issued -------------------------------------------------------------------


def take_effect(old: Paper, later: Paper, *, by: By) -> None:
    """Inside the transaction that issues the later paper: two people stand behind it. Raises NotAllowed."""
    if later.succession == Succession.REPLACES.value:
        _rename(old, later, by=by)
    else:
        _undo(old, later, by=by)


def _rename(old: Paper, later: Paper, *, by: By) -> None:
    """From now on the list, the notice and what was revoked by the old paper name the new one."""
    number = later.number_text or later.title
    named: list[tuple[Any, dict[str, Any]]] = [
        (Listing.objects(paper_id=old.pk), {"paper_id": later.pk, "source_paper": number}),
        (PublicNotice.objects(paper_id=old.pk), {"paper_id": later.pk, "title": later.title} | _lines(later)),
    ]
    if old.kind == REVOCATION:
        for model in (Listing, PublicNotice):
            named.append((model.objects(revoked_by=old.number_text), {"revoked_by": number}))
        named.append(
            (Paper.objects(replaced_by=old.pk), {"replaced_by": later.pk, "replaced_number": number})
        )
    for rows, values in named:
        for row in rows:
            records.write(
                row, values, version=row.version, by=by, verb=Verb.PAPER_CORRECTED, reason=str(later)
            )


def _lines(later: Paper) -> dict[str, Any]:
    units = later.inputs.get("units", [])
    return {"lines": [PublicNotice.line(one) for one in units]}


def _undo(old: Paper, later: Paper, *, by: By) -> None:
    if why := revocation_obstacle(old):
        raise NotAllowed(why)
    reason = f"{old}已由{later}撤销"
    values = {"revoked_on": by.today, "revoked_by": later.number_text or later.title}
    for entry in Listing.objects(paper_id=old.pk, in_force=True):
        records.write(
            entry,
            values | {"in_force": False},
            version=entry.version,
            by=by,
            verb=Verb.LISTING_REVOKED,
            reason=reason,
        )
        _list_by_another(entry, old, by=by)
    for notice in PublicNotice.objects(paper_id=old.pk):
        records.write(notice, values, version=notice.version, by=by, verb=Verb.NOTICE_REVOKED, reason=reason)
    if old.kind in UNDOING:
        for case in _to_undo(old, _cases(old)):
            workflow.take_back(case, UNDOING[old.kind].back, reason=reason, paper_id=later.pk, by=by)


def _list_by_another(entry: Listing, old: Paper, *, by: By) -> None:
    """A unit that another paper lists too, by a later application, stays on the list: by that one."""
    same = {"unit_id": entry.unit_id, "kind": entry.kind, "stage": Stage.LISTED.value}
    for case in Application.objects(**same).order_by("-id"):
        paper = _carrier(case, "list")
        if paper is not None and paper.valid and paper.pk not in _replaced_by_it(old):
            lists.enter_in_list(case, paper, case.listed_on, by=by)


def _carrier(case: Application, step: str) -> Paper | None:
    """The paper that stands now for the last time that a case took this step."""
    key = next((one.paper_id for one in reversed(case.trail) if one.action == step), None)
    while (paper := Paper.objects(pk=key).first()) is not None and paper.state == PaperState.REPLACED.value:
        key = paper.replaced_by
    return paper


def _cases(old: Paper) -> list[Application]:
    """The cases that this paper, or one that it replaced, brought where they are by its step."""
    step, keys = UNDOING[old.kind].step, _replaced_by_it(old)
    rows = Application.objects(trail__match={"action": step, "paper_id__in": keys})
    return [row for row in rows if [one.paper_id for one in row.trail if one.action == step][-1] in keys]


def _to_undo(old: Paper, cases: list[Application]) -> list[Application]:
    back = UNDOING[old.kind].back
    if not back:
        return []
    sources = as_set(cultivation.TABLE.step(back).source)
    return [case for case in cases if Stage(case.stage) in sources]


def _replaced_by_it(paper: Paper) -> list[Any]:
    """The paper and those that it replaced, one after the other."""
    keys = [paper.pk]
    while paper.corrects_id and paper.succession == Succession.REPLACES.value:
        paper = Paper.objects.get(pk=paper.corrects_id)
        keys.append(paper.pk)
    return keys
