"""Specimens of letters to a reporter."""

from datetime import date

from app.documents.specimens.city import head
from app.policy import paper_inputs as p


def _tip(day):
    return head(day) | {
        "reporter": "陈示例",
        "receipt": "JB-2027-0003",
        "received_on": date(2027, 3, 1),
        "subject_name": "云浮市示例化工有限公司",
        "matter": "年度动态管理表所填综合能源消费量与实际不符",
    }


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
