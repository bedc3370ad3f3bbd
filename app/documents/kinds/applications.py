"""Call for applications and the county's letter of recommendation (第七至十三条)."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from datetime import date

from app.documents.kinds.city import AREAS, CHAIN, FACTORY, PARK, PLATFORM, STONE, letterhead
from app.documents.kinds.columns import COUNT_LABELS, KIND, counts, table_or_none
from app.documents.kinds.inputs import Letterhead, named
from app.documents.kinds.kind import Filling, Kind
from app.documents.layout.tables import Column, Table

BLANK_ROWS = 6

# The columns that counties fill in everywhere; one list for the blank form and for the county's letter.
SUMMARY = (
    Column("县（市、区）", 720, centred=True),
    Column("类别", 840, centred=True),
    Column("单位名称", 1440),
    Column("统一社会信用代码", 1000, centred=True),
    Column("所属行业（代码）", 900),
    Column("评价方式", 640, centred=True),
    Column("第三方机构", 1200),
    Column("评价标准", 1100),
    Column("得分", 560, centred=True),
    Column("上年产值（万元）", 760, centred=True),
    Column("综合能耗（tce）", 760, centred=True),
    Column("负面清单核查", 700, centred=True),
    Column("县级意见", 700, centred=True),
    Column("联系人", 680, centred=True),
    Column("电话", 800, centred=True),
)


@dataclass(frozen=True)
class StandardLine:
    """A standard by which a year's evaluation reports are written (第十二条)."""

    kind_label: str = field(metadata=named("类别"))
    name: str = field(metadata=named("标准名称"))
    code: str = field(metadata=named("标准编号"))


@dataclass(frozen=True)
class RecommendedLine:
    """A row of 推荐汇总表 (第十三条); figures as text, as the county gave them."""

    kind_label: str = field(metadata=named("类别"))
    name: str = field(metadata=named("单位名称"))
    credit_code: str = field(metadata=named("统一社会信用代码"))
    industry: str = field(metadata=named("所属行业"))
    mode_label: str = field(metadata=named("评价方式"))
    evaluator: str = field(metadata=named("第三方机构"))
    standard: str = field(metadata=named("评价标准"))
    score: str = field(metadata=named("得分"))
    output: str = field(metadata=named("上年产值（万元）"))
    energy: str = field(metadata=named("综合能耗（tce）"))
    exclusions: str = field(metadata=named("负面清单核查"))
    opinion: str = field(metadata=named("意见"))
    contact: str = field(metadata=named("联系人"))
    phone: str = field(metadata=named("联系电话"))


@dataclass(frozen=True, kw_only=True)
class CallInputs(Letterhead):
    """组织申报通知 (第七至十条, 第十二条, 第十三条)."""

    year: int = field(metadata=named("年度"))
    addressees: str = field(metadata=named("主送机关"))
    platform: str = field(metadata=named("管理平台名称"))
    platform_address: str = field(metadata=named("管理平台网址"))
    application_due: date = field(metadata=named("申报截止日期"))
    county_due: date = field(metadata=named("县级截止日期"))
    standards: tuple[StandardLine, ...] = field(metadata=named("评价标准"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="主动公开", metadata=named("公开方式"))


def _call_filling(inputs: CallInputs) -> Filling:
    standards = [astuple(standard) for standard in inputs.standards]
    columns = (KIND, Column("评价标准", 4400), Column("标准编号", 2400, centred=True))
    return Filling(
        {
            "blank_summary_table": Table(
                SUMMARY, (("",) * len(SUMMARY),) * BLANK_ROWS, landscape=True, crowded=True
            ),
            "standard_table": table_or_none(columns, standards),
        }
    )


def _call_specimen() -> CallInputs:
    return CallInputs(
        **letterhead(date(2027, 3, 5)),
        year=2027,
        addressees=AREAS,
        platform=PLATFORM,
        platform_address="https://green.miit.gov.cn/",
        application_due=date(2027, 4, 30),
        county_due=date(2027, 5, 20),
        standards=(
            StandardLine(FACTORY, "绿色工厂评价通则", "GB/T 36132-2025"),
            StandardLine(PARK, "绿色工业园区评价要求", ""),
            StandardLine(CHAIN, "绿色供应链管理评价要求", ""),
        ),
        cc=("广东省工业和信息化厅",),
    )


CALL = Kind(
    "call",
    CallInputs,
    _call_specimen,
    _call_filling,
    {"blank_summary_table": "推荐汇总表（空表）", "standard_table": "评价标准表"},
)


@dataclass(frozen=True, kw_only=True)
class CountyRecommendationInputs(Letterhead):
    """县级推荐函 (第十三条); the issuer is the county's department."""

    year: int = field(metadata=named("年度"))
    bureau: str = field(metadata=named("市局名称"))
    area_name: str = field(metadata=named("所在县（市、区）"))
    platform: str = field(metadata=named("管理平台名称"))
    filed_on: date = field(metadata=named("平台报送日期"))
    rows: tuple[RecommendedLine, ...] = field(metadata=named("明细"))
    publicity: str = field(default="依申请公开", metadata=named("公开方式"))


def _county_recommendation_filling(inputs: CountyRecommendationInputs) -> Filling:
    rows = [(inputs.area_name, *astuple(row)) for row in inputs.rows]  # in the order of SUMMARY
    return Filling(
        counts(inputs.rows) | {"summary_table": table_or_none(SUMMARY, rows, landscape=True, crowded=True)}
    )


RECOMMENDED = (
    RecommendedLine(
        FACTORY,
        STONE,
        "91445302MA5DEM0128",
        "建筑用石加工（3032）",
        "第三方评价",
        "示例绿色评价（广东）有限公司",
        "GB/T 36132-2025",
        "86.5",
        "12500",
        "1830.2",
        "无",
        "同意推荐",
        "李示例",
        "0766-0000001",
    ),
    RecommendedLine(
        CHAIN,
        "云城区示例建材集团有限公司",
        "91445302MA5DEM0203",
        "水泥制造（3011）",
        "自我评价",
        "",
        "绿色供应链管理评价要求",
        "88",
        "96000",
        "25400",
        "无",
        "同意推荐",
        "王示例",
        "0766-0000002",
    ),
)


def _county_recommendation_specimen() -> CountyRecommendationInputs:
    return CountyRecommendationInputs(
        **letterhead(date(2027, 5, 18), issuer="云城区工业和信息化局"),
        year=2027,
        bureau="云浮市工业和信息化局",
        area_name="云城区",
        platform=PLATFORM,
        filed_on=date(2027, 5, 17),
        rows=RECOMMENDED,
    )


COUNTY_RECOMMENDATION = Kind(
    "county_recommendation",
    CountyRecommendationInputs,
    _county_recommendation_specimen,
    _county_recommendation_filling,
    {"summary_table": "推荐汇总表", **COUNT_LABELS},
)


KINDS = (
    CALL,
    COUNTY_RECOMMENDATION,
)
