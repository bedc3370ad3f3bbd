"""Vocabulary of the field: each code with its official wording and badge."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Term(str, Enum):
    """Code with official wording (`label`) and badge colour; `A | B` is the set of both."""

    label: str
    badge: str

    def __new__(cls, code: str, label: str = "", badge: str = "secondary") -> Term:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.badge = badge
        return member

    def __str__(self) -> str:
        return self.value

    def __or__(self, other: Term | Iterable[Term]) -> frozenset[Term]:
        return frozenset((self,)) | as_set(other)

    __ror__ = __or__

    @classmethod
    def choices(cls) -> tuple[tuple[str, str], ...]:
        """Return code and wording of every member, for forms and filters."""
        return tuple((member.value, member.label) for member in cls)


def as_set(terms: Term | Iterable[Term]) -> frozenset[Term]:
    """Return one term or several as a set: a table's cell may hold either."""
    return frozenset((terms,)) if isinstance(terms, Term) else frozenset(terms)


class Role(Term):
    """Role of an account; business, administration and audit never meet in one (管理与审计分离)."""

    COUNTY = "county", "县级经办"
    CITY = "city", "市局经办"
    CITY_LEAD = "city_lead", "市局审签"
    EVALUATOR = "evaluator", "第三方机构"
    UNIT = "unit", "申报单位"
    EXPERT = "expert", "评审专家"
    ADMIN = "admin", "系统管理员"
    AUDITOR = "auditor", "安全审计员"
    SYSTEM = "system", "系统任务"


class Kind(Term):
    """Kind of green manufacturing unit (第二条)."""

    FACTORY = "factory", "绿色工厂", "success"
    PARK = "park", "绿色工业园区", "info"
    SUPPLY_CHAIN = "supply_chain", "绿色供应链管理企业", "primary"


class Level(Term):
    """Level of a list; the levels stand beside each other, none replaces another."""

    NATIONAL = "national", "国家级", "danger"
    PROVINCIAL = "provincial", "省级", "warning"
    MUNICIPAL = "municipal", "市级", "success"


class Stage(Term):
    """Stage of an application (第十二至十五条)."""

    DRAFT = "draft", "草稿", "secondary"
    COUNTY_REVIEW = "county_review", "县级综合评价", "info"
    CITY_CHECK = "city_check", "市级符合性审核", "info"
    CULTIVATED = "cultivated", "培育对象", "primary"
    REVIEW = "review", "评审", "info"
    SHORTLISTED = "shortlisted", "拟入选", "primary"
    PUBLIC_NOTICE = "public_notice", "公示", "warning"
    LISTED = "listed", "已入名单", "success"
    RETURNED = "returned", "退回补正", "warning"
    NOT_RECOMMENDED = "not_recommended", "县级不予推荐", "dark"
    REFUSED = "refused", "不予通过", "dark"
    LAPSED = "lapsed", "培育期满", "dark"
    CANCELLED = "cancelled", "取消培育", "dark"
    WITHDRAWN = "withdrawn", "已撤回", "dark"


class Mode(Term):
    """Mode of an evaluation (第十二条)."""

    SELF = "self", "自我评价"
    THIRD_PARTY = "third_party", "第三方评价"


class Met(Term):
    """Result of a condition of 第七至九条."""

    MET = "met", "满足", "success"
    UNMET = "unmet", "不满足", "danger"
    OPEN = "open", "待核", "warning"


class Ground(Term):
    """Result of an exclusion ground of 第十条."""

    ABSENT = "absent", "无", "success"
    PRESENT = "present", "有", "danger"
    OPEN = "open", "待核", "warning"


class Defect(Term):
    """Defect of a field or file that goes back for correction."""

    MISSING = "missing", "缺少"
    WRONG = "wrong", "有误"
    OUTDATED = "outdated", "过期"


class DecisionState(Term):
    """State of a decision, which needs a second pair of eyes."""

    PREPARED = "prepared", "待审签", "warning"
    APPROVED = "approved", "已批准，办理中", "info"
    DONE = "done", "已办结", "success"
    SENT_BACK = "sent_back", "已退回", "danger"


class PaperState(Term):
    """State of an official document; an issued one never changes."""

    DRAFTED = "drafted", "拟稿", "secondary"
    SUBMITTED = "submitted", "待审签", "warning"
    SIGNED = "signed", "已审签", "info"
    ISSUED = "issued", "已印发", "success"
    REPLACED = "replaced", "已替代", "warning"
    REVOKED = "revoked", "已撤销", "danger"
    DROPPED = "dropped", "已撤稿", "dark"


