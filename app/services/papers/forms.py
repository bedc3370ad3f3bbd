"""From what somebody types or pastes to the inputs of a paper, with sentences that name the field."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from types import UnionType
from typing import Any, get_args
from zoneinfo import ZoneInfo

from app.documents import labels
from app.policy import papers as catalogue
from app.policy.flow import NotAllowed
from app.services.papers.values import row_type, types_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_NUMBER = 9  # digits: years, days, counts
# What fields are called that no wording names: tables and rows.
LABELS = {
    "units": "单位名单",
    "rows": "明细",
    "standards": "评价标准",
    "factories": "绿色工厂",
    "parks": "绿色工业园区",
    "supply_chains": "绿色供应链管理企业",
    "removed": "移出单位",
    "renamed": "更名单位",
    "provincial": "省级名单单位",
    "opinions": "部门意见",
    "changes": "变更事项",
    "entries": "催报记录",
    "facts": "事实或变更事项",
    "findings": "问题",
    "immediate": "及时移出",
    "higher_level": "涉及上一级名单",
    "from_tip": "由举报核实引起",
    "cc": "抄送机关",
    "name": "单位名称",
    "kind_label": "类别",
    "area_name": "县（市、区）",
    "industry": "所属行业",
    "listed_year": "列入年度",
    "ground": "依据条款",
    "removed_on": "移出日期",
    "name_before": "原名称",
    "name_after": "现名称",
    "source": "列入依据",
    "code": "标准编号",
    "credit_code": "统一社会信用代码",
    "mode_label": "评价方式",
    "evaluator": "第三方机构",
    "standard": "评价标准",
    "score": "得分",
    "output": "上年产值（万元）",
    "energy": "综合能耗（tce）",
    "exclusions": "负面清单核查",
    "opinion": "意见",
    "contact": "联系人",
    "phone": "联系电话",
    "reason": "推荐理由",
    "department": "部门",
    "asked_on": "发函日期",
    "replied_on": "回复日期",
    "result": "结果",
    "remark": "备注",
    "level_label": "名单级别",
    "change_label": "变更事项",
    "before": "变更前",
    "after": "变更后",
    "label": "变更事项",
    "step": "催报节点",
    "sent_at": "时间",
    "recipient": "接收人",
    "channel": "方式",
    "note": "备注",
    "item": "事项",
    "found": "发现的情况",
    "demand": "整改要求或整改情况",
    "first": "评分一",
    "second": "评分二",
    "third": "评分三",
    "total": "综合得分",
    "applied": "申报",
    "recommended": "县级推荐",
    "cultivated": "培育对象",
    "listed": "新列入",
    "in_force": "在册",
    "reports_due": "应填报",
    "reports_filed": "已填报",
    "changed": "变更",
}


def label_of(name: str, *, row: bool = False) -> str:
    """The Chinese name of an input; in a table's row the column's own."""
    own = labels.PLACEHOLDERS.get(name)
    return LABELS.get(name) or own or name if row or own is None else own


def columns(row: type) -> list[str]:
    """The headings of a table that is pasted, in their order."""
    return [
        label_of(name, row=True) + ("" if _required(field) else "（可空）") for name, field in _fields(row)
    ]


def _fields(row: type) -> list[tuple[str, dataclasses.Field[Any]]]:
    return [(field.name, field) for field in dataclasses.fields(row)]


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def inputs_of(kind: str, values: Mapping[str, Any]) -> Any:
    """The inputs from a form's texts and values; fields not given keep their default. Raises NotAllowed."""
    cls = catalogue.KINDS[kind].inputs
    hints = types_of(cls)
    missing = [name for name, field in _fields(cls) if _required(field) and name not in values]
    if missing:
        raise NotAllowed(f"缺少：{'、'.join(label_of(name) for name in missing)}。")
    return cls(
        **{name: typed(hints[name], one, label_of(name)) for name, one in values.items() if name in hints}
    )


def typed(hint: Any, value: Any, label: str) -> Any:
    """A text as the type that a field asks for; what has the type already stays. Raises NotAllowed naming the field."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if isinstance(hint, UnionType):
        inner = next(one for one in get_args(hint) if one is not type(None))
        return typed(inner, text, label) if text else None
    if row := row_type(hint):
        return pasted(row, value, label)
    if get_args(hint):
        return tuple(line.strip() for line in text.splitlines() if line.strip())
    return _scalar(hint, text, label)


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(text)
    return int(text)


def _scalar(hint: Any, text: str, label: str) -> Any:
    try:
        if hint is datetime:
            return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
        if hint is date:
            return date.fromisoformat(text)
        if hint is int:
            return _whole(text)
    except ValueError:
        shape = {datetime: "“年-月-日 时:分”", date: "“年-月-日”", int: "整数"}[hint]
        raise NotAllowed(f"{label}应写成{shape}，不能是“{text}”。") from None
    if hint is bool:
        return text in ("1", "是", "y", "true", "on")
    return text


def pasted(row: type, text: str, label: str) -> tuple[Any, ...]:
    """Rows pasted from a spreadsheet: tabs between columns, a line a row; a heading line is skipped."""
    names, hints = [field.name for _, field in _fields(row)], types_of(row)
    least = sum(_required(field) for _, field in _fields(row))
    headings = [label_of(name, row=True) for name in names]
    result = []
    for number, line in enumerate(
        (one for one in text.replace("\r\n", "\n").split("\n") if one.strip()), start=1
    ):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 and cells[0] == headings[0]:
            continue
        if not least <= len(cells) <= len(names):
            raise NotAllowed(
                f"{label}第 {number} 行有 {len(cells)} 栏，应依次为：{'、'.join(columns(row))}（栏间用制表符）。"
            )
        values = {
            name: typed(hints[name], cell, f"{label}第 {number} 行的{label_of(name, row=True)}")
            for name, cell in zip(names, cells, strict=False)
        }
        result.append(row(**values))
    return tuple(result)


def as_text(value: Any) -> Any:
    """An input as its form field shows it: tables with tabs, paragraphs by lines."""
    if isinstance(value, tuple):
        return "\n".join(
            "\t".join(_cell(row, name) for name, _ in _fields(type(row)))
            if dataclasses.is_dataclass(row)
            else row
            for row in value
        )
    return value


def _cell(row: Any, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)
