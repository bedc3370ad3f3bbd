"""Self-check and stated changes in the workbook of annual figures: a sheet each, out and back in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.exchange import normalise
from app.exchange.columns import compact
from app.exchange.errors import ExchangeError
from app.policy.reports import reporting
from app.policy.reports.reporting import QUESTIONS, Question
from app.policy.terms import ChangeKind

SELF_CHECK, CHANGES = "合规自查", "重大事项变更"
CODE, NAME = "统一社会信用代码", "单位名称"
KIND, STATED = "变更事项", "是否变更"
FIELDS = {"before": "变更前", "after": "变更后", "changed_on": "手续办结日期", "reason": "原因"}
MOST = {"note": 500, "before": 300, "after": 300, "reason": 500}
YEARS = range(1990, 2101)
LONGEST_SHOWN = 60  # characters of a foreign cell in a sentence
_KINDS = {compact(kind.label): kind for kind in ChangeKind} | {kind.label[:2]: kind for kind in ChangeKind}


@dataclass
class Stated:
    """What one unit states in these sheets; a cell left empty is not in it."""

    row: int
    name: str
    answers: dict[str, dict[str, str]] = field(default_factory=dict)  # question → answer, note, written
    changes: dict[str, dict[str, Any] | None] = field(
        default_factory=dict
    )  # kind → what changed; None: nothing
    problems: list[str] = field(default_factory=list)


def place(row: int, column: int) -> str:
    """A cell as people find it: row 5 and the third column are C5."""
    letters, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row}"


# --- out --------------------------------------------------------------------------------------------------


def write(book: Any, styles: Mapping[str, Any], lines: Sequence[Any]) -> None:
    """Both sheets, with what is known already; `lines` have code, name, answers and statements."""
    checks = book.add_worksheet(SELF_CHECK)
    headings = [CODE, NAME, *(label for one in QUESTIONS for label in (one.label, _note(one)))]
    hints = ["按单位一行", "", *(text for one in QUESTIONS for text in _hints(one))]
    _head(checks, styles, f"{SELF_CHECK}：逐项作答，空着的保留原来的内容", headings, hints)
    for row, line in enumerate(lines, start=3):
        given = [line.answers.get(one.code) or {} for one in QUESTIONS]
        said = [
            text
            for one, answer in zip(QUESTIONS, given, strict=True)
            for text in (dict(one.choices).get(answer.get("answer", ""), ""), answer.get("note", ""))
        ]
        _texts(checks, row, styles["text"], [line.code, line.name, *said])
    for number, one in enumerate(QUESTIONS):
        _choices(checks, 2 + 2 * number, len(lines), [label for _, label in one.choices])
    changes = book.add_worksheet(CHANGES)
    _head(
        changes,
        styles,
        f"{CHANGES}：没有变更的填否或空着（第二十条）",
        [CODE, NAME, KIND, STATED, *FIELDS.values()],
        ["按单位和事项一行", "", "", "填是或否", "填是的必填", "填是的必填", "年-月-日", "填是的必填"],
    )
    row = 3
    for line in lines:
        stored = {one["kind"]: one for one in line.statements}
        for kind in ChangeKind:
            one = stored.get(kind.value)
            told = [str(one[name] or "") for name in FIELDS] if one else []
            _texts(
                changes, row, styles["text"], [line.code, line.name, kind.label, "是" if one else "", *told]
            )
            row += 1
    _choices(changes, 3, row - 3, ["是", "否"])


def _note(one: Question) -> str:
    return f"{one.label}：说明"


def _hints(one: Question) -> tuple[str, str]:
    answers = "、".join(label for _, label in one.choices)
    return f"{one.cited}；填{answers}", "答“是”的必填" if one.asks_note else "选填"


def _head(
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
    """Whether a row of headings is one of these sheets'."""
    labels = {compact(cell) for cell in headings if isinstance(cell, str)}
    return compact(CODE) in labels and bool(
        labels & {compact(KIND), *(compact(one.label) for one in QUESTIONS)}
    )


def read(sheet: str, rows: Sequence[Sequence[Any]], top: int, found: dict[str, Stated]) -> None:
    """Add what one sheet says to `found`, by credit code. Raises ExchangeError for repeated or unknown columns."""
    columns = _columns(sheet, rows[top], top + 1)
    take = _change if KIND in columns else _check
    for number, row in enumerate(rows[top + 1 :], top + 2):
        line = _Line(sheet, number, row, columns)
        if line.is_hint or line.is_empty:
            continue
        stated = found.setdefault(line.code, Stated(number, line.text(NAME)))
        take(line, stated)
        stated.problems += line.problems


