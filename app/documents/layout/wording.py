"""Wording of a paper: headings, paragraphs, a closed list of placeholders; substitution and no program."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "docx_templates" / "wording"
SECTIONS = ("标题", "主送", "正文", "印发", "附件", "落款", "附注", "版记")
ALWAYS = "通用"
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_BRACES = re.compile(r"\{\{|\}\}")


class WordingError(ValueError):
    """Wording that cannot be used; the Chinese sentence names the place."""


@dataclass(frozen=True)
class Passage:
    """One paragraph of the wording; `case` names the condition under which it is used."""

    text: str
    case: str = ALWAYS


@dataclass(frozen=True)
class Wording:
    """A parsed wording: passages of each section, attachments in their order."""

    sections: dict[str, tuple[Passage, ...]] = field(default_factory=dict)
    attachments: tuple[tuple[Passage, ...], ...] = ()

    def lines(self, name):
        return self.sections.get(name, ())

    def passages(self):
        """Every passage, used in this case or not."""
        for group in (*self.sections.values(), *self.attachments):
            yield from group


@cache
def standard(kind):
    """The wording that the project ships for a kind, as text."""
    return (FOLDER / f"{kind}.md").read_text(encoding="utf-8")


def parse(text):
    """`# 标题 … # 正文 …`; `## 情形` under a section holds for that case until the next `##`."""
    sections, attachments, current, case = {}, [], None, ALWAYS
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if line.startswith("## "):
            case = line[3:].strip()
        elif line.startswith("# "):
            name, case = line[2:].strip(), ALWAYS
            if name not in SECTIONS:
                raise WordingError(f"第{number}行：没有“{name}”这一部分，可用的有：{'、'.join(SECTIONS)}。")
            if name in sections:
                raise WordingError(f"第{number}行：“{name}”重复出现。")
            current = []
            if name == "附件":
                attachments.append(current)
            else:
                sections[name] = current
        elif line:
            if current is None:
                raise WordingError(f"第{number}行：文字不在任何部分之内，请先写“# 标题”等。")
            current.append(Passage(line, case))
    if not sections.get("标题"):
        raise WordingError("公文用语缺少“# 标题”部分。")
    return Wording(
        {name: tuple(passages) for name, passages in sections.items()},
        tuple(tuple(passages) for passages in attachments),
    )


def verify(words, filling):
    """Raise for the first unknown placeholder or case, also where the passage is not used this time."""
    for passage in words.passages():
        applies(passage, filling.cases)
        for name in _PLACEHOLDER.findall(passage.text):
            if lookup(name, filling.values) is not None and not alone(passage.text):
                _in_sentence(name, filling.values)
        _literal(_PLACEHOLDER.sub("", passage.text))


def pieces(text, values):
    """The text as (string, came from a value) pairs; a value is never looked at again for placeholders."""
    result, position = [], 0
    for match in _PLACEHOLDER.finditer(text):
        result.append((_literal(text[position : match.start()]), False))
        result.append((_in_sentence(match[1], values), True))
        position = match.end()
    result.append((_literal(text[position:]), False))
    return [piece for piece in result if piece[0]]


def fill(text, values):
    """The text with every placeholder replaced."""
    return "".join(piece for piece, _ in pieces(text, values))


def names(text):
    """The placeholders of a text, in their order."""
    return [match[1].strip() for match in _PLACEHOLDER.finditer(text)]


def alone(text):
    """The name of the placeholder that is the whole text, or None."""
    match = _PLACEHOLDER.fullmatch(text)
    return match[1].strip() if match else None


def lookup(name, values):
    """The value of a placeholder; an unknown one is an error that names it."""
    name = name.strip()
    if name not in values:
        known = "、".join(f"{{{{{key}}}}}" for key in sorted(values))
        raise WordingError(f"公文用语中有不认识的占位符：{{{{{name}}}}}。可用的占位符：{known}。")
    return values[name]


def applies(passage, cases):
    """Whether a passage is used in these cases; an unknown case is an error that names it."""
    if passage.case == ALWAYS:
        return True
    if passage.case not in cases:
        known = "、".join((ALWAYS, *cases))
        raise WordingError(f"公文用语中有不认识的情形：“{passage.case}”。可用的情形：{known}。")
    return cases[passage.case]


def _in_sentence(name, values):
    value = lookup(name, values)
    if isinstance(value, str):
        return value
    why = "没有取值" if value is None else "是表格或多段文字，应当单独成段"
    raise WordingError(f"占位符{{{{{name.strip()}}}}}{why}。")


def _literal(text):
    if _BRACES.search(text):
        raise WordingError(f"公文用语中的占位符没有写完整：“{text.strip()[:40]}”，应写作 {{{{名称}}}}。")
    return text
