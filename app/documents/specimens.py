"""Specimens: invented inputs of every kind, for the preview of wording on screens and for tests."""

from datetime import date, datetime, timedelta, timezone

from app.policy import paper_inputs as p

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
    p.UnitLine(STONE, FACTORY, "云城区", "建筑用石加工"),
    p.UnitLine(ALUMINIUM, FACTORY, "罗定市", "铝压延加工"),
    p.UnitLine("新兴县示例不锈钢制品有限公司", FACTORY, "新兴县", "金属制厨房用器具制造"),
)
PARKS = (p.UnitLine("郁南县示例工业园区", PARK, "郁南县"),)
CHAINS = (p.UnitLine(CEMENT, CHAIN, "云安区", "水泥制造"),)
UNITS = (*FACTORIES, *PARKS, *CHAINS)
REMOVED = (p.RemovedLine("云浮市示例化工有限公司", FACTORY, "云城区", "2025", LATE, date(2027, 6, 18)),)
REPORTING = (
    p.ReportingLine(STONE, "省级、市级", FACTORY, "云城区"),
    p.ReportingLine(ALUMINIUM, "市级", FACTORY, "罗定市"),
    p.ReportingLine(CEMENT, "国家级、省级、市级", CHAIN, "云安区"),
)
FINDINGS = (
    p.FindingLine("能源计量", "二号生产线未按要求配备能源计量器具。", "配备计量器具并纳入能源管理台账。"),
    p.FindingLine("固体废物台账", "一般工业固体废物台账记录不完整。", "补齐台账，明确专人管理。"),
)


def _head(day, **more):
    return {
        "issuer": "云浮市工业和信息化局",
        "signed_on": day,
        "contact": "梁示例",
        "phone": "0766-0000000",
        "rules_title": "云浮市绿色工厂梯度培育管理实施细则",
        "rules_number": "云工信〔2025〕14号",
    } | more


def _tip(day):
    return _head(day) | {
        "reporter": "陈示例",
        "receipt": "JB-2027-0003",
        "received_on": date(2027, 3, 1),
        "subject_name": "云浮市示例化工有限公司",
        "matter": "年度动态管理表所填综合能源消费量与实际不符",
    }


def call():
    return p.CallInputs(
        **_head(date(2027, 3, 5)),
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
        FACTORY, STONE, "91445302MA5DEM0128", "建筑用石加工（3032）", "第三方评价",
        "示例绿色评价（广东）有限公司", "GB/T 36132-2025", "86.5",
        "12500", "1830.2", "无", "同意推荐", "李示例", "0766-0000001",
    )  # fmt: skip
    other = p.RecommendedLine(
        CHAIN, "云城区示例建材集团有限公司", "91445302MA5DEM0203", "水泥制造（3011）", "自我评价", "",
        "绿色供应链管理评价要求", "88", "96000", "25400", "无", "同意推荐", "王示例", "0766-0000002",
    )  # fmt: skip
    return p.CountyRecommendationInputs(
        **_head(date(2027, 5, 18), issuer="云城区工业和信息化局"),
        year=2027,
        bureau="云浮市工业和信息化局",
        area_name="云城区",
        platform=PLATFORM,
        filed_on=date(2027, 5, 17),
        rows=(row, other),
    )


