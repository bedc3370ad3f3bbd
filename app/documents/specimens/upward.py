"""Specimens of what is asked of departments and sent to the province."""

from datetime import date, datetime

from app.documents.specimens.city import (
    ALUMINIUM,
    DEPARTMENTS,
    FACTORY,
    LOCAL,
    PLATFORM,
    REMOVED,
    STONE,
    head,
)
from app.policy import paper_inputs as p


def consultation():
    return p.ConsultationInputs(
        **head(date(2027, 6, 19)),
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
        **head(date(2027, 6, 29)),
        year=2027,
        province_department="广东省工业和信息化厅",
        province_rules="《广东省绿色工厂梯度培育管理实施细则》（粤工信规字〔2024〕4号）",
        platform=PLATFORM,
        units=(
            p.NominatedLine(
                STONE,
                "91445302MA5DEM0128",
                FACTORY,
                "云城区",
                "建筑用石加工",
                "2027",
                "固体废物综合利用水平较高",
            ),
        ),
        opinions=(*replies, silent),
        changes=(
            p.ChangeLine(
                "云浮市示例新名有限公司",
                "省级",
                FACTORY,
                "名称变更",
                "云浮市示例旧名有限公司",
                "云浮市示例新名有限公司",
                "同意变更并保留",
            ),
        ),
        removed=REMOVED,
    )


def change_opinion():
    return p.ChangeOpinionInputs(
        **head(date(2027, 7, 6)),
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


def incident_report():
    return p.IncidentReportInputs(
        **head(date(2027, 8, 3)),
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
