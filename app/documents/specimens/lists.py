"""Specimens of notices and lists."""

from datetime import date

from app.documents.specimens.city import AREAS, CC, CHAINS, FACTORIES, FACTORY, PARKS, REMOVED, UNITS, head
from app.policy import paper_inputs as p


def public_notice():
    return p.PublicNoticeInputs(
        **head(date(2027, 6, 10)),
        year=2027,
        units=UNITS,
        first_day=date(2027, 6, 10),
        last_day=date(2027, 6, 16),
        days=5,
        day_type="工作日",
        address="云浮市云城区示例路1号",
    )


def no_objection():
    return p.NoObjectionInputs(
        **head(date(2027, 6, 17)),
        year=2027,
        units=UNITS,
        first_day=date(2027, 6, 10),
        last_day=date(2027, 6, 16),
        days=5,
        day_type="工作日",
        published_at="市工业和信息化局网站",
    )


def listing_announcement():
    return p.ListingInputs(
        **head(date(2027, 6, 18)),
        year=2027,
        factories=FACTORIES,
        parks=PARKS,
        supply_chains=CHAINS,
        removed=REMOVED,
        renamed=(p.RenamedLine("云浮市示例旧名有限公司", "云浮市示例新名有限公司", FACTORY, "云安区"),),
        provincial=(
            p.ProvincialLine("云浮市示例新能源有限公司", FACTORY, "云城区", "2026年度广东省绿色制造名单"),
        ),
        addressees=f"{AREAS}，各有关单位",
        notice_first_day=date(2027, 6, 10),
        notice_last_day=date(2027, 6, 16),
        cc=CC,
    )


def removal_announcement():
    row = p.RemovedLine(
        "云浮市示例化工有限公司", FACTORY, "云城区", "2025", "第二十一条第二款", date(2027, 8, 9)
    )
    return p.RemovalAnnouncementInputs(
        **head(date(2027, 8, 9)),
        rows=(row,),
        facts=("2027年8月3日，云浮市示例化工有限公司发生Ⅱ级（重大）突发环境污染事件。",),
        immediate=True,
        cc=("广东省工业和信息化厅",),
    )


def revocation():
    return p.RevocationInputs(
        **head(date(2027, 7, 2)),
        revoked_title="云浮市工业和信息化局关于公布2027年度市级绿色制造名单的通知",
        revoked_number="云工信〔2027〕21号",
        revoked_on=date(2027, 6, 18),
        reasons=("所附名单的公示期不符合规定。",),
    )
