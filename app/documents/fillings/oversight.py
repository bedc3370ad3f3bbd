"""Papers of oversight (第十九条, 第二十一至二十三条): checks, removals, reports, evaluators."""

from app.documents.filling import fills
from app.documents.fillings.columns import copies, table_or_none
from app.documents.layout import chinese
from app.documents.layout.tables import Column, Form

ITEM = Column("事项", 2000)


def finding_table(findings, demand):
    columns = (ITEM, Column("发现的情况", 3300), Column(demand, 3000))
    return table_or_none(columns, [(f.item, f.found, f.demand) for f in findings])


@fills("spot_check_record")
def spot_check_record(inputs):
    form = Form(
        (
            ("被查单位", inputs.unit_name),
            ("类别", inputs.kind_label),
            ("所在县（市、区）", inputs.area_name),
            ("检查地点", inputs.address),
            ("检查日期", chinese.day(inputs.checked_on)),
            ("检查人员", inputs.checkers),
            ("单位陪同人员", inputs.received_by),
            ("检查依据", f"《{inputs.rules_title}》（{inputs.rules_number}）第十九条"),
            ("检查内容", inputs.scope),
        )
    )
    blanks = ("检查人员签字", "单位意见", "单位负责人签字（盖章）", "签字日期")
    signatures = Form((("检查结论", inputs.conclusion), *((label, "") for label in blanks)))
    columns = (ITEM, Column("发现的情况", 6000))
    rows = [(f.item, f.found) for f in inputs.findings]
    return {
        "check_form": form,
        "finding_table": table_or_none(columns, rows),
        "signature_form": signatures,
    }, {"发现问题": bool(rows), "未发现问题": not rows}


@fills("rectification_notice")
def rectification_notice(inputs):
    values = copies(inputs) | {"finding_table": finding_table(inputs.findings, "整改要求")}
    return values, {"现场抽查": not inputs.from_tip, "举报核实": inputs.from_tip}


@fills("recheck_opinion")
def recheck_opinion(inputs):
    values = copies(inputs) | {"finding_table": finding_table(inputs.findings, "整改情况")}
    return values, {"整改到位": inputs.next_due is None, "整改未到位": inputs.next_due is not None}


@fills("removal_intent")
def removal_intent(inputs):
    return {}, {"随年度名单移出": not inputs.immediate, "及时移出": inputs.immediate}


@fills("evaluator_notice")
def evaluator_notice(inputs):
    return copies(inputs), {
        "评价过程问题": not inputs.from_tip,
        "举报核实": inputs.from_tip,
        "不再采信": inputs.until is not None,
    }


@fills("tip_result")
def tip_result(inputs):
    return {}, {case: inputs.outcome == case for case in ("不实", "整改", "移出", "第三方处理")}
