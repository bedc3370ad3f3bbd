"""The invented city that all specimens are about."""

from datetime import date, timedelta, timezone
from typing import Any

from app.documents.kinds.columns import RemovedLine, UnitLine

LOCAL = timezone(timedelta(hours=8))
PLATFORM = "工业节能与绿色发展管理平台"
AREAS = "各县（市、区）工业和信息化主管部门，佛山（云浮）产业转移工业园管委会"
DEPARTMENTS = (
    "云浮市发展和改革局",
    "云浮市生态环境局",
    "云浮市应急管理局",
    "云浮市市场监督管理局",
    "国家税务总局云浮市税务局",
)
CC = ("广东省工业和信息化厅", "市发展改革局", "市生态环境局", "市应急管理局", "市市场监管局", "市税务局")
STONE, ALUMINIUM, CEMENT = "云浮市示例石材有限公司", "罗定市示例铝业有限公司", "云安区示例水泥股份有限公司"
FACTORY, PARK, CHAIN = "绿色工厂", "绿色工业园区", "绿色供应链管理企业"
LATE = "第二十一条第一款第（二）项"

FACTORIES = (
    UnitLine(STONE, FACTORY, "云城区", "建筑用石加工"),
    UnitLine(ALUMINIUM, FACTORY, "罗定市", "铝压延加工"),
    UnitLine("新兴县示例不锈钢制品有限公司", FACTORY, "新兴县", "金属制厨房用器具制造"),
)
PARKS = (UnitLine("郁南县示例工业园区", PARK, "郁南县"),)
CHAINS = (UnitLine(CEMENT, CHAIN, "云安区", "水泥制造"),)
UNITS = (*FACTORIES, *PARKS, *CHAINS)
REMOVED = (RemovedLine("云浮市示例化工有限公司", FACTORY, "云城区", "2025", LATE, date(2027, 6, 18)),)


def letterhead(day: date, **more: Any) -> dict[str, Any]:
    """Return the fields of a letterhead, with others to be added or replaced."""
    return {
        "issuer": "云浮市工业和信息化局",
        "signed_on": day,
        "contact": "梁示例",
        "phone": "0766-0000000",
        "rules_title": "云浮市绿色工厂梯度培育管理实施细则",
        "rules_number": "云工信〔2025〕14号",
    } | more
