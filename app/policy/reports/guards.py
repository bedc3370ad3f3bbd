"""Conditions of the steps of an annual report."""

from __future__ import annotations

from typing import Any

from app.policy.flow import Moment
from app.policy.reports.calculation import figures, impossible_figures, missing_cells
from app.policy.reports.self_check import self_check_gaps


def platform_filed(report: Any, moment: Moment) -> str:
    if report.platform_receipt and report.submitted_on:
        return ""
    return "缺少管理平台受理号或提交日期（第六条、第十八条），请按平台回执填写。"


def filled_in(report: Any, moment: Moment) -> str:
    """Demand every required cell filled in or marked 不涉及, and none impossible."""
    definition, head = report.definition, report.head
    unnamed = [
        label for key, label in (("name", "单位名称"), ("address", "生产地址")) if not head[key].strip()
    ]
    missing = missing_cells(definition, report.cells, report.skipped)
    wrong = impossible_figures(definition, figures(definition, report.cells))
    shown = "、".join(cell.name for cell in missing[:8]) + ("等" if len(missing) > 8 else "")
    lacking = f"表头的{'、'.join(unnamed)}没有填写。" if unnamed else ""
    lacking += f"还有 {len(missing)} 项必填指标没有填写：{shown}。" if missing else ""
    return lacking + "".join(wrong.values())


def self_checked(report: Any, moment: Moment) -> str:
    lacking = list(self_check_gaps(report.answers))
    return "".join(lacking[:3]) + (f"另有 {len(lacking) - 3} 项合规自查未完成。" if len(lacking) > 3 else "")


def explained(report: Any, moment: Moment) -> str:
    """Demand each doubt explained, or its cell corrected."""
    waiting = [finding for finding in report.findings if not (finding.explanation or "").strip()]
    return f"还有 {len(waiting)} 处数据疑点没有更正或说明，请逐条处理。" if waiting else ""