def cultivation_list():
    return p.CultivationInputs(
        **_head(date(2027, 6, 1)),
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
        **_head(date(2027, 6, 8)),
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


def public_notice():
    return p.PublicNoticeInputs(
        **_head(date(2027, 6, 10)),
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
        **_head(date(2027, 6, 17)),
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
        **_head(date(2027, 6, 18)),
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


def consultation():
    return p.ConsultationInputs(
        **_head(date(2027, 6, 19)),
        year=2027,
        department=DEPARTMENTS[1],
        asks="环境行政处罚和突发环境事件",
        due=date(2027, 6, 28),
        units=(
            p.ConsultedLine(STONE, "91445302MA5DEM0128", FACTORY, "云城区"),
            p.ConsultedLine(ALUMINIUM, "91445381MA5DEM08XG", FACTORY, "罗定市"),
        ),
    )


def nomination():
    replies = [
        p.DepartmentLine(name, date(2027, 6, 19), date(2027, 6, 24), "无异议") for name in DEPARTMENTS[:4]
    ]
    silent = p.DepartmentLine(
        DEPARTMENTS[4], date(2027, 6, 19), None, "", "两次催办未回复，经市局负责人批准继续推荐"
    )
    return p.NominationInputs(
        **_head(date(2027, 6, 29)),
        year=2027,
        province_department="广东省工业和信息化厅",
        province_rules="《广东省绿色工厂梯度培育管理实施细则》（粤工信规字〔2024〕4号）",
        platform=PLATFORM,
        units=(
            p.NominatedLine(
                STONE, "91445302MA5DEM0128", FACTORY, "云城区", "建筑用石加工", "2027",
                "固体废物综合利用水平较高",
            ),
        ),
        opinions=(*replies, silent),
        changes=(
            p.ChangeLine(
                "云浮市示例新名有限公司", "省级", FACTORY, "名称变更", "云浮市示例旧名有限公司",
                "云浮市示例新名有限公司", "同意变更并保留",
            ),
        ),
        removed=REMOVED,
    )  # fmt: skip


def annual_call():
    return p.AnnualCallInputs(
        **_head(date(2027, 2, 25)),
        year=2027,
        addressees=AREAS,
        platform=PLATFORM,
        due=date(2027, 4, 15),
        county_due=date(2027, 4, 10),
        units=REPORTING,
    )


def annual_reminder():
    return p.AnnualReminderInputs(
        **_head(date(2027, 4, 16)),
        year=2027,
        addressees=AREAS,
        platform=PLATFORM,
        due=date(2027, 4, 15),
        as_of=date(2027, 4, 16),
        units=REPORTING[:2],
    )


def reminder_ledger():
    steps = (("首次提醒", 3, 15), ("再次提醒", 4, 1), ("临期催报", 4, 10), ("逾期催报", 4, 16))
    return p.ReminderLedgerInputs(
        **_head(date(2027, 5, 6)),
        year=2027,
        unit_name="云浮市示例化工有限公司",
        kind_label=FACTORY,
        area_name="云城区",
        due=date(2027, 4, 15),
        as_of=date(2027, 5, 6),
        state="未填报",
        entries=tuple(
            p.ReminderLine(
                step, datetime(2027, month, day, 8, 30, tzinfo=LOCAL), "周示例", "站内消息", "已送达"
            )
            for step, month, day in steps
        ),
    )


def spot_check_record():
    return p.SpotCheckRecordInputs(
        **_head(date(2027, 9, 10)),
        unit_name=STONE,
        kind_label=FACTORY,
        area_name="云城区",
        address="云浮市云城区示例工业路8号",
        checked_on=date(2027, 9, 10),
        checkers="梁示例、张示例",
        received_by="李示例（生产部经理）",
        scope="能源资源计量、固体废物管理、年度动态管理表填报数据",
        findings=FINDINGS,
        conclusion="存在两项问题，需整改后复查。",
    )


def rectification_notice():
    return p.RectificationInputs(
        **_head(date(2027, 9, 13)),
        unit_name=STONE,
        checked_on=date(2027, 9, 10),
        findings=FINDINGS,
        due=date(2027, 10, 15),
        cc=("云城区工业和信息化主管部门",),
    )


def recheck_opinion():
    return p.RecheckInputs(
        **_head(date(2027, 10, 20)),
        unit_name=STONE,
        notice_number="云工信函〔2027〕45号",
        rechecked_on=date(2027, 10, 18),
        findings=(
            p.FindingLine("能源计量", FINDINGS[0].found, "已配备计量器具。"),
            p.FindingLine("固体废物台账", FINDINGS[1].found, "台账仍缺少五月份记录。"),
        ),
        next_due=date(2027, 11, 15),
        cc=("云城区工业和信息化主管部门",),
    )


def incident_report():
    return p.IncidentReportInputs(
        **_head(date(2027, 8, 3)),
        report_to="广东省工业和信息化厅",
        unit_name="云浮市示例化工有限公司",
        kind_label=FACTORY,
        level_label="市级",
        area_name="云城区",
        incident_type="突发环境污染事件",
        grade="Ⅱ级（重大）",
        occurred_at=datetime(2027, 8, 3, 6, 20, tzinfo=LOCAL),
        learnt_at=datetime(2027, 8, 3, 7, 5, tzinfo=LOCAL),
        place="云浮市云城区示例化工园",
        course=("该单位一座储罐阀门失效，部分物料进入雨水沟。",),
        losses="无人员伤亡，财产损失和环境影响正在核实。",
        measures=("已关闭雨水总排口，转移储罐剩余物料。", "有关主管部门已到现场处置，开展水质监测。"),
    )


def change_opinion():
    return p.ChangeOpinionInputs(
        **_head(date(2027, 7, 6)),
        area_department="云安区工业和信息化主管部门",
        unit_name="云浮市示例新名有限公司",
        kind_label=FACTORY,
        level_label="省级、市级",
        listed_year="2025",
        change_label="名称变更",
        received_on=date(2027, 6, 30),
        completed_on=date(2027, 6, 15),
        facts=(p.ChangedFact("单位名称", "云浮市示例旧名有限公司", "云浮市示例新名有限公司"),),
        opinion="同意变更并保留",
        reasons=("登记机关已核准名称变更，统一社会信用代码、生产地址和组织边界均未变化。",),
        higher_level=True,
        cc=("云浮市示例新名有限公司",),
    )


def removal_intent():
    return p.RemovalIntentInputs(
        **_head(date(2027, 5, 10)),
        unit_name="云浮市示例化工有限公司",
        kind_label=FACTORY,
        listed_year="2025",
        facts=("你单位应当于2027年4月15日前填报年度动态管理表，经四次催报，至今未填报。",),
        ground=LATE,
        ground_text="拒不按时填报动态管理表",
        immediate=False,
        statement_days=5,
        statement_due=date(2027, 5, 17),
        address="云浮市云城区示例路1号",
    )


def removal_announcement():
    row = p.RemovedLine(
        "云浮市示例化工有限公司", FACTORY, "云城区", "2025", "第二十一条第二款", date(2027, 8, 9)
    )
    return p.RemovalAnnouncementInputs(
        **_head(date(2027, 8, 9)),
        rows=(row,),
        facts=("2027年8月3日，云浮市示例化工有限公司发生Ⅱ级（重大）突发环境污染事件。",),
        immediate=True,
        cc=("广东省工业和信息化厅",),
    )


def evaluator_notice():
    return p.EvaluatorNoticeInputs(
        **_head(date(2027, 7, 20)),
        evaluator_name="示例绿色评价（广东）有限公司",
        findings=("评价报告所附现场照片与受评价单位实际不符。", "未核实受评价单位的能源消费统计报表。"),
        from_tip=False,
        until=date(2028, 7, 20),
        cc=("广东省工业和信息化厅",),
    )


def tip_accepted():
    return p.TipAcceptedInputs(**_tip(date(2027, 3, 8)), close_due=date(2027, 5, 7))


def tip_refused():
    return p.TipRefusedInputs(**_tip(date(2027, 3, 8)), reasons=("未提供佐证材料，经告知后仍未补充。",))


def tip_result():
    return p.TipResultInputs(
        **_tip(date(2027, 4, 26)),
        accepted_number="云工信举告〔2027〕1号",
        course=("我局会同所在县（市、区）工业和信息化主管部门核对了统计报表和能源计量记录。",),
        finding="部分属实",
        outcome="整改",
    )


def revocation():
    return p.RevocationInputs(
        **_head(date(2027, 7, 2)),
        revoked_title="云浮市工业和信息化局关于公布2027年度市级绿色制造名单的通知",
        revoked_number="云工信〔2027〕21号",
        revoked_on=date(2027, 6, 18),
        reasons=("所附名单的公示期不符合规定。",),
    )


def annual_summary():
    return p.AnnualSummaryInputs(
        **_head(date(2027, 12, 28)),
        year=2027,
        rows=(
            p.AreaLine("云城区", 12, 10, 9, 4, 18, 16, 16, 1, 0),
            p.AreaLine("云安区", 8, 7, 6, 3, 12, 11, 10, 0, 1),
            p.AreaLine("佛山（云浮）产业转移工业园", 5, 5, 5, 2, 7, 6, 6, 0, 0),
        ),
        remarks=("云安区一家单位因未按时填报被移出市级名单。",),
    )


def specimen(kind):
    """Invented inputs of a kind."""
    return globals()[kind]()
