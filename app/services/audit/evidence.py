"""From an entry of the list back to its beginning: one zip with every document, figure and receipt, and their digests."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app import documents
from app.exchange import bundles
from app.policy import access
from app.policy.audit import Verb
from app.policy.filing import eligibility
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import Kind, Level, ObjectionState, Stage, Succession
from app.services.core import audit, files, records, rules, scope
from app.services.core.by import By
from models.audit import AuditEntry
from models.database import transact
from models.files import Attachment
from models.filing.applications import Application
from models.filing.county_lists import CountyList
from models.filing.evaluations import Evaluation
from models.lists import Listing, Objection, PublicNotice
from models.papers import Paper

RISKY = ("=", "+", "-", "@", "\t", "\r")
MANIFEST, CHECKER_NAME, README = "清单.json", "核对.py", "说明.txt"


@dataclass(frozen=True)
class Piece:
    """One file of the bundle: where it goes, its bytes, what it is, and the digest that the system recorded for it."""

    path: str
    content: bytes
    what: str
    recorded: str = ""


@dataclass(frozen=True)
class Gap:
    """Something that the chain should hold and does not, with why."""

    item: str
    why: str


def bundle(entry: Listing, *, by: By) -> bytes:
    """The zip of an entry; that it was made is audited with the digest of its manifest. Raises NotAllowed."""
    if not access.may(by.actor, "export", "listing") or scope.find(by, Listing, entry.pk) is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    found = list(_chain(entry))
    pieces = _named_apart(one for one in found if isinstance(one, Piece))
    gaps = [one for one in found if isinstance(one, Gap)]
    pieces.append(Piece(README, _readme(entry, gaps, by.now).encode(), "说明"))
    manifest = _manifest(entry, pieces, gaps, by.now)
    digest = hashlib.sha256(manifest).hexdigest()
    transact(
        lambda: audit.record(Verb.EVIDENCE_EXPORTED, by=by, subject=entry, reason=f"清单 SHA-256 {digest}")
    )
    entries = [(piece.path, piece.content) for piece in pieces]
    checker = (CHECKER_NAME, documents.EVIDENCE_CHECKER.read_bytes())
    return bundles.zipped([*entries, (MANIFEST, manifest), checker], created=by.now)


def _chain(entry: Listing) -> Iterator[Piece | Gap]:
    yield from _paper("1-公布", entry.paper_id, "公布名单的公文", entry.source_paper or "")
    application = Application.objects(pk=entry.application_id).first() if entry.application_id else None
    if application is None:
        why = (
            f"该条目为{Level(entry.level).label}名单，没有本系统的申报记录"
            if entry.level != Level.MUNICIPAL.value
            else "没有申报记录"
        )
        yield Gap("申报、评审和公示材料", why)
        return
    yield from _notice(application)
    yield from _scores(application)
    yield from _opinions(application)
    yield from _report(application)
    yield from _receipts(application)
    yield from _course(application)


def _paper(folder: str, key: Any, what: str, number: str = "") -> Iterator[Piece | Gap]:
    paper = Paper.objects(pk=key).first() if key else None
    if paper is None or paper.attachment_id is None:
        yield Gap(what, f"系统内没有存档，依据文号：{number}" if number else "系统内没有存档")
        return
    for one, which in [(paper, what), *_before_and_after(paper, what)]:
        name = f"{folder}/{_plain((one.number_text or '') + one.title)}.docx"
        yield from _stored(name, one.attachment_id, f"{which}，{one.get_state_display()}", one.sha256)


def _before_and_after(paper: Paper, what: str) -> Iterator[tuple[Paper, str]]:
    """What replaced or revoked a paper, and what it replaced itself: the chain hides neither."""
    if later := Paper.objects(pk=paper.replaced_by).first():
        yield later, f"{Succession(later.succession).label}{what}的公文"
    while paper.corrects_id and (earlier := Paper.objects(pk=paper.corrects_id).first()):
        yield earlier, f"{what}的原件"
        paper = earlier


def _stored(name: str, key: Any, what: str, recorded: str = "") -> Iterator[Piece | Gap]:
    attachment = Attachment.objects(pk=key).first()
    try:
        if attachment is None:
            raise NotAllowed("存档文件不存在")
        yield Piece(name, files.content(attachment), what, recorded or attachment.sha256)
    except PolicyError as refusal:
        yield Gap(what, str(refusal))


def _notice(application: Application) -> Iterator[Piece | Gap]:
    notice = PublicNotice.objects(pk=application.notice_id).first() if application.notice_id else None
    if notice is None:
        yield Gap("公示", "没有公示记录")
        return
    yield from _paper("2-公示", notice.paper_id, "公示")
    certificate = Paper.objects(
        kind="no_objection", inputs__first_day=notice.first_day.isoformat(), issued_at__ne=None
    )
    found = certificate.filter(unit_ids=application.unit_id).order_by("-issued_at").first()
    if found is not None:
        yield from _paper("2-公示", found.pk, "公示无异议证明")
    else:
        yield Gap("公示无异议证明", "没有印发记录")
    objections = Objection.objects(application_id=application.pk, notice_id=notice.pk)
    rows = [
        (one.received_on, one.matter, ObjectionState(one.state).label, one.answer or "") for one in objections
    ]
    yield _table("2-公示/异议记录.csv", ("收到日期", "事项", "结果", "结论和理由"), rows, "公示期间的异议")


def _scores(application: Application) -> Iterator[Piece | Gap]:
    rows = [(one.name, one.total, one.remark or "", one.at) for one in application.scores]
    if not rows:
        yield Gap("评审打分", "没有打分记录")
        return
    yield _table("3-评审/评审打分.csv", ("评审人", "总分", "意见", "时间"), rows, "评审打分（第十五条）")


def _opinions(application: Application) -> Iterator[Piece | Gap]:
    for path, label, text in (
        ("4-审核/县级综合评价意见.txt", "县级综合评价意见（第十三条）", application.county_opinion),
        ("4-审核/市级审核意见.txt", "市级审核意见（第十四条）", application.city_opinion),
    ):
        yield Piece(path, f"{text}\n".encode(), label) if text else Gap(label, "没有填写")
    labels = {row.code: row.label for row in eligibility.requirements(application.kind)}
    rows = [
        (
            labels.get(one.code, one.code),
            one.result,
            one.source or "",
            one.checked_on,
            one.by_name or "",
            one.confirmed_name or "",
        )
        for one in application.findings
    ]
    heads = ("项目", "结果", "来源", "核查日期", "核查人", "市局确认人")
    yield (
        _table("4-审核/资格核查.csv", heads, rows, "资格核查（第七至十条）")
        if rows
        else Gap("资格核查", "没有记录")
    )
    letters = CountyList.objects(application_ids=application.pk, settled_at__ne=None).scalar("paper_id")
    for letter in letters:
        yield from _paper("4-审核", letter, "县级推荐函")
    if not letters:
        yield Gap("县级推荐函", "没有印发记录")
    cultivation = (
        Paper.objects(kind="cultivation_list", unit_ids=application.unit_id, issued_at__ne=None)
        .order_by("-id")
        .first()
    )
    yield from _paper("4-审核", cultivation.pk if cultivation else None, "培育对象名单通知")


def _report(application: Application) -> Iterator[Piece | Gap]:
    report: Evaluation | None = application.report
    if report is None or not report.attachment_id:
        yield Gap("评价报告", "没有上传文件")
        return
    attachment = Attachment.objects(pk=report.attachment_id).first()
    name = _plain(attachment.filename) if attachment else "评价报告"
    yield from _stored(f"5-评价/{name}", report.attachment_id, "评价报告（第十二条）")
    facts = {
        "评价标准": report.standard,
        "得分": report.score,
        "评价方式": report.get_mode_display(),
        "第三方机构": report.evaluator_name or "",
        "提交时间": report.submitted_at,
    }
    yield _facts("5-评价/评价报告登记.json", facts, "评价报告登记")


def _receipts(application: Application) -> Iterator[Piece | Gap]:
    facts = {"管理平台受理号": application.platform_receipt, "管理平台提交日期": application.submitted_on}
    if all(facts.values()):
        yield _facts("6-受理/管理平台回执.json", facts, "管理平台回执（第六条、第十二条）")
    else:
        yield Gap("管理平台回执", "受理号或提交日期没有登记")
    for attachment in files.final_files(application):
        yield from _stored(f"6-受理/{_plain(attachment.filename)}", attachment.pk, "申报附件")


def _course(application: Application) -> Iterator[Piece | Gap]:
    rows = [
        (one.at, one.label, Stage(one.source).label, Stage(one.target).label, one.name, one.reason or "")
        for one in application.trail
    ]
    yield _table("7-过程/办理过程.csv", ("时间", "事项", "从", "到", "办理人", "理由"), rows, "办理过程")
    entries = AuditEntry.objects(subject_type="Application", subject_id=str(application.pk)).order_by(
        "at", "id"
    )
    logged = [
        (one.at, one.verb, one.name, one.role, "；".join(map(str, one.changes)), one.reason)
        for one in entries
    ]
    yield _table("7-过程/审计记录.csv", ("时间", "操作", "姓名", "角色", "变更", "事由"), logged, "审计记录")


# --- files ------------------------------------------------------------------------------------------


def _table(path: str, headings: Sequence[str], rows: Sequence[Sequence[Any]], what: str) -> Piece:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([headings, *([_cell(value) for value in row] for row in rows)])
    return Piece(path, ("\ufeff" + text.getvalue()).encode(), what)


def _cell(value: Any) -> str:
    """Nothing in a cell begins to calculate."""
    text = _said(value)
    return f"'{text}" if text.startswith(RISKY) else text


def _facts(path: str, facts: dict[str, Any], what: str) -> Piece:
    plain = {label: _said(value) for label, value in facts.items()}
    return Piece(path, json.dumps(plain, ensure_ascii=False, indent=2).encode(), what)


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _manifest(entry: Listing, pieces: Sequence[Piece], gaps: Sequence[Gap], now: datetime) -> bytes:
    listed = [
        {
            "path": one.path,
            "what": one.what,
            "size": len(one.content),
            "sha256": hashlib.sha256(one.content).hexdigest(),
        }
        | ({"recorded": one.recorded} if one.recorded else {})
        for one in pieces
    ]
    content = {
        "entry": {
            "unit": entry.unit_name,
            "kind": Kind(entry.kind).label,
            "level": Level(entry.level).label,
            "year": entry.year,
            "entered_on": entry.entered_on.isoformat(),
            "paper": entry.source_paper or "",
        },
        "made_at": now.isoformat(),
        "files": listed,
        "gaps": [vars(gap) for gap in gaps],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _readme(entry: Listing, gaps: Sequence[Gap], now: datetime) -> str:
    marked = "".join(f"  缺口：{gap.item}：{gap.why}\n" for gap in gaps) or "  没有缺口。\n"
    return (
        f"{entry.unit_name}列入{Level(entry.level).label}{Kind(entry.kind).label}名单的证据包\n"
        f"生成时间：{now:%Y-%m-%d %H:%M}　依据：{rules.pack().rules.citation}\n\n"
        f"{MANIFEST} 记载每个文件的 SHA-256；recorded 是系统存档时记下的值。\n"
        f"核对方法：解压后在本文件夹运行 python3 {CHECKER_NAME}，不需要联网。\n\n完整性：\n{marked}"
    )


def _named_apart(pieces: Iterable[Piece]) -> list[Piece]:
    """Two uploads may be called the same: both go in, the later one under a number."""
    taken: set[str] = set()
    found = []
    for piece in pieces:
        stem, dot, extension = piece.path.rpartition(".")
        path, number = piece.path, 1
        while path in taken:
            number += 1
            path = f"{stem}（{number}）{dot}{extension}"
        taken.add(path)
        found.append(replace(piece, path=path))
    return found


def _plain(name: str) -> str:
    """A name that every system can write, never a path; a long one keeps its extension."""
    plain = "".join("_" if one in '\\/:*?"<>|' or ord(one) < 32 else one for one in name)
    stem, dot, extension = plain.rpartition(".")
    return plain if len(plain) <= 80 else stem[: 79 - len(extension)] + dot + extension
