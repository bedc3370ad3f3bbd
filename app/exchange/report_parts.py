"""The sheets of self-check and changes in the workbook of annual figures: written and read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.exchange import normalise, quantities
from app.exchange.columns import compact
from app.exchange.errors import ExchangeError
from app.exchange.places import cell_name
from app.policy import spelling
from app.policy.reports import cell_values, self_check
from app.policy.reports.self_check import QUESTIONS, Question
from app.policy.terms import ChangeKind

SELF_CHECK, CHANGES = "合规自查", "重大事项变更"
CODE, NAME = "统一社会信用代码", "单位名称"
KIND, STATED = "变更事项", "是否变更"
FIELDS = {"before": "变更前", "after": "变更后", "changed_on": "手续办结日期", "reason": "原因"}
MAX_LENGTHS = {"note": 500, "before": 300, "after": 300, "reason": 500}
YEARS = range(1990, 2101)
MAX_QUOTE = 60  # characters of a foreign cell in a sentence
_KINDS = {compact(kind.label): kind for kind in ChangeKind} | {kind.label[:2]: kind for kind in ChangeKind}


@dataclass
class Statements:
    """The statements of one unit in these sheets, without its empty cells."""

    row: int
    name: str
    answers: dict[str, dict[str, str]] = field(default_factory=dict)  # question → answer, note, text
    changes: dict[str, dict[str, Any] | None] = field(default_factory=dict)  # kind → the change, or None
    problems: list[str] = field(default_factory=list)


# --- out --------------------------------------------------------------------------------------------------


def write(book: Any, styles: Mapping[str, Any], lines: Sequence[Any]) -> None:
    """Add both sheets with the known answers; `lines` have code, name, answers and statements."""
    _write_checks(book.add_worksheet(SELF_CHECK), styles, lines)
    _write_changes(book.add_worksheet(CHANGES), styles, lines)


def _write_checks(page: Any, styles: Mapping[str, Any], lines: Sequence[Any]) -> None:
    headings = [CODE, NAME, *_question_labels()]
    hints = ["按单位一行", "", *(text for question in QUESTIONS for text in _hints(question))]
    _write_head(page, styles, f"{SELF_CHECK}：逐项作答，空着的保留原来的内容", headings, hints)
    for row, line in enumerate(lines, start=3):
        _texts(page, row, styles["text"], [line.code, line.name, *_known_answers(line)])
    for number, question in enumerate(QUESTIONS):
        _choices(page, 2 + 2 * number, len(lines), [label for _, label in question.choices])


def _known_answers(line: Any) -> Iterator[str]:
    for question in QUESTIONS:
        answer = line.answers.get(question.code) or {}
        yield dict(question.choices).get(answer.get("answer", ""), "")
        yield answer.get("note", "")


def _write_changes(page: Any, styles: Mapping[str, Any], lines: Sequence[Any]) -> None:
    _write_head(
        page,
        styles,
        f"{CHANGES}：没有变更的填否或空着（第二十条）",
        [CODE, NAME, KIND, STATED, *FIELDS.values()],
        ["按单位和事项一行", "", "", "填是或否", "填是的必填", "填是的必填", "年-月-日", "填是的必填"],
    )
    pairs = [(line, kind) for line in lines for kind in ChangeKind]
    for row, (line, kind) in enumerate(pairs, start=3):
        statement = next((each for each in line.statements if each["kind"] == kind.value), None)
        details = ["是", *(str(statement[name] or "") for name in FIELDS)] if statement else [""]
        _texts(page, row, styles["text"], [line.code, line.name, kind.label, *details])
    _choices(page, 3, len(pairs), ["是", "否"])


def _question_labels() -> list[str]:
    return [label for question in QUESTIONS for label in (question.label, _note_label(question))]


def _note_label(question: Question) -> str:
    return f"{question.label}：说明"


def _hints(question: Question) -> tuple[str, str]:
    answers = "、".join(label for _, label in question.choices)
    return f"{question.cited}；填{answers}", "答“是”的必填" if question.asks_note else "选填"


def _write_head(
    page: Any, styles: Mapping[str, Any], title: str, headings: Sequence[str], hints: Sequence[str]
) -> None:
    page.write_string(0, 0, title, styles["bold"])
    for column, (label, hint) in enumerate(zip(headings, hints, strict=True)):
        page.write_string(1, column, label, styles["heading"])
        page.write_string(2, column, hint, styles["hint"])
    page.set_row(1, 64)
    page.set_row(2, 32)
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 28)
    page.set_column(2, len(headings) - 1, 18)
    page.freeze_panes(3, 2)


def _texts(page: Any, row: int, style: Any, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts):
        write = page.write_string if text else page.write_blank
        write(row, column, text or None, style)


def _choices(page: Any, column: int, count: int, labels: Sequence[str]) -> None:
    rule = {"validate": "list", "source": list(labels), "error_type": "warning"}
    page.data_validation(3, column, max(3, 2 + count), column, rule)


# --- in ---------------------------------------------------------------------------------------------------


def is_part(headings: Iterable[Any]) -> bool:
    """Return whether a row of headings belongs to one of these sheets."""
    labels = {compact(cell) for cell in headings if isinstance(cell, str)}
    return compact(CODE) in labels and bool(
        labels & {compact(KIND), *(compact(question.label) for question in QUESTIONS)}
    )


def read(sheet: str, rows: Sequence[Sequence[Any]], top: int, found: dict[str, Statements]) -> None:
    """Add the statements of one sheet to `found`, by credit code. Raises ExchangeError for repeated or unknown columns."""
    columns = _columns(sheet, rows[top], top + 1)
    read_line = _read_change if KIND in columns else _read_check
    for number, row in enumerate(rows[top + 1 :], top + 2):
        line = _Line(sheet, number, row, columns)
        if line.is_hint or line.is_empty:
            continue
        stated = found.setdefault(line.code, Statements(number, line.text(NAME)))
        read_line(line, stated)
        stated.problems += line.problems


def _columns(sheet: str, headings: Sequence[Any], row: int) -> dict[str, int]:
    known = {compact(label): label for label in (CODE, NAME, KIND, STATED, *FIELDS.values())}
    known |= {compact(label): label for label in _question_labels()}
    columns: dict[str, int] = {}
    for column, cell in enumerate(headings):
        label = compact(cell) if isinstance(cell, str) else ""
        if not label:
            continue
        if label not in known:
            raise ExchangeError(
                f"“{sheet}”表 {cell_name(row, column)} 的列名“{cell[:MAX_QUOTE]}”不是模板中的列；请改正或删去后重新上传。"
            )
        if known[label] in columns:
            raise ExchangeError(f"“{sheet}”表有重复的列“{known[label]}”；请删去多余的列。")
        columns[known[label]] = column
    return columns


class _Line:
    """One row of a sheet, with the problems met in it: place and remedy."""

    def __init__(self, sheet: str, number: int, row: Sequence[Any], columns: Mapping[str, int]) -> None:
        self._sheet, self._number, self._row, self._columns = sheet, number, row, columns
        self.problems: list[str] = []
        self.code = spelling.code(self.text(CODE))

    @property
    def is_hint(self) -> bool:
        """Return the line of hints under the headings."""
        return self.code.startswith("按单位")

    @property
    def is_empty(self) -> bool:
        """Return whether a row has no value beyond code, name and kind, which the template holds for every unit."""
        return not any(
            not normalise.is_blank(self.cell(label))
            for label in self._columns
            if label not in (CODE, NAME, KIND)
        )

    def cell(self, label: str) -> Any:
        """Return the cell under a heading, None where the column is missing."""
        column = self._columns.get(label, len(self._row))
        return self._row[column] if column < len(self._row) else None

    def where(self, label: str) -> str:
        """Return the place of a cell in words."""
        return f"“{self._sheet}”表 {cell_name(self._number, self._columns[label])}"

    def report(self, label: str, words: str) -> None:
        """Add a problem of a cell."""
        self.problems.append(f"{self.where(label)}：{words.rstrip('。')}。")

    def text(self, label: str, max_length: int = 1000) -> str:
        """Return the text of a cell, "" with a problem if it cannot be read."""
        try:
            value, _ = normalise.plain(self.cell(label))
            text = normalise.clean(value)
        except normalise.Problem as problem:
            self.report(label, str(problem))
            return ""
        if len(text) > max_length:
            self.report(label, f"“{label}”有{len(text)}字，超过{max_length}字，请精简")
        return text

    def day(self, label: str) -> date | None:
        """Return the date in a cell, None with a problem if it cannot be read."""
        try:
            value, _ = normalise.plain(self.cell(label))
            return quantities.day("" if value is None else value, YEARS)[0]
        except normalise.Problem as problem:
            self.report(label, str(problem))
            return None


def _read_check(line: _Line, stated: Statements) -> None:
    if stated.answers:
        line.problems.append(f"{line.where(CODE)}：与前面的行是同一单位，请只留一行。")
        return
    for question in QUESTIONS:
        written = line.text(question.label)
        note = line.text(_note_label(question), MAX_LENGTHS["note"])
        try:
            answer = self_check.read_answer(question, written)
        except cell_values.Refused as refusal:
            line.report(question.label, str(refusal))
            continue
        if answer or note:
            stated.answers[question.code] = {"answer": answer, "note": note, "written": written}


def _read_change(line: _Line, stated: Statements) -> None:
    kind = _KINDS.get(compact(line.text(KIND)))
    if kind is None:
        labels = "、".join(each.label for each in ChangeKind)
        line.report(KIND, f"变更事项“{line.text(KIND)}”不在四项之内，请填{labels}之一")
        return
    if kind.value in stated.changes:
        line.report(KIND, f"“{kind.label}”与前面的行重复，请只留一行")
        return
    details: dict[str, Any] = {
        name: line.text(label, MAX_LENGTHS[name]) for name, label in FIELDS.items() if name in MAX_LENGTHS
    }
    details["changed_on"] = line.day(FIELDS["changed_on"])
    try:
        changed = cell_values.read_flag(f"{kind.label}：{STATED}", line.text(STATED))
    except cell_values.Refused as refusal:
        line.report(STATED, str(refusal))
        return
    if changed is None:
        line.report(STATED, f"填写了“{kind.label}”的内容，请填“是”；没有变更的填“否”")
    elif changed:
        for name in self_check.statement_gaps(details):
            line.report(FIELDS[name], f"已声明“{kind.label}”，请填写{FIELDS[name]}（第二十条）")
        stated.changes[kind.value] = details
    else:
        stated.changes[kind.value] = None
