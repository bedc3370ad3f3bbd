"""Placeholders of the wording in use that still have no value."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.documents.kinds import KINDS
from app.documents.kinds.inputs import Letterhead, labels_of, tables_of
from app.documents.layout import wording

MAY_BE_LEFT_OUT = ("正文", "附件")  # a table without rows or paragraphs without text: the passage is not set
IMPRINT = "版记"  # a line with nothing after its colon is not printed


def missing_placeholders(kind: str, inputs: Letterhead, text: str | None = None) -> list[str]:
    """Return the labels of empty values, in the order of the paper.

    Raises WordingError for an unknown placeholder, or a claim that the inputs contradict.
    """
    filling = KINDS[kind].fill(inputs)
    source = wording.standard(kind) if text is None else text
    if why := KINDS[kind].written_out(source, filling.values):
        raise wording.WordingError(why)
    words = wording.parse(source)
    labels = KINDS[kind].placeholders
    empty = [
        labels[name]
        for section, passages in _sections(words)
        for passage in passages
        if wording.applies(passage, filling.cases)
        for name in _empty_names(section, passage.text, filling.values)
    ]
    return list(dict.fromkeys([*empty, *_unnamed_rows(inputs)]))


def _sections(words: wording.Wording) -> Iterator[tuple[str, tuple[wording.Passage, ...]]]:
    yield from words.sections.items()
    yield from (("附件", passages) for passages in words.attachments)


def _empty_names(section: str, text: str, values: Mapping[str, Any]) -> Iterator[str]:
    names = wording.placeholder_names(text)
    left_out = section in MAY_BE_LEFT_OUT and wording.sole_placeholder(text)
    not_printed = section == IMPRINT and len(names) == 1 and text.endswith("}}")
    for name in names:
        if _is_empty(wording.lookup(name, values)) and not left_out and not not_printed:
            yield name


def _is_empty(value: Any) -> bool:
    return value in (None, ()) or isinstance(value, str) and not value.strip()


def _unnamed_rows(inputs: Letterhead) -> Iterator[str]:
    """Yield the rows of tables whose unit or standard has no name."""
    for rows in tables_of(inputs):
        for number, row in enumerate(rows, start=1):
            label = labels_of(type(row)).get("name")
            if label and not row.name.strip():
                yield f"表格第{number}行的{label}"
