"""The rules in force: articles, dates, steps, grounds and discretionary values, read from the tables themselves."""

from typing import Any

from flask_admin import expose

from app.policy import articles
from app.policy.filing import cultivation, eligibility
from app.policy.resources import RESOURCES
from app.policy.terms import as_set
from app.services import settings
from app.services.core import rules
from models.settings.values import Setting
from views.settings.page import ResourcePage


class RuleView(ResourcePage):
    """Articles, steps, requirements and discretionary values, from the tables that the program uses."""

    resource = "rule"

    @expose("/")
    def index(self) -> str:
        pack = rules.pack()
        return self.render(
            "ui/rules.html",
            title=self.name,
            intro=f"{pack.rules.citation}，自{pack.rules.in_force_from}起施行，有效期至{pack.rules.in_force_to}（第二十九条）。",
            pack=[("规则包", f"{pack.city.name} {pack.version}"), ("摘要", pack.digest[:16])],
            sections=[_dates(), _steps(), _requirements(), _discretion()],
            articles=[
                (article.number, "", "\n".join(article.paragraphs)) for article in pack.articles.values()
            ],
        )


def _dates() -> dict[str, Any]:
    rows = [
        (date.label, f"{date.month}月{date.day}日", articles.article_label(date.article))
        for date in rules.pack().dates.values()
    ]
    return {
        "id": "dates",
        "title": "法定日期",
        "intro": "“前”含当日；遇节假日不顺延，只提示。",
        "headers": ("事项", "每年", "条款"),
        "rows": rows,
    }


def _steps() -> dict[str, Any]:
    rows = [
        (
            step.label,
            "、".join(sorted(stage.label for stage in as_set(step.source))),
            step.target.label,
            "、".join(role.label for role in as_set(step.by)),
            step.approved_by.label if step.approved_by else "",
            articles.article_label(step.article),
        )
        for step in cultivation.STEPS
    ]
    return {
        "id": "steps",
        "title": "办理步骤",
        "intro": "按钮、权限和办理过程都来自这张表。",
        "headers": ("步骤", "从", "到", "谁办", "谁审签", "条款"),
        "rows": rows,
    }


def _requirements() -> dict[str, Any]:
    rows = [
        (requirement.cited, requirement.label, "、".join(sorted(kind.label for kind in requirement.kinds)))
        for requirement in eligibility.REQUIREMENTS
    ]
    return {
        "id": "requirements",
        "title": "资格核查项目",
        "intro": "",
        "headers": ("条款", "内容", "适用"),
        "rows": rows,
    }


def _discretion() -> dict[str, Any]:
    values = rules.values()
    own = settings.approved_values()
    rows = []
    for row in rules.pack().discretion.values():
        setting = own.get(row.key)
        by = _set_by(setting) if setting else "规则包默认"
        rows.append(
            (
                row.label,
                row.shown(values[row.key]) or "（未填）",
                articles.article_label(row.article) + "未规定",
                by,
            )
        )
    return {
        "id": "discretion",
        "title": RESOURCES["setting"].label,
        "intro": "细则没有规定、由市局设定的事项。",
        "headers": ("事项", "现行取值", "条款", "谁提出、谁批准、理由"),
        "rows": rows,
    }


def _set_by(setting: Setting) -> str:
    both = [f"{setting.set_by}提出", f"{setting.approved_by}批准" if setting.approved_by else ""]
    return f"{'、'.join(filter(None, both))}，{setting.set_at:%Y-%m-%d}：{setting.reason}"