def _columns(sheet: str, headings: Sequence[Any], row: int) -> dict[str, int]:
    known = {compact(label): label for label in (CODE, NAME, KIND, STATED, *FIELDS.values())}
    known |= {compact(label): label for one in QUESTIONS for label in (one.label, _note(one))}
    found: dict[str, int] = {}
    for column, cell in enumerate(headings):
        label = compact(cell) if isinstance(cell, str) else ""
        if not label:
            continue
        if label not in known:
            raise ExchangeError(
                f"“{sheet}”表 {place(row, column)} 的列名“{cell[:LONGEST_SHOWN]}”不是模板中的列；请改正或删去后重新上传。"
            )
        if known[label] in found:
            raise ExchangeError(f"“{sheet}”表有重复的列“{known[label]}”；请删去多余的列。")
        found[known[label]] = column
    return found


class _Line:
    """One row of a sheet; what cannot be read is taken down with its place and the remedy."""

    def __init__(self, sheet: str, number: int, row: Sequence[Any], columns: Mapping[str, int]) -> None:
        self._sheet, self._number, self._row, self._columns = sheet, number, row, columns
        self.problems: list[str] = []
        self.code = self.text(CODE).upper().replace(" ", "")

    @property
    def is_hint(self) -> bool:
        return self.code.startswith("按单位")

    @property
    def is_empty(self) -> bool:
        """Names alone say nothing: the template has them for everybody."""
        return not any(
            self.cell(label) not in (None, "") for label in self._columns if label not in (CODE, NAME, KIND)
        )

    def cell(self, label: str) -> Any:
        column = self._columns.get(label, len(self._row))
        return self._row[column] if column < len(self._row) else None

    def where(self, label: str) -> str:
        return f"“{self._sheet}”表 {place(self._number, self._columns[label])}"

    def wrong(self, label: str, words: str) -> None:
        self.problems.append(f"{self.where(label)}：{words.rstrip('。')}。")

    def text(self, label: str, most: int = 1000) -> str:
        try:
            value, _ = normalise.plain(self.cell(label))
            text = normalise.clean(value)
        except normalise.Problem as problem:
            self.wrong(label, str(problem))
            return ""
        if len(text) > most:
            self.wrong(label, f"“{label}”有{len(text)}字，超过{most}字，请精简")
        return text

    def day(self, label: str) -> date | None:
        try:
            value, _ = normalise.plain(self.cell(label))
            return normalise.day("" if value is None else value, YEARS)[0]
        except normalise.Problem as problem:
            self.wrong(label, str(problem))
            return None


def _check(line: _Line, stated: Stated) -> None:
    if stated.answers:
        line.problems.append(f"{line.where(CODE)}：与前面的行是同一单位，请只留一行。")
        return
    for one in QUESTIONS:
        written, note = line.text(one.label), line.text(_note(one), MOST["note"])
        try:
            answer = reporting.answer(one, written)
        except reporting.Refused as refusal:
            line.wrong(one.label, str(refusal))
            continue
        if answer or note:
            stated.answers[one.code] = {"answer": answer, "note": note, "written": written}


def _change(line: _Line, stated: Stated) -> None:
    kind = _KINDS.get(compact(line.text(KIND)))
    if kind is None:
        labels = "、".join(one.label for one in ChangeKind)
        line.wrong(KIND, f"变更事项“{line.text(KIND)}”不在四项之内，请填{labels}之一")
        return
    if kind.value in stated.changes:
        line.wrong(KIND, f"“{kind.label}”与前面的行重复，请只留一行")
        return
    said = {name: line.text(label, MOST[name]) for name, label in FIELDS.items() if name in MOST}
    told = {**said, "changed_on": line.day(FIELDS["changed_on"])}
    try:
        changed = reporting.flag(f"{kind.label}：{STATED}", line.text(STATED))
    except reporting.Refused as refusal:
        line.wrong(STATED, str(refusal))
        return
    if changed is None:
        line.wrong(STATED, f"填写了“{kind.label}”的内容，请填“是”；没有变更的填“否”")
    elif changed:
        for name in reporting.statement_gaps(told):
            line.wrong(FIELDS[name], f"已声明“{kind.label}”，请填写{FIELDS[name]}（第二十条）")
        stated.changes[kind.value] = told
    else:
        stated.changes[kind.value] = None
