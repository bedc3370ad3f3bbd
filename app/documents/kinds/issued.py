"""Rules put into force and issued papers revoked (第五条)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app.documents.kinds.city import AREAS, letterhead
from app.documents.kinds.inputs import Letterhead, Paragraphs, named
from app.documents.kinds.kind import Filling, Kind

TEXT = (
    "第一章 总则",
    "第一条 为规范绿色制造名单单位现场抽查复核工作，根据《云浮市绿色工厂梯度培育管理实施细则》（云工信〔2025〕"
    "14号，以下简称《实施细则》）第十九条规定，制定本规程。",
    "第二条 本规程适用于市工业和信息化局、各县（市、区）工业和信息化主管部门对国家、省和市级绿色制造名单单位开展的"
    "现场抽查复核。",
    "第三条 现场抽查复核应当坚持依法依规、客观公正、减轻负担的原则，不得干扰单位正常的生产经营活动，不得收取任何费"
    "用。",
    "第二章 组织实施",
    "第四条 市工业和信息化局根据年度动态管理表的审核情况，结合下列情形确定抽查对象：",
    "（一）填报数据与上一年度相比变化较大，或者与其他来源的数据不一致的；",
    "（二）名称、生产经营范围、生产地址或者组织边界发生重大变更的；",
    "（三）被举报存在信息不真实、不准确情形的；",
    "（四）其他需要现场核实的。",
    "第五条 现场抽查复核由两名以上工作人员进行。与被抽查单位有利害关系的，应当回避。",
    "第六条 工作人员应当如实填写现场抽查复核记录，由双方签字确认。被抽查单位拒绝签字的，应当注明情况。",
    "第三章 结果处理",
    "第七条 发现问题的，市工业和信息化局应当书面提出整改要求，写明问题、依据和期限，期满后组织复查。",
    "第八条 发现《实施细则》第二十一条所列情形的，按照规定程序处理。",
    "第九条 现场抽查复核记录、整改通知和复查意见应当及时归档，保存期限不少于五年。",
    "第四章 附则",
    "第十条 本规程由市工业和信息化局负责解释。",
    "第十一条 本规程自印发之日起施行。",
)


@dataclass(frozen=True, kw_only=True)
class RulesIssueInputs(Letterhead):
    """印发规程的通知; `issued_text` is the whole text, chapters and articles a paragraph each."""

    addressees: str = field(metadata=named("主送机关"))
    issued_title: str = field(metadata=named("所印发文件的名称"))
    issued_text: Paragraphs = field(metadata=named("所印发文件的正文（多段）"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="主动公开", metadata=named("公开方式"))


def _rules_issue_specimen() -> RulesIssueInputs:
    return RulesIssueInputs(
        **letterhead(date(2027, 3, 1)),
        addressees=AREAS,
        issued_title="云浮市绿色制造名单单位现场抽查复核工作规程",
        issued_text=TEXT,
        cc=("广东省工业和信息化厅",),
    )


RULES_ISSUE = Kind("rules_issue", RulesIssueInputs, _rules_issue_specimen)


@dataclass(frozen=True, kw_only=True)
class RevocationInputs(Letterhead):
    """撤销公文的公告: names the issued paper that it ends, and why."""

    revoked_title: str = field(metadata=named("被撤销公文的标题"))
    revoked_number: str = field(metadata=named("被撤销公文的文号"))
    revoked_on: date = field(metadata=named("被撤销公文的印发日期"))
    reasons: Paragraphs = field(metadata=named("理由（多段）"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="主动公开", metadata=named("公开方式"))


def _revocation_filling(inputs: RevocationInputs) -> Filling:
    subject = f"{inputs.revoked_number}文件" if inputs.revoked_number else f"《{inputs.revoked_title}》"
    return Filling(
        {"revoked_subject": subject},
        {
            "有文号": bool(inputs.revoked_number),
            "无文号": not inputs.revoked_number,
        },
    )


def _revocation_specimen() -> RevocationInputs:
    return RevocationInputs(
        **letterhead(date(2027, 7, 2)),
        revoked_title="云浮市工业和信息化局关于公布2027年度市级绿色制造名单的通知",
        revoked_number="云工信〔2027〕21号",
        revoked_on=date(2027, 6, 18),
        reasons=("所附名单的公示期不符合规定。",),
    )


REVOCATION = Kind(
    "revocation",
    RevocationInputs,
    _revocation_specimen,
    _revocation_filling,
    {"revoked_subject": "被撤销公文概称"},
)


KINDS = (
    RULES_ISSUE,
    REVOCATION,
)
