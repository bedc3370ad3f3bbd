"""Specimens of spot checks, removals and institutions."""

from datetime import date

from app.documents.specimens.city import FACTORY, FINDINGS, LATE, STONE, head
from app.policy import paper_inputs as p


def spot_check_record():
    return p.SpotCheckRecordInputs(
        **head(date(2027, 9, 10)),
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
        **head(date(2027, 9, 13)),
        unit_name=STONE,
        checked_on=date(2027, 9, 10),
        findings=FINDINGS,
        due=date(2027, 10, 15),
        cc=("云城区工业和信息化主管部门",),
    )


def recheck_opinion():
    return p.RecheckInputs(
        **head(date(2027, 10, 20)),
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


def removal_intent():
    return p.RemovalIntentInputs(
        **head(date(2027, 5, 10)),
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


def evaluator_notice():
    return p.EvaluatorNoticeInputs(
        **head(date(2027, 7, 20)),
        evaluator_name="示例绿色评价（广东）有限公司",
        findings=("评价报告所附现场照片与受评价单位实际不符。", "未核实受评价单位的能源消费统计报表。"),
        from_tip=False,
        until=date(2028, 7, 20),
        cc=("广东省工业和信息化厅",),
    )
