"""Invented facts: units of the year before, registered data of institutions, sources of findings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

INSTITUTIONS = {
    "广州清砚节能评价中心有限公司": ("91440101MA5C1QYJ7B", "广州市虚构区清砚路8号", "罗砚秋"),
    "佛山市砺行检测认证有限公司": ("91440605MA4W2LX83G", "佛山市虚构区砺行路16号", "何砺行"),
    "广东粤衡绿色技术有限公司": ("91440003MA3F3YH92N", "广州市虚构区粤衡路3号", "梁粤衡"),
}


@dataclass(frozen=True)
class Former:
    """A unit that applied as a factory the year before."""

    code: str
    name: str
    area: str
    industry: str
    place: str
    score: Decimal


# The last one was not chosen and is still being cultivated; the first one applies again as a leader.
FORMER = (
    Former(
        "91445322MAXPWTAK4P",
        "云浮市致清达特钢有限公司",
        "445322",
        "3120",
        "郁南县致清达工业大道94号",
        Decimal("91.2"),
    ),
    Former(
        "91445381MAC8F31B2R",
        "罗定市澜谷电子材料有限公司",
        "445381",
        "3252",
        "罗定市澜谷工业大道6号",
        Decimal("88.5"),
    ),
    Former(
        "91445321MAC6K42C3P",
        "新兴县禾澄厨具有限公司",
        "445321",
        "3381",
        "新兴县禾澄工业大道21号",
        Decimal("86.0"),
    ),
    Former(
        "91445303MAC5N53D4B",
        "云浮市泽屏新型建材有限公司",
        "445303",
        "3031",
        "云安区泽屏工业大道9号",
        Decimal("84.7"),
    ),
    Former(
        "91445300MAC4R64E5M",
        "云浮市砺川氢能装备有限公司",
        "4453YQ",
        "3311",
        "云城区砺川工业大道58号",
        Decimal("90.3"),
    ),
    Former(
        "91445302MAC7D20A19",
        "云浮市望岫石材有限公司",
        "445302",
        "3032",
        "云城区望岫工业大道77号",
        Decimal("79.4"),
    ),
)

SOURCES = {
    "A7a": "营业执照",
    "A7b": "排污许可证、现场核对",
    "A7c": "营业执照",
    "A7d": "行业代码、现场核对",
    "A7e": "评价报告结论",
    "A8a": "批准设立文件",
    "A8b": "批准文件载明的四至和面积",
    "A8c": "管理机构设立文件",
    "A8d": "统计年报",
    "A8e": "绿色工厂培育计划",
    "A8f": "培育计划进展材料",
    "A8g": "评价报告结论",
    "A9a": "营业执照",
    "A9b": "现场核对",
    "A9c": "营业执照",
    "A9d": "供应商名录、审计报告",
    "A9e": "绿色制造名单",
    "A9f": "供应商绿色工厂培育计划",
    "A9g": "培育计划进展材料",
    "A9h": "评价报告结论",
    "N1": "国家企业信用信息公示系统",
    "N2": "“信用中国”、国家企业信用信息公示系统",
    "N3": "国家、省、市移出名单",
    "N4": "督查通报",
    "N5": "节能监察台账",
    "N6": "中国执行信息公开网",
}

OPINION = "经综合评价，符合细则规定的条件，无第十条所列情形，同意推荐。"
CONFORMS = "经符合性审核，符合细则规定的条件，第十条各项已核查，拟列为培育对象。"
RECHECKED = "“信用中国”、国家企业信用信息公示系统、中国执行信息公开网"
SETTINGS = {
    "contact_name": "演示联系人",
    "contact_phone": "0766-0000000",
    "contact_address": "云浮市虚构大道1号（演示地址）",
}
OBJECTOR = ("钟虚构", "13500000000")
SURNAMES = "陈李黄张梁林刘吴罗莫"