class Succession(Term):
    """Relation of a later paper to an issued one."""

    REPLACES = "replaces", "替代", "warning"
    REVOKES = "revokes", "撤销", "danger"


class ProposalState(Term):
    """State of a proposed change; the last approved one of its target is in force."""

    PREPARED = "prepared", "待审批", "warning"
    APPROVED = "approved", "已批准", "success"
    SENT_BACK = "sent_back", "已退回", "danger"


class NumberState(Term):
    """State of a document number: reserved, then used or void, never given twice."""

    RESERVED = "reserved", "已预留", "warning"
    USED = "used", "已使用", "success"
    VOID = "void", "已作废", "dark"


class ObjectionState(Term):
    """State of an objection to a public notice (第十五条)."""

    OPEN = "open", "核查中", "danger"
    REJECTED = "rejected", "异议不成立", "success"
    UPHELD = "upheld", "异议成立", "dark"


class FileState(Term):
    """State of an uploaded file: staging until the act that needs it makes it final."""

    STAGING = "staging", "待确认", "warning"
    FINAL = "final", "已存档", "success"


class Service(Term):
    """Service that an institution offers beside evaluation (第二十二条)."""

    PROMOTION = "promotion", "宣贯"
    ADVICE = "advice", "提升建议"
    FOLLOW_UP = "follow_up", "跟踪服务"


class Ownership(Term):
    """Ownership 单位性质 as in the reporting form."""

    STATE = "state", "内资（国有）"
    COLLECTIVE = "collective", "内资（集体）"
    PRIVATE = "private", "内资（民营）"
    JOINT = "joint", "中外合资"
    HKMT = "hkmt", "港澳台投资"
    FOREIGN = "foreign", "外商独资"


class ParkGrade(Term):
    """Grade of an industrial park; the 细则 requires none."""

    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省级"
    MUNICIPAL = "municipal", "市级"
    OTHER = "other", "其他"


class BatchState(Term):
    """State of an import: previewed, committed as a whole, perhaps undone; a large one in several transactions."""

    PREVIEWED = "previewed", "已预览", "secondary"
    COMMITTING = "committing", "导入中", "info"
    COMMITTED = "committed", "已导入", "success"
    UNDOING = "undoing", "恢复中", "warning"
    UNDONE = "undone", "已撤销", "dark"
    FAILED = "failed", "中断，已恢复原状", "danger"


class RowOutcome(Term):
    """Outcome of a row of an imported file."""

    NEW = "new", "新增", "success"
    CHANGED = "changed", "更新", "primary"
    SAME = "same", "无变化", "secondary"
    REFUSED = "refused", "未通过", "danger"


class Verified(Term):
    """State of a registry entry: verified by the bureau or not yet."""

    PENDING = "pending", "待核实", "warning"
    CONFIRMED = "confirmed", "已核实", "success"


class ReportStage(Term):
    """Stage of an annual report (第十八条)."""

    DRAFT = "draft", "草稿", "secondary"
    SUBMITTED = "submitted", "已报送，待县级审核", "info"
    COUNTY_CHECKED = "county_checked", "县级已审核，待市局接收", "primary"
    ACCEPTED = "accepted", "市局已接收", "success"
    RETURNED = "returned", "退回补正", "warning"
    DECLINED = "declined", "书面拒绝填报", "danger"


class ExtensionState(Term):
    """State of a request to extend a deadline set by an official."""

    OPEN = "open", "待答复", "warning"
    GRANTED = "granted", "同意", "success"
    REFUSED = "refused", "不同意", "danger"
    LAPSED = "lapsed", "未答复即报送，失效", "secondary"


class StandardState(Term):
    """State of a definition of indicators: in force once the city's lead has approved it."""

    DRAFT = "draft", "编制中", "secondary"
    PROPOSED = "proposed", "待审批", "warning"
    SENT_BACK = "sent_back", "已退回", "danger"
    IN_FORCE = "in_force", "已启用", "success"
    REPLACED = "replaced", "已被新版替代", "dark"


class ChangeKind(Term):
    """Kind of change of a listed unit (第二十条)."""

    NAME = "name", "名称变更"
    SCOPE = "scope", "实际生产经营范围重大变更"
    ADDRESS = "address", "生产地址重大变更"
    BOUNDARY = "boundary", "组织边界重大变更"
