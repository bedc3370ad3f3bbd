"""The columns of a recommendation summary table (推荐汇总表) as data: fields, headings, units."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

MONEY = {"万元": Decimal(1), "亿元": Decimal(10_000), "元": Decimal("0.0001"), "千元": Decimal("0.1")}
ENERGY = {
    "tce": Decimal(1),
    "吨标准煤": Decimal(1),
    "吨标煤": Decimal(1),
    "吨": Decimal(1),
    "kgce": Decimal("0.001"),
    "万tce": Decimal(10_000),
    "万吨标准煤": Decimal(10_000),
    "万吨标煤": Decimal(10_000),
}
POINTS = {"分": Decimal(1)}

NOTHING = {"", "/", "／", "\\", "-", "--", "—", "——", "－", "无", "N/A", "n/a"}
CLOSING = ("合计", "小计", "总计", "注", "备注", "说明", "填表", "填报", "审核", "负责人", "制表", "联系人")


@dataclass(frozen=True)
class Field:
    """One field of a ledger row: its headings, how its cells are read, factors to its unit."""

    name: str
    label: str
    headings: str
    reader: str = "text"
    required: bool = False
    units: Mapping[str, Decimal] = field(default_factory=dict)


# fmt: off
FIELDS = (
    Field("serial", "序号", "序号 编号 顺序号", "ignored"),
    Field("area", "县（市、区）",
          "县 县区 县市区 县市 区县 所属县区 所在县 所在县区 所在县市区 地区 所属地区 所在地区 属地 推荐单位",
          "area", required=True),
    Field("kind", "类别", "类别 申报类别 推荐类别 创建类别 名单类别 类型 申报类型", "kind", required=True),
    Field("name", "单位名称",
          "单位名称 单位 企业名称 公司名称 申报单位 申报单位名称 园区名称 工厂名称 企业园区名称 名称",
          "name", required=True),
    Field("credit_code", "统一社会信用代码", "统一社会信用代码 社会信用代码 统一信用代码 信用代码 统一代码",
          "credit_code", required=True),
    Field("industries", "所属行业（代码）",
          "所属行业 行业 行业代码 所属行业代码 行业及代码 国民经济行业", "industries"),
    Field("mode", "评价方式", "评价方式 评价形式 评价类型", "mode", required=True),
    Field("institution", "第三方机构",
          "第三方机构 第三方机构名称 第三方评价机构 评价机构 评价机构名称", "optional"),
    Field("standard", "评价标准", "评价标准 评价标准号 标准 评价依据 采用标准", "optional"),
    Field("score", "得分", "得分 评价得分 总分 分数 评分 评价分数", "score", units=POINTS),
    Field("output_value", "上年产值（万元）", "上年产值 上年度产值 上年工业总产值 产值 工业总产值 年产值",
          "quantity", units=MONEY),
    Field("energy", "综合能耗（tce）",
          "综合能耗 上年综合能耗 年综合能耗 综合能源消费量 能耗", "quantity", units=ENERGY),
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

_ORNAMENT = re.compile(r"^[\d.、*★]+|[*★:：]+$")
_BRACKETED = re.compile(r"[(\[【](.*?)[)\]】]")


def recognise(heading: object) -> Field | None:
    """Return the field named by a heading, ignoring whitespace, brackets and punctuation."""
    if not isinstance(heading, str):
        return None
    return BY_HEADING.get(_ORNAMENT.sub("", _BRACKETED.sub("", compact(heading))))


def unit_of(field: Field, heading: str) -> str:
    """Return the unit a heading gives in brackets, the field's own unit if it gives no known one."""
    stated = [text.removeprefix("单位:") for text in _BRACKETED.findall(compact(heading))]
    return next((text for text in stated if text in field.units), next(iter(field.units), ""))


def compact(text: str) -> str:
    """Return the text half-width and without spaces, for comparing, never for storing."""
    return "".join(unicodedata.normalize("NFKC", text).split())
