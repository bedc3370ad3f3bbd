"""Checks of the stored data against the promises of the system; they name problems and change nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.policy.terms import DecisionState, FileState, NumberState, PaperState
from app.services.core import files, scope
from models.audit import AuditEntry
from models.database import documents
from models.decisions import Decision
from models.files import Attachment
from models.filing.applications import Application
from models.lists import Listing, PublicNotice
from models.papers import Number, Paper

LIVE = (DecisionState.PREPARED.value, DecisionState.APPROVED.value)


@dataclass(frozen=True)
class Check:
    """One promise: its wording, the number of records examined, the problems found."""

    label: str
    looked_at: int
    problems: tuple[str, ...]


Finding = Iterator[str | None]  # one for each record: None where it is in order


def run_checks() -> list[Check]:
    """Check every promise and return the results."""
    checks = []
    for label, examine in CHECKS:
        results = list(examine())
        checks.append(Check(label, len(results), tuple(problem for problem in results if problem)))
    return checks


def _stages() -> Finding:
    for model in _moving():
        start = model._fields["stage"].default
        for record in model.objects.only("stage", "trail", *_shown(model)):
            yield _stage_problem(record, start)


def _stage_problem(record: Any, start: str) -> str | None:
    path = [(entry.source, entry.target) for entry in record.trail]
    if (path[-1][1] if path else start) != record.stage:
        return f"{record}：环节为“{record.stage}”，最后一条办理记录到“{path[-1][1] if path else start}”。"
    if any(before[1] != after[0] for before, after in pairwise(path)):
        return f"{record}：办理记录前后不衔接。"
    return None


def _trails_in_log() -> Finding:
    """Check that each step taken has its row in the audit log."""
    for model in _moving():
        for record in model.objects(trail__0__exists=True).only("trail", *_shown(model)):
            taken = Counter((entry.label, entry.username, entry.at) for entry in record.trail)
            rows = AuditEntry.objects(subject_type=model.__name__, subject_id=str(record.pk))
            logged = Counter(rows.scalar("verb", "who", "at"))
            missing = taken - logged
            yield f"{record}：{'、'.join(label for label, *_ in missing)}没有审计记录。" if missing else None


def _moving() -> list[Any]:
    """Return the documents that go through steps."""
    return [model for model in documents() if {"stage", "trail"} <= set(model._fields)]


def _shown(model: Any) -> list[str]:
    return [name for name in ("unit_name", "year", "kind", "number", "title") if name in model._fields]


def _numbers_and_papers() -> Finding:
    """Check that used numbers and issued papers belong together one to one; numbers given on paper have none."""
    papers = {paper.pk: paper for paper in Paper.objects.exclude("inputs", "wording", "terms")}
    used = Number.objects(state=NumberState.USED.value, on_paper__ne=True)
    owners: Counter[Any] = Counter(number.paper_id for number in used)
    for number in Number.objects:
        yield _number_problem(number, papers.get(number.paper_id), owners)
    for paper in papers.values():
        if paper.issued_at and paper.series:
            count = owners[paper.pk]
            yield None if count == 1 else f"{paper}：已印发，文号登记中有 {count} 个已使用的号。"


def _number_problem(number: Number, paper: Paper | None, owners: Counter[Any]) -> str | None:
    if number.state == NumberState.VOID:
        return None if number.reason else f"{number}：已作废，没有写明理由。"
    if paper is None:
        explained = number.on_paper or (number.state == NumberState.RESERVED and number.purpose)
        return None if explained else f"{number}：没有对应的公文。"
    if number.state == NumberState.RESERVED:
        return f"{number}：对应的公文已印发，文号仍为预留。" if paper.issued_at else None
    return _used_number_problem(number, paper, owners)


def _used_number_problem(number: Number, paper: Paper, owners: Counter[Any]) -> str | None:
    if not paper.issued_at or owners[paper.pk] != 1:
        return f"{number}：登记为已使用，对应的公文未印发或另有文号。"
    on_paper = (paper.series, paper.year, paper.number, paper.number_text)
    if on_paper != (number.series, number.year, number.number, number.text):
        return f"{number}：与公文上的文号“{paper.number_text}”不一致。"
    return None


def _series() -> Finding:
    """Check that the numbers of a series and year run from 1 without gaps or repetitions, void ones included."""
    lines: dict[tuple[str, int], list[int]] = {}
    for series, year, number in Number.objects.scalar("series", "year", "number"):
        lines.setdefault((series, year), []).append(number)
    for (series, year), numbers in lines.items():
        missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
        twice = sorted(number for number, count in Counter(numbers).items() if count > 1)
        if missing or twice:
            yield f"文号系列 {series} {year} 年：缺号 {missing or '无'}，重号 {twice or '无'}。"
        else:
            yield None


def _papers_as_issued() -> Finding:
    """Check that the bytes of each issued paper have the registered digest."""
    for paper in Paper.objects(issued_at__ne=None).exclude("inputs", "wording", "terms"):
        attachment = Attachment.objects(pk=paper.attachment_id).first()
        if attachment is None or attachment.sha256 != paper.sha256:
            yield f"{paper}：没有与登记的校验值相符的文件。"
        else:
            yield None if files.verify(attachment) else f"{paper}：文件内容与校验值不符。"


def _files() -> Finding:
    """Check that each final file has an existing owner and the uploaded bytes."""
    owners = {scope.resource_of(model): model for model in documents()}
    for attachment in Attachment.objects(state=FileState.FINAL.value):
        owner = owners.get(attachment.resource)
        if owner is None or owner.objects(pk=attachment.owner_id).only("pk").first() is None:
            yield f"文件“{attachment}”（{attachment.pk}）没有所属记录。"
        else:
            yield (
                None
                if files.verify(attachment)
                else f"文件“{attachment}”（{attachment.pk}）内容缺失或与校验值不符。"
            )


def _listings() -> Finding:
    """Check that a unit has at most one entry in force of a kind and level."""
    entries = Counter(Listing.objects(in_force=True).scalar("unit_id", "kind", "level"))
    names = dict(Listing.objects(in_force=True).scalar("unit_id", "unit_name"))
    for (unit_id, kind, level), count in entries.items():
        yield None if count == 1 else f"{names[unit_id]}：{level}/{kind} 有 {count} 条在册名单。"


def _grounds() -> Finding:
    """Check that entries and notices in force rest on papers in force."""
    valid = set(Paper.objects(state=PaperState.ISSUED.value).scalar("pk"))
    for entry in Listing.objects(in_force=True, paper_id__ne=None):
        yield None if entry.paper_id in valid else f"{entry}：在册，依据的公文已不是现行有效。"
    for notice in PublicNotice.objects(revoked_on=None):
        yield None if notice.paper_id in valid else f"{notice}：公示未撤销，其公文已不是现行有效。"
    gone = set(PublicNotice.objects(revoked_on__ne=None).scalar("pk"))
    for case in Application.objects(notice_id__ne=None).only("notice_id", *_shown(Application)):
        yield f"{case}：所依据的公示已撤销。" if case.notice_id in gone else None


def _decisions() -> Finding:
    """Check that finished decisions have settled every line, and cases wait for running decisions only."""
    for decision in Decision.objects(state=DecisionState.DONE.value).only("number", "label", "lines"):
        open_lines = [line.label for line in decision.lines if not line.result]
        yield f"{decision}：已办结，仍有未办对象：{'、'.join(open_lines)}。" if open_lines else None
    running = {decision.pk for decision in Decision.objects(state__in=LIVE).only("pk")}
    for waiting in Application.objects(decision_id__ne=None).only("decision_id", *_shown(Application)):
        yield None if waiting.decision_id in running else f"{waiting}：等待的审批单不存在或已办结。"


CHECKS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    ("环节与办理记录一致", _stages),
    ("每次办理都有审计记录", _trails_in_log),
    ("文号与公文一一对应", _numbers_and_papers),
    ("文号连续、不重", _series),
    ("已印发公文与校验值一致", _papers_as_issued),
    ("存档文件有所属记录且内容完整", _files),
    ("在册名单不重复", _listings),
    ("在册和公示所依据的公文有效", _grounds),
    ("审批单办结完整", _decisions),
)
