"""Specimens from the call to the review."""

from datetime import date

from app.documents.specimens.city import (
    ALUMINIUM,
    AREAS,
    CEMENT,
    CHAIN,
    FACTORY,
    PARK,
    PLATFORM,
    STONE,
    UNITS,
    head,
)
from app.policy import paper_inputs as p


def call():
    return p.CallInputs(
        **head(date(2027, 3, 5)),
        year=2027,
        addressees=AREAS,
        platform=PLATFORM,
        platform_address="https://green.miit.gov.cn/",
        application_due=date(2027, 4, 30),
        county_due=date(2027, 5, 20),
        standards=(
            p.StandardLine(FACTORY, "绿色工厂评价通则", "GB/T 36132-2025"),
            p.StandardLine(PARK, "绿色工业园区评价要求", ""),
            p.StandardLine(CHAIN, "绿色供应链管理评价要求", ""),
        ),
        cc=("广东省工业和信息化厅",),
    )


def county_recommendation():
    row = p.RecommendedLine(
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
    )
    other = p.RecommendedLine(
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
    )
    return p.CountyRecommendationInputs(
        **head(date(2027, 5, 18), issuer="云城区工业和信息化局"),
        year=2027,
        bureau="云浮市工业和信息化局",
        area_name="云城区",
        platform=PLATFORM,
        filed_on=date(2027, 5, 17),
        rows=(row, other),
    )


def cultivation_list():
    return p.CultivationInputs(
        **head(date(2027, 6, 1)),
        year=2027,
        addressees=AREAS,
        units=UNITS,
        valid_from=date(2027, 6, 1),
        valid_to=date(2030, 6, 1),
        valid_years=3,
        cc=("广东省工业和信息化厅",),
    )


def review_minutes():
    return p.ReviewMinutesInputs(
        **head(date(2027, 6, 8)),
        year=2027,
        held_on=date(2027, 6, 7),
        place="市工业和信息化局会议室",
        chair="张示例",
        panel=("赵示例", "钱示例", "孙示例"),
        recusals=(f"孙示例曾为{CEMENT}提供技术服务，回避该单位的评审。",),
        rows=(
            p.ReviewLine(STONE, FACTORY, "86", "88", "", "87", "拟入选"),
            p.ReviewLine(ALUMINIUM, FACTORY, "70", "88", "85", "86.5", "拟入选"),
            p.ReviewLine(CEMENT, CHAIN, "72", "74", "", "73", "未入选"),
        ),
        remarks=("建议加强对未入选单位的现场指导。",),
    )
