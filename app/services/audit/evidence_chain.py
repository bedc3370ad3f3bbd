"""The chain behind an entry of the list: announcement, notice, scores, opinions, report, receipts, history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.policy.audit import LABELS
from app.policy.filing import eligibility
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import Level, ObjectionState, Role, Stage, Succession
from app.services.audit.evidence_files import Gap, Piece, facts, plain_name, table
from app.services.core import files
from models.audit import AuditEntry
from models.files import Attachment
from models.filing.applications import Application
from models.filing.county_lists import CountyList
from models.filing.evaluations import Evaluation
from models.lists import Listing, Objection, PublicNotice
from models.papers import Paper

Part = Iterator[Piece | Gap]


def chain_of(entry: Listing) -> Part:
    """Yield everything that an entry rests on, and the gaps where something is missing."""
    yield from _paper("1-公布", entry.paper_id, "公布名单的公文", entry.source_paper or "")
    application = Application.objects(pk=entry.application_id).first() if entry.application_id else None
    if application is None:
        yield Gap("申报、评审和公示材料", _why_no_application(entry))
        return
    for part in (_notice, _scores, _opinions, _findings, _letters, _report, _receipts, _history):
        yield from part(application)


def _why_no_application(entry: Listing) -> str:
    if entry.level == Level.MUNICIPAL.value:
        return "没有申报记录"
    return f"该条目为{Level(entry.level).label}名单，没有本系统的申报记录"


def _paper(folder: str, key: Any, what: str, number: str = "") -> Part:
    paper = Paper.objects(pk=key).first() if key else None
    if paper is None or paper.attachment_id is None:
        yield Gap(what, f"系统内没有存档，依据文号：{number}" if number else "系统内没有存档")
        return
    for each, description in [(paper, what), *_corrections(paper, what)]:
        name = f"{folder}/{plain_name((each.number_text or '') + each.title)}.docx"
        described = f"{description}，{each.get_state_display()}"
        yield from _stored(name, each.attachment_id, described, each.sha256)


def _corrections(paper: Paper, what: str) -> Iterator[tuple[Paper, str]]:
    """Yield the papers that replaced or revoked this one and those it replaced: the chain hides neither."""
    if later := Paper.objects(pk=paper.replaced_by).first():
        yield later, f"{Succession(later.succession).label}{what}的公文"
    while paper.corrects_id and (earlier := Paper.objects(pk=paper.corrects_id).first()):
        yield earlier, f"{what}的原件"
        paper = earlier


def _stored(name: str, key: Any, what: str, recorded: str = "") -> Part:
    attachment = Attachment.objects(pk=key).first()
    try:
        if attachment is None:
            raise NotAllowed("存档文件不存在")
        yield Piece(name, files.content(attachment), what, recorded or attachment.sha256)
    except PolicyError as refusal:
        yield Gap(what, str(refusal))


def _notice(application: Application) -> Part:
    notice = PublicNotice.objects(pk=application.notice_id).first() if application.notice_id else None
    if notice is None:
        yield Gap("公示", "没有公示记录")
        return
    yield from _paper("2-公示", notice.paper_id, "公示")
    certificates = Paper.objects(
        kind="no_objection",
        inputs__first_day=notice.first_day.isoformat(),
        issued_at__ne=None,
        unit_ids=application.unit_id,
    )
    certificate = certificates.order_by("-issued_at").first()
    if certificate is None:
        yield Gap("公示结果说明", "没有印发记录")
    else:
        yield from _paper("2-公示", certificate.pk, "公示结果说明")
    rows = [
        (each.received_on, each.matter, ObjectionState(each.state).label, each.answer or "")
        for each in Objection.objects(application_id=application.pk, notice_id=notice.pk)
    ]
    yield table("2-公示/异议记录.csv", ("收到日期", "事项", "结果", "结论和理由"), rows, "公示期间的异议")


def _scores(application: Application) -> Part:
    rows = [(each.name, each.total, each.remark or "", each.at) for each in application.scores]
    if rows:
        yield table("3-评审/评审打分.csv", ("评审人", "总分", "意见", "时间"), rows, "评审打分（第十五条）")
    else:
        yield Gap("评审打分", "没有打分记录")


def _opinions(application: Application) -> Part:
    for path, label, text in (
        ("4-审核/县级综合评价意见.txt", "县级综合评价意见（第十三条）", application.county_opinion),
        ("4-审核/市级审核意见.txt", "市级审核意见（第十四条）", application.city_opinion),
    ):
        yield Piece(path, f"{text}\n".encode(), label) if text else Gap(label, "没有填写")


def _findings(application: Application) -> Part:
    labels = {row.code: row.label for row in eligibility.requirements(application.kind)}
    rows = [
        (
            labels.get(each.code, each.code),
            each.result,
            each.source or "",
            each.checked_on,
            each.by_name or "",
            each.confirmed_name or "",
        )
        for each in application.findings
    ]
    if not rows:
        yield Gap("资格核查", "没有记录")
        return
    headings = ("项目", "结果", "来源", "核查日期", "核查人", "市局确认人")
    yield table("4-审核/资格核查.csv", headings, rows, "资格核查（第七至十条）")


def _letters(application: Application) -> Part:
    letters = CountyList.objects(application_ids=application.pk, settled_at__ne=None).scalar("paper_id")
    for letter in letters:
        yield from _paper("4-审核", letter, "县级推荐函")
    if not letters:
        yield Gap("县级推荐函", "没有印发记录")
    notices = Paper.objects(kind="cultivation_list", unit_ids=application.unit_id, issued_at__ne=None)
    latest = notices.order_by("-id").first()
    yield from _paper("4-审核", latest.pk if latest else None, "培育对象名单通知")


def _report(application: Application) -> Part:
    report: Evaluation | None = Evaluation.objects.for_application(application).first()
    if report is None or not report.attachment_id:
        yield Gap("评价报告", "没有上传文件")
        return
    attachment = Attachment.objects(pk=report.attachment_id).first()
    name = plain_name(attachment.filename) if attachment else "评价报告"
    yield from _stored(f"5-评价/{name}", report.attachment_id, "评价报告（第十二条）")
    values = {
        "评价标准": report.standard,
        "得分": report.score,
        "评价方式": report.get_mode_display(),
        "第三方机构": report.evaluator_name or "",
        "提交时间": report.submitted_at,
    }
    yield facts("5-评价/评价报告登记.json", values, "评价报告登记")


def _receipts(application: Application) -> Part:
    values = {"管理平台受理号": application.platform_receipt, "管理平台提交日期": application.submitted_on}
    if all(values.values()):
        yield facts("6-受理/管理平台回执.json", values, "管理平台回执（第六条、第十二条）")
    else:
        yield Gap("管理平台回执", "受理号或提交日期没有登记")
    for attachment in files.final_files(application):
        yield from _stored(f"6-受理/{plain_name(attachment.filename)}", attachment.pk, "申报附件")


def _history(application: Application) -> Part:
    steps = [
        (
            each.at,
            each.label,
            Stage(each.source).label,
            Stage(each.target).label,
            each.name,
            each.reason or "",
        )
        for each in application.trail
    ]
    yield table("7-过程/办理过程.csv", ("时间", "事项", "从", "到", "办理人", "理由"), steps, "办理过程")
    entries = AuditEntry.objects(subject_type="Application", subject_id=str(application.pk))
    roles = dict(Role.choices())
    logged = [
        (
            each.at,
            LABELS.get(each.verb, each.verb),
            each.name,
            roles.get(each.role, each.role),
            "；".join(map(str, each.changes)),
            each.reason,
        )
        for each in entries.order_by("at", "id")
    ]
    yield table("7-过程/审计记录.csv", ("时间", "操作", "姓名", "角色", "变更", "事由"), logged, "审计记录")
