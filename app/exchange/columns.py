"""The columns of a recommendation summary table (推荐汇总表) as data: fields, headings, units."""

import re
import unicodedata
from dataclasses import dataclass

from app.policy import measures
from app.policy.measures import Measure

NOTHING = {
    "",
    "/",
    "／",
    "\\",
    "-",
    "--",
    "—",
    "——",
    "－",
    "–",
    "~",
    "无",
    "暂无",
    "没有",
    "不涉及",
    "N/A",
    "n/a",
}


@dataclass(frozen=True)
class Field:
    """One field of a ledger row: its headings, how its cells are read, what it measures."""

    name: str
    label: str
    headings: str
    reader: str = "text"
    required: bool = False
    measure: Measure | None = None


# fmt: off
FIELDS = (
    Field("serial", "序号", "序号 编号 顺序号", "ignored"),
    Field("area", "县（市、区）",
          "县 县区 县市区 县市 区县 所属县 所属县区 所属县市区 所在县 所在县区 所在县市区 地区 所属地区 所在地区 属地 所属区域 "
          "推荐单位 所在地 所在区域 地市/县区 县/园区 县区/园区 县市区/园区 区域 所属区县 所在区县 行政区划 行政区域",
          "area", required=True),
    Field("kind", "类别", "类别 申报类别 推荐类别 创建类别 名单类别 类型 申报类型 推荐类型 创建类型 申报方向 推荐方向 "
          "培育类别 单位类别 绿色制造类别", "kind", required=True),
    Field("name", "单位名称",
          "单位名称 单位 企业名称 公司名称 申报单位 申报单位名称 园区名称 工厂名称 企业园区名称 名称 园区 企业全称 单位全称 "
          "申报主体 申报主体名称 申报企业 申报企业名称 推荐单位名称 工业园区名称 供应链企业名称 绿色工厂名称 企业",
          "name", required=True),
    Field("credit_code", "统一社会信用代码", "统一社会信用代码 社会信用代码 统一信用代码 信用代码 统一代码 "
          "社会统一信用代码 统一社会信用代码证号 统一社会信用代码号 "
          "统一社会信用代码/组织机构代码 纳税人识别号 统一社会信用码 信用代码证号",
          "credit_code", required=True),
    Field("industries", "所属行业（代码）",
          "所属行业 行业 行业代码 所属行业代码 行业及代码 国民经济行业", "industries"),
    Field("mode", "评价方式", "评价方式 评价形式 评价类型 评价主体 是否第三方评价 评价模式 评价方法", "mode", required=True),
    Field("institution", "第三方机构",
          "第三方机构 第三方机构名称 第三方评价机构 第三方评价机构名称 评价机构 评价机构名称", "institution"),
    Field("standard", "评价标准", "评价标准 评价标准号 标准 评价依据 采用标准", "optional"),
    Field("score", "得分", "得分 评价得分 总分 分数 评分 评价分数", "score", measure=measures.POINTS),
    Field("output_value", "上年产值（万元）", "上年产值 上年度产值 上年工业总产值 上年度工业总产值 产值 "
          "工业总产值 年产值 年工业总产值 总产值 工业产值",
          "quantity", measure=measures.MONEY),
    Field("energy", "综合能耗（tce）",
          "综合能耗 上年综合能耗 上年度综合能耗 年综合能耗 综合能源消费量 能耗 年能耗 "
          "能源消费量 综合能源消费总量 综合能耗总量", "quantity", measure=measures.ENERGY),
    Field("exclusions_stated", "负面清单核查",
          "负面清单核查 负面清单核查情况 负面清单 负面清单情况 第十条核查"),
    Field("opinion_stated", "县级意见", "县级意见 推荐意见 县级推荐意见 初审意见 综合评价意见"),
    Field("contact", "联系人", "联系人 联系人姓名 企业联系人", "optional"),
    Field("phone", "联系电话", "联系电话 联系人电话 电话 手机 手机号码 联系方式", "digits"),
    Field("production_address", "实际生产地址",
          "实际生产地址 实际生产经营地址 实际生产场所 生产地址 地址", "optional"),
    Field("products", "主要产品", "主要产品 主营产品 产品", "optional"),
    Field("submitted_on", "管理平台提交日期",
          "管理平台提交日期 管理平台提交时间 平台提交日期 平台提交时间 提交日期 提交时间 申报日期",
          "day"),
    Field("receipt", "管理平台受理号",
          "管理平台受理号 平台受理号 受理号 受理编号 回执号 管理平台回执号", "digits"),
)
# fmt: on
BY_NAME = {each.name: each for each in FIELDS}
BY_HEADING = {heading: each for each in FIELDS for heading in each.headings.split()}
MEASURED_HEADINGS = sorted((h for h, each in BY_HEADING.items() if each.measure), key=len, reverse=True)

_ORNAMENT = re.compile(r"^(?:\d{1,2}[.、](?!\d))?[*★※#]*|[*★※#:]+$")
BRACKETED = re.compile(r"[(\[【〔{](.*?)[)\]】〕}]")
_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)(?:年度?)?")
RELATIVE_YEARS = "上一?年度?|去年|前年|本年度?|今年|当年"
_RELATIVE = re.compile(rf"{RELATIVE_YEARS}|近三年")
OTHER = re.compile(r"目标|计划|预计|预期|规划|预测")
_CHOICE = re.compile(r"/|或|、")
_STROKES = "/:,;_-–—·|"  # between a heading and its unit


def recognise(heading: object) -> Field | None:
    """Return the field named by a heading, whatever unit, year, brackets and ornaments it has."""
    if not isinstance(heading, str):
        return None
    whole = _ORNAMENT.sub("", compact(heading))
    bare = _ORNAMENT.sub("", BRACKETED.sub("", whole))
    undated = _undated(bare)
    spellings = (bare, undated, _RELATIVE.sub("", undated))
    return next((field for text in spellings if (field := _named(text))), None)


def _named(text: str) -> Field | None:
    """Return the field of a bare heading: itself, without its unit, or each of its alternatives."""
    if found := BY_HEADING.get(text):
        return found
    if measured := _without_unit(text):
        return measured
    alternatives = {BY_HEADING.get(part) for part in _CHOICE.split(text)}
    return alternatives.pop() if len(alternatives) == 1 else None


def _without_unit(text: str) -> Field | None:
    """Return the measured field that a heading begins with, if a unit is all that follows."""
    heading, rest = _measured(text)
    field, unit = BY_HEADING.get(heading), rest.lstrip(_STROKES)
    if field is None or field.measure is None:
        return None
    follows_stroke = unit != "" and unit != rest
    is_unit = field.measure.factor(unit) is not None or measures.looks_like_unit(unit)
    return field if is_unit or follows_stroke else None


def _measured(text: str) -> tuple[str, str]:
    """Part a text after the longest heading of a measured column that it begins with."""
    heading = next((heading for heading in MEASURED_HEADINGS if text.startswith(heading)), "")
    return heading, text[len(heading) :]


def trailing_unit(text: str) -> str:
    """Return what follows a measured heading without brackets: “亿元” of “上年产值/亿元”."""
    for spelled in (text, _RELATIVE.sub("", _undated(text))):
        heading, rest = _measured(spelled)
        if heading:
            return rest.lstrip(_STROKES)
    return text.rpartition("/")[2] if "/" in text else ""


def _undated(text: str) -> str:
    return OTHER.sub("", _YEAR.sub("", text))


def compact(text: str) -> str:
    """Return the text half-width, visible and without spaces, for comparing, never for storing."""
    if text.isascii() and text.isalnum():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))
