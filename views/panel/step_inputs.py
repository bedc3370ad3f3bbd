"""Form inputs of a step: the fields of its dialog, and how they are read back."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request

from app import clock
from app.policy.flow import NotAllowed
from app.policy.terms import Defect
from app.services.core import records, rules
from app.services.core.process import StepInput
from models.filing.applications import Application, Correction

Inputs = list[dict[str, Any]]

# An application's correctable matters: fields of its form, and things that are no field.
CORRECTABLE = ("platform_receipt", "submitted_on", "评价报告", "真实性承诺", "资格核查", "证明材料")


def _correction_inputs() -> Inputs:
    options = [(name, records.label_of(Application, name)) for name in CORRECTABLE]
    due = rules.due_after(clock.now(), "correction_days")
    return [
        {"name": "corrected", "label": "补正事项", "choices": options, "type": "multiple", "required": True},
        {"name": "defect", "label": "问题", "choices": Defect.choices(), "required": True},
        {"name": "note", "label": "说明", "type": "textarea", "required": True},
        {"name": "due", "label": "补正期限", "type": "date", "required": True, "value": due.isoformat()},
    ]


def _day_input(name: str, label: str, help: str = "") -> Callable[[], Inputs]:
    def inputs() -> Inputs:
        today = clock.today().isoformat()
        return [
            {"name": name, "label": label, "type": "date", "required": True, "value": today, "help": help}
        ]

    return inputs


def _text_input(name: str, label: str, required: bool = True) -> Callable[[], Inputs]:
    return lambda: [{"name": name, "label": label, "type": "textarea", "required": required}]


INPUTS: dict[str, Callable[[], Inputs]] = {
    "corrections": _correction_inputs,
    "first_day": _day_input("first_day", "公示首日", "末日按设置的天数（含首日、末日）自动计算。"),
    "received_on": _day_input("received_on", "收到日期"),
    "matter": _text_input("matter", "异议事项"),
    "objector": lambda: [
        {
            "name": "objector",
            "label": "异议人（姓名或单位）",
            "required": True,
            "help": "须实名；界面上隐去，不转县级。",
        },
        {"name": "phone", "label": "异议人联系方式", "required": True},
    ],
    "question": _text_input("question", "请县级核查的事项"),
    "due": lambda: [{"name": "due", "label": "答复期限", "type": "date", "required": True}],
    "total": lambda: [{"name": "total", "label": "总分", "type": "number", "required": True, "unit": "分"}],
    "remark": _text_input("remark", "评审意见"),
    "file": lambda: [{"name": "file", "label": "文件", "type": "file", "required": True}],
    "paper_table": lambda: [
        {
            "name": "table",
            "label": "各份不同的内容",
            "type": "textarea",
            "required": True,
            "help": "从表格软件粘贴：第一行为栏目名称（如“部门名称、需部门核查的事项”），以下每行一份。",
        }
    ],
    "until": lambda: [
        {
            "name": "until",
            "label": "延至",
            "type": "date",
            "required": True,
            "help": "须晚于现定的补正期限；法定期限不能延期。",
        }
    ],
    "told_on": _day_input("told_on", "日期"),
    "said": _text_input("said", "情况（告知了谁、如何答复）"),
    "answer": _text_input("answer", "审签意见", required=False),
}

# These are one text each; the dialog has its own box for it.
REASONS = {"reason": "理由", "conclusion": "核查结论和理由", "report": "核查情况"}


def inputs(asks: tuple[str, ...]) -> Inputs:
    """Return the inputs of everything that a step asks beside its reason."""
    return [item for ask in asks if ask in INPUTS for item in INPUTS[ask]()]


def reason_label(asks: tuple[str, ...]) -> str:
    """Return the label of the reason box, "" where no reason is asked."""
    return next((label for ask, label in REASONS.items() if ask in asks), "")


def text(name: str) -> Callable[[], str]:
    """Return a reader of a posted text, for the inputs of an action."""
    return lambda: request.form.get(name, "")


def day(name: str, label: str) -> Callable[[], date | None]:
    """Return a reader of a posted day, for the inputs of an action."""
    return lambda: posted_day(name, label)


def decimal(name: str, label: str) -> Callable[[], Decimal]:
    """Return a reader of a posted number, for the inputs of an action."""
    return lambda: posted_decimal(name, label)


def posted_day(name: str, label: str) -> date | None:
    """Return a posted day, None when empty. Raises NotAllowed for any other text."""
    typed = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise NotAllowed(f"{label}应写成“年-月-日”，如 2026-06-12。") from None


def posted_decimal(name: str, label: str) -> Decimal:
    """Return a posted number. Raises NotAllowed in words."""
    try:
        value = Decimal(request.form.get(name, "").strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise NotAllowed(f"{label}应为数字。")
    return value


def posted_step(asks: tuple[str, ...], correctable: Sequence[tuple[str, str]] | None = None) -> StepInput:
    """Return everything that was entered with a step. Raises NotAllowed in words."""
    return StepInput(
        reason=request.form.get("reason", ""),
        corrections=posted_corrections(correctable) if "corrections" in asks else [],
        details={"first_day": posted_day("first_day", "公示首日")} if "first_day" in asks else {},
    )


def posted_corrections(choices: Sequence[tuple[str, str]] | None = None) -> list[Correction]:
    """Return the ticked corrections with their deadline. Raises NotAllowed when the defect or the day is missing.

    `choices` are field and label of each correctable matter; an application's where not given.
    """
    labels = dict(choices or [(name, records.label_of(Application, name)) for name in CORRECTABLE])
    due, defect = posted_day("due", "补正期限"), request.form.get("defect", "")
    if due is None or due < clock.today() or defect not in dict(Defect.choices()):
        raise NotAllowed("请填写补正问题和不早于今天的补正期限。")
    note = request.form.get("note", "")
    names = [name for name in request.form.getlist("corrected") if name in labels]
    return [Correction(field=name, label=labels[name], defect=defect, note=note, due=due) for name in names]
