"""Vocabulary: every code of the field with its official wording and badge, written once."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Term(str, Enum):
    """A code with official wording (`label`) and a badge colour; `A | B` is the set of both."""

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
        return tuple((member.value, member.label) for member in cls)


def as_set(terms: Term | Iterable[Term]) -> frozenset[Term]:
    """One term or several, as a set: a table's cell may hold either."""
    return frozenset((terms,)) if isinstance(terms, Term) else frozenset(terms)


class Role(Term):
    """Who acts. Business, administration and audit never meet in one account (管理与审计分离)."""

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
    """The three kinds of 第二条."""

    FACTORY = "factory", "绿色工厂", "success"
    PARK = "park", "绿色工业园区", "info"
    SUPPLY_CHAIN = "supply_chain", "绿色供应链管理企业", "primary"


class Level(Term):
    """Levels of a list; they stand beside each other, none replaces another."""

    NATIONAL = "national", "国家级", "danger"
    PROVINCIAL = "provincial", "省级", "warning"
    MUNICIPAL = "municipal", "市级", "success"


class Stage(Term):
    """Stages of an application (第十二至十五条)."""

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
    WITHDRAWN = "withdrawn", "已撤回", "dark"


class Mode(Term):
    """How an evaluation was made (第十二条)."""

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
    """What is wrong with a field or file that goes back for correction."""

    MISSING = "missing", "缺少"
    WRONG = "wrong", "有误"
    OUTDATED = "outdated", "过期"


class DecisionState(Term):
    """A prepared decision waits for the second pair of eyes."""

    PREPARED = "prepared", "待审签", "warning"
    APPROVED = "approved", "已批准，办理中", "info"
    DONE = "done", "已办结", "success"
    SENT_BACK = "sent_back", "已退回", "danger"


class PaperState(Term):
    """Life of an official document; issued is frozen."""

    DRAFTED = "drafted", "拟稿", "secondary"
    SUBMITTED = "submitted", "待审签", "warning"
    SIGNED = "signed", "已审签", "info"
    ISSUED = "issued", "已印发", "success"
    REPLACED = "replaced", "已替代", "warning"
    REVOKED = "revoked", "已撤销", "danger"
    DROPPED = "dropped", "已撤稿", "dark"


class Succession(Term):
    """How a later paper stands to an issued one: issued papers never change."""

    REPLACES = "replaces", "替代", "warning"
    REVOKES = "revokes", "撤销", "danger"


class ProposalState(Term):
    """A change that one prepares and another approves or sends back; of a thing's changes the last approved is in force."""

    PREPARED = "prepared", "待审批", "warning"
    APPROVED = "approved", "已批准", "success"
    SENT_BACK = "sent_back", "已退回", "danger"


class NumberState(Term):
    """A number of the register: reserved, then used or void; never given twice."""

    RESERVED = "reserved", "已预留", "warning"
    USED = "used", "已使用", "success"
    VOID = "void", "已作废", "dark"


class ObjectionState(Term):
    """An objection during public notice (第十五条)."""

    OPEN = "open", "核查中", "danger"
    REJECTED = "rejected", "异议不成立", "success"
    UPHELD = "upheld", "异议成立", "dark"


class FileState(Term):
    """An uploaded file is staging until the act that needs it makes it final."""

    STAGING = "staging", "待确认", "warning"
    FINAL = "final", "已存档", "success"


class Service(Term):
    """Services that an institution gives beside evaluation (第二十二条)."""

    PROMOTION = "promotion", "宣贯"
    ADVICE = "advice", "提升建议"
    FOLLOW_UP = "follow_up", "跟踪服务"


class Ownership(Term):
    """单位性质 as the reporting form has it."""

    STATE = "state", "内资（国有）"
    COLLECTIVE = "collective", "内资（集体）"
    PRIVATE = "private", "内资（民营）"
    JOINT = "joint", "中外合资"
    HKMT = "hkmt", "港澳台投资"
    FOREIGN = "foreign", "外商独资"


class ParkGrade(Term):
    """Grade of an industrial park; the 细则 sets none."""

    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省级"
    MUNICIPAL = "municipal", "市级"
    OTHER = "other", "其他"


class BatchState(Term):
    """An import: previewed, then committed as a whole, perhaps undone; a large one takes several transactions."""

    PREVIEWED = "previewed", "已预览", "secondary"
    COMMITTING = "committing", "导入中", "info"
    COMMITTED = "committed", "已导入", "success"
    UNDOING = "undoing", "恢复中", "warning"
    UNDONE = "undone", "已撤销", "dark"
    FAILED = "failed", "中断，已恢复原状", "danger"


class RowOutcome(Term):
    """What a row of an imported file does."""

    NEW = "new", "新增", "success"
    CHANGED = "changed", "更新", "primary"
    SAME = "same", "无变化", "secondary"
    REFUSED = "refused", "未通过", "danger"


class Verified(Term):
    """Whether a registry entry has been looked at by the bureau."""

    PENDING = "pending", "待核实", "warning"
    CONFIRMED = "confirmed", "已核实", "success"


class ReportStage(Term):
    """Stages of an annual report (第十八条)."""

    DRAFT = "draft", "草稿", "secondary"
    SUBMITTED = "submitted", "已报送，待县级审核", "info"
    COUNTY_CHECKED = "county_checked", "县级已审核，待市局接收", "primary"
    ACCEPTED = "accepted", "市局已接收", "success"
    RETURNED = "returned", "退回补正", "warning"
    DECLINED = "declined", "书面拒绝填报", "danger"


class ExtensionState(Term):
    """What became of a request to put off a day that an official set."""

    OPEN = "open", "待答复", "warning"
    GRANTED = "granted", "同意", "success"
    REFUSED = "refused", "不同意", "danger"
    LAPSED = "lapsed", "未答复即报送，失效", "secondary"


class StandardState(Term):
    """A definition of indicators: drawn up by the city, in force once its lead has approved it."""

    DRAFT = "draft", "编制中", "secondary"
    PROPOSED = "proposed", "待审批", "warning"
    SENT_BACK = "sent_back", "已退回", "danger"
    IN_FORCE = "in_force", "已启用", "success"
    REPLACED = "replaced", "已被新版替代", "dark"


class ChangeKind(Term):
    """What may change about a listed unit (第二十条)."""

    NAME = "name", "名称变更"
    SCOPE = "scope", "实际生产经营范围重大变更"
    ADDRESS = "address", "生产地址重大变更"
    BOUNDARY = "boundary", "组织边界重大变更"
