"""What a paper still lacks: placeholders of the wording that is used which have no value."""

from dataclasses import fields, is_dataclass

from app.documents.kinds import KINDS
from app.documents.layout import wording

MAY_BE_LEFT_OUT = ("正文", "附件")  # a table without rows or paragraphs without text: the passage is not set
IMPRINT = "版记"  # a line with nothing after its colon is not printed


def blanks(kind, inputs, text=None):
    """The labels of empty values, in the order of the paper. Raises WordingError for an unknown placeholder."""
    filling = KINDS[kind].fill(inputs)
    words = wording.parse(wording.standard(kind) if text is None else text)
    found = []
    for section, passages in _passages(words):
        for passage in passages:
            if wording.applies(passage, filling.cases):
                found += _empty(section, passage.text, filling.values, KINDS[kind].placeholders)
    return list(dict.fromkeys([*found, *_nameless(inputs)]))


def _passages(words):
    yield from words.sections.items()
    yield from (("附件", passages) for passages in words.attachments)


def _empty(section, text, values, labels):
    names = wording.names(text)
    left_out = section in MAY_BE_LEFT_OUT and wording.alone(text)
    unused = section == IMPRINT and len(names) == 1 and text.endswith("}}")
    for name in names:
        value = wording.lookup(name, values)
        if (
            not left_out
            and not unused
            and (value in (None, ()) or isinstance(value, str) and not value.strip())
        ):
            yield labels[name]


def _nameless(inputs):
    """Rows of a table without the name of what they are about."""
    for field in fields(inputs):
        rows = getattr(inputs, field.name)
        if not isinstance(rows, tuple):
            continue
        for number, row in enumerate(rows, start=1):
            if is_dataclass(row) and hasattr(row, "name") and not row.name.strip():
                yield f"表格第{number}行的单位名称"
