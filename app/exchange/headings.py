"""What the columns of a table hold: which field, of which year, in which unit.

A unit or year may stand in the heading, in a group heading above it, in a line below it, or above the table.
What is stated nowhere, or in contradiction, becomes a question: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from app.exchange.columns import BRACKETED, BY_NAME, OTHER, Field, compact, recognise, trailing_unit
from app.exchange.errors import ExchangeError
from app.exchange.header import LINE_ABOVE, Header, visible
from app.exchange.places import letters
from app.exchange.records import Column, Question
from app.policy import measures

NOT_IMPORTED = "不导入"
_BREAK = re.compile(r"[,，、;；/和及]+")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d|年\d{1,2}月)")
_RELATIVE = (
    (re.compile(r"上一?年|去年"), -1),
    (re.compile(r"前年"), -2),
    (re.compile(r"本年|今年|当年(?!价)"), 0),
)


class Columns:
    """The columns of a header as they are imported, and the questions that they leave open."""

    def __init__(
        self, header: Header, mapping: Mapping[int, str] | None, year: int, answers: Mapping[str, str]
    ) -> None:
        self.header, self.year, self.answers = header, year, answers
        self.questions: list[Question] = []
        self.columns = list(self._named(mapping))
        if mapping is None:
            for name in ("output_value", "energy"):
                self._choose_year(name)
        self._drop_repeated()

    def _named(self, mapping: Mapping[int, str] | None) -> Iterator[Column]:
        for index, texts in enumerate(self.header.texts):
            text = next((text for text in texts if recognise(text)), texts[0] if texts else "")
            field = recognise(text)
            name = (field.name if field else "") if mapping is None else mapping.get(index, "")
            if name and name not in BY_NAME:
                raise ValueError(f"no such field: {name}")
            yield Column(index, "".join(visible(text).split()), name)

    def _choose_year(self, name: str) -> None:
        """Keep the column of last year; name the others as not imported, or ask where none is last year's."""
        columns = [column for column in self.columns if column.field == name]
        years = self._years_of(columns)
        taken = self._last_year(name, years)
        for column in columns:
            if column.index in years and column.index not in taken:
                year = years[column.index]
                what = f"是{year}年的数据" if year else "没有写明年份"
                self._leave_out(column, f"{what}，只导入上年（{self.year - 1}年）的，本列未导入")

    def _years_of(self, columns: Iterable[Column]) -> dict[int, int | None]:
        """Return the stated year of each column with results; those with targets are left out."""
        years: dict[int, int | None] = {}
        for column in columns:
            if OTHER.search(compact("".join(self.header.texts[column.index]))):
                self._leave_out(column, "是目标或预计数，不是上年实绩，未导入")
            else:
                years[column.index] = self._year_of(column.index)
        return years

    def _last_year(self, name: str, years: Mapping[int, int | None]) -> list[int]:
        """Return the columns of last year, else those without a year, else the one that the sender names."""
        right = [index for index, year in years.items() if year == self.year - 1]
        undated = [index for index, year in years.items() if year is None]
        return right or undated or (self._ask_year(name, years) if years else [])

    def _year_of(self, index: int) -> int | None:
        for text in map(compact, self.header.texts[index]):
            if match := _YEAR.search(text):
                return int(match[1])
            for pattern, offset in _RELATIVE:
                if pattern.search(text):
                    return self.year + offset
        return None

    def _ask_year(self, name: str, years: Mapping[int, int | None]) -> list[int]:
        headings = {self._label(index): index for index in years}
        field = BY_NAME[name]
        given = self._ask(
            f"year:{name}",
            f"表中没有{self.year - 1}年的{field.label}，只有{'、'.join(headings)}；请选择导入哪一列，或不导入。",
            (NOT_IMPORTED, *headings),
        )
        return [] if given in ("", NOT_IMPORTED) else [headings[given]]

    def _label(self, index: int) -> str:
        return "".join(reversed([visible(text) for text in self.header.texts[index]]))

    def _drop_repeated(self) -> None:
        first: dict[str, Column] = {}
        for column in list(self.columns):
            if not column.field:
                continue
            if column.field not in first:
                first[column.field] = column
            elif column.field in ("output_value", "energy"):
                self._ask_which(column.field)
            else:
                self._leave_out(column, f"与“{first[column.field].heading}”列重复，未导入")

    def _ask_which(self, name: str) -> None:
        columns = [column for column in self.columns if column.field == name]
        if len(columns) < 2:
            return
        places = {f"{letters(column.index)}列“{column.heading}”": column for column in columns}
        given = self._ask(
            f"column:{name}",
            f"有{len(columns)}列都像“{BY_NAME[name].label}”；请选择导入哪一列。",
            tuple(places),
        )
        for label, column in places.items():
            if label != given:
                self._leave_out(column, f"与“{columns[0].heading}”列重复，未导入")

    def _leave_out(self, column: Column, why: str) -> None:
        self.columns[column.index] = replace(self.columns[column.index], field="", why=why)

    # --- units -----------------------------------------------------------------------------------------------

    def settle_units(self, lacks_unit: Callable[[Column, Field], bool]) -> tuple[Column, ...]:
        """Return the columns with their units; `lacks_unit` says whether a column has numbers without their own."""
        for column in list(self.columns):
            field = BY_NAME.get(column.field)
            if field is None or field.measure is None:
                continue
            unit, why = self._unit_of(column, field)
            if not unit and lacks_unit(column, field):
                unit = self._ask_unit(column, field, why)
            if unit == NOT_IMPORTED:
                self._leave_out(column, why or "没有写明单位，未导入")
            else:
                self.columns[column.index] = replace(self.columns[column.index], unit=unit)
        return tuple(self.columns)

    def _unit_of(self, column: Column, field: Field) -> tuple[str, str]:
        """Return the stated unit; else "" and the reason why it cannot be told."""
        measure = field.measure
        assert measure is not None
        if len(measure.factors) == 1:
            return measure.unit, ""
        found = ""
        for text in self.header.texts[column.index]:
            found, foreign = stated_unit(text, measure)
            if foreign:
                return "", f"“{column.heading}”列的单位“{foreign}”不能换算为{measure.unit}"
            if found:
                break
        above = self._units_above(measure)
        factors = {measure.factor(unit) for unit in ([found] if found else []) + above}
        if len(factors) > 1:
            return "", f"“{column.heading}”列写的单位与表上方“单位：{'、'.join(above)}”不一致"
        return found or (above[0] if above else ""), ""

    def _units_above(self, measure: measures.Measure) -> list[str]:
        lines = (match[1] for text in self.header.above for match in LINE_ABOVE.finditer(compact(text)))
        parts = (part.strip("()[]【】") for line in lines for part in _BREAK.split(line))
        return list(dict.fromkeys(part for part in parts if measure.factor(part) is not None))

    def _ask_unit(self, column: Column, field: Field, why: str) -> str:
        measure = field.measure
        assert measure is not None
        foreign = "不能换算" in why
        choices = (NOT_IMPORTED,) if foreign else (*measure.offered, NOT_IMPORTED)
        why = why or f"“{column.heading}”列没有写明单位"
        remedy = "请确认不导入这一列，或改正后重新上传" if foreign else "请选择单位"
        return self._ask(f"unit:{field.name}", f"{why}；{remedy}。", choices)

    def _ask(self, key: str, why: str, choices: tuple[str, ...]) -> str:
        return answer(Question(key, why, choices), self.answers, self.questions)


def answer(question: Question, answers: Mapping[str, str], still_open: list[Question]) -> str:
    """Return the given answer; without one, add the question to those open and return "". Raises ExchangeError."""
    given = answers.get(question.key, "")
    if not given:
        still_open.append(question)
    elif given not in question.choices:
        raise ExchangeError(
            f"对“{question.key}”的回答“{given}”不在可选范围内；可选：{'、'.join(question.choices)}。"
        )
    return given


def stated_unit(text: str, measure: measures.Measure) -> tuple[str, str]:
    """Return the known unit that a heading states and the foreign one: in brackets, after a stroke, or at its end."""
    heading = compact(text)
    bracketed = [part.removeprefix("单位:") for part in BRACKETED.findall(heading)]
    bare = BRACKETED.sub("", heading)
    parts = [
        *bracketed,
        *(part for text in bracketed for part in _BREAK.split(text)),
        trailing_unit(bare),
        bare,
    ]
    if known := next((part for part in parts if part and measure.factor(part) is not None), ""):
        return known, ""
    return "", next((part for part in parts if part and measures.looks_like_unit(part)), "")
