"""Specimens: invented inputs of every kind, for the preview of wording on screens and for tests."""

from datetime import date

from app.policy import papers

HEAD = {
    "issuer": "云浮市工业和信息化局",
    "signed_on": date(2027, 6, 10),
    "contact": "梁示例",
    "phone": "0766-0000000",
    "rules_title": "云浮市绿色工厂梯度培育管理实施细则",
    "rules_number": "云工信〔2025〕14号",
}
AREAS = "各县（市、区）工业和信息化主管部门，佛山（云浮）产业转移工业园管委会"

FACTORIES = (
    papers.UnitLine("云浮市示例石材有限公司", "绿色工厂", "云城区", "建筑用石加工"),
    papers.UnitLine("罗定市示例铝业有限公司", "绿色工厂", "罗定市", "铝压延加工"),
    papers.UnitLine("新兴县示例不锈钢制品有限公司", "绿色工厂", "新兴县", "金属制厨房用器具制造"),
)
PARKS = (papers.UnitLine("郁南县示例工业园区", "绿色工业园区", "郁南县"),)
CHAINS = (papers.UnitLine("云安区示例水泥股份有限公司", "绿色供应链管理企业", "云安区", "水泥制造"),)


def public_notice():
    return papers.PublicNoticeInputs(
        **HEAD,
        year=2027,
        units=(*FACTORIES, *PARKS, *CHAINS),
        first_day=date(2027, 6, 10),
        last_day=date(2027, 6, 16),
        days=5,
        day_type="工作日",
        address="云浮市云城区示例路1号",
    )


def listing_announcement():
    return papers.ListingInputs(
        **HEAD | {"signed_on": date(2027, 6, 18)},
        year=2027,
        factories=FACTORIES,
        parks=PARKS,
        supply_chains=CHAINS,
        removed=(
            papers.RemovedLine(
                "云浮市示例化工有限公司",
                "绿色工厂",
                "云城区",
                "2025",
                "第二十一条第一款第（二）项",
                date(2027, 6, 18),
            ),
        ),
        renamed=(
            papers.RenamedLine("云浮市示例旧名有限公司", "云浮市示例新名有限公司", "绿色工厂", "云安区"),
        ),
        provincial=(
            papers.ProvincialLine(
                "云浮市示例新能源有限公司", "绿色工厂", "云城区", "2026年度广东省绿色制造名单"
            ),
        ),
        addressees=f"{AREAS}，各有关单位",
        notice_first_day=date(2027, 6, 10),
        notice_last_day=date(2027, 6, 16),
        cc=(
            "广东省工业和信息化厅",
            "市发展改革局",
            "市生态环境局",
            "市应急管理局",
            "市市场监管局",
            "市税务局",
        ),
    )


def specimen(kind):
    """Invented inputs of a kind."""
    return globals()[kind]()
