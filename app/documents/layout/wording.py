"""Wording of a paper: sections of passages with a closed list of placeholders; substitution only, no program."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

FOLDER = Path(__file__).resolve().parents[3] / "docx_templates" / "wording"
SECTIONS = ("标题", "主送", "正文", "印发", "附件", "落款", "附注", "版记")
ALWAYS = "通用"
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_BRACES = re.compile(r"\{\{|\}\}")

Piece: TypeAlias = tuple[str, bool]  # text, and whether it comes from a value


class WordingError(ValueError):
    """Unusable wording; the Chinese sentence names the place."""


@dataclass(frozen=True)
class Filling:
    """Placeholder → text, paragraphs or table (None: left out), and condition → whether it holds."""

    values: Mapping[str, Any] = field(default_factory=dict)
    cases: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Passage:
    """One paragraph of the wording; `case` names the condition under which it is used."""

    text: str
    case: str = ALWAYS


@dataclass(frozen=True)
class Wording:
    """A parsed wording: the passages of each section, attachments in their order."""

    sections: dict[str, tuple[Passage, ...]] = field(default_factory=dict)
    attachments: tuple[tuple[Passage, ...], ...] = ()

    def lines(self, section: str) -> tuple[Passage, ...]:
        """Return the passages of a section, in whichever case."""
        return self.sections.get(section, ())

    def passages(self) -> Iterator[Passage]:
        """Yield every passage, used in this case or not."""
        for group in (*self.sections.values(), *self.attachments):
            yield from group


@cache
def standard(kind: str) -> str:
    """Return the wording that the project ships for a kind, as text."""
    return (FOLDER / f"{kind}.md").read_text(encoding="utf-8")


def parse(text: str) -> Wording:
    """Parse `# 标题 … # 正文 …`; `## 情形` under a section holds for that case until the next `##`."""
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), start=1):
        reader.read(number, line.strip())
    if not reader.sections.get("标题"):
        raise WordingError("公文用语缺少“# 标题”部分。")
    return Wording(
        {name: tuple(passages) for name, passages in reader.sections.items()},
        tuple(tuple(passages) for passages in reader.attachments),
    )


class _Reader:
    """The sections read so far, and the section and case of the next line."""

    def __init__(self) -> None:
        self.sections: dict[str, list[Passage]] = {}
        self.attachments: list[list[Passage]] = []
        self.current: list[Passage] | None = None
        self.case = ALWAYS

    def read(self, number: int, line: str) -> None:
        if line.startswith("## "):
            self.case = line[3:].strip()
        elif line.startswith("# "):
            self._begin_section(number, line[2:].strip())
        elif line and self.current is None:
            raise WordingError(f"第{number}行：文字不在任何部分之内，请先写“# 标题”等。")
        elif line and self.current is not None:
            self.current.append(Passage(line, self.case))

    def _begin_section(self, number: int, name: str) -> None:
        if name not in SECTIONS:
            raise WordingError(f"第{number}行：没有“{name}”这一部分，可用的有：{'、'.join(SECTIONS)}。")
        if name in self.sections:
            raise WordingError(f"第{number}行：“{name}”重复出现。")
        self.current, self.case = [], ALWAYS
        if name == "附件":
            self.attachments.append(self.current)
        else:
            self.sections[name] = self.current


def verify(words: Wording, filling: Filling) -> None:
    """Raise WordingError for the first unknown placeholder or case, in passages of every case."""
    for passage in words.passages():
        applies(passage, filling.cases)
        for name in _PLACEHOLDER.findall(passage.text):
            if lookup(name, filling.values) is not None and not sole_placeholder(passage.text):
                _in_sentence(name, filling.values)
        _literal(_PLACEHOLDER.sub("", passage.text))


def pieces(text: str, values: Mapping[str, Any]) -> list[Piece]:
    """Split the text into pieces with values in place; a value is not searched for placeholders again."""
    result, position = [], 0
    for match in _PLACEHOLDER.finditer(text):
        result.append((_literal(text[position : match.start()]), False))
        result.append((_in_sentence(match[1], values), True))
        position = match.end()
    result.append((_literal(text[position:]), False))
    return [piece for piece in result if piece[0]]


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Return the text with every placeholder replaced."""
    return "".join(piece for piece, _ in pieces(text, values))


def placeholder_names(text: str) -> list[str]:
    """Return the names of the placeholders in a text, in their order."""
    return [match[1].strip() for match in _PLACEHOLDER.finditer(text)]


def sole_placeholder(text: str) -> str | None:
    """Return the name of the placeholder that is the whole text, or None."""
    match = _PLACEHOLDER.fullmatch(text)
    return match[1].strip() if match else None


def lookup(name: str, values: Mapping[str, Any]) -> Any:
    """Return the value of a placeholder. Raises WordingError naming an unknown one."""
    name = name.strip()
    if name not in values:
        known = "、".join(f"{{{{{key}}}}}" for key in sorted(values))
        raise WordingError(f"公文用语中有不认识的占位符：{{{{{name}}}}}。可用的占位符：{known}。")
    return values[name]


def applies(passage: Passage, cases: Mapping[str, bool]) -> bool:
    """Return whether a passage is used in these cases. Raises WordingError naming an unknown case."""
    if passage.case == ALWAYS:
        return True
    if passage.case not in cases:
        known = "、".join((ALWAYS, *cases))
        raise WordingError(f"公文用语中有不认识的情形：“{passage.case}”。可用的情形：{known}。")
    return cases[passage.case]


def _in_sentence(name: str, values: Mapping[str, Any]) -> str:
    value = lookup(name, values)
    if isinstance(value, str):
        return value
    reason = "没有取值" if value is None else "是表格或多段文字，应当单独成段"
    raise WordingError(f"占位符{{{{{name.strip()}}}}}{reason}。")


def _literal(text: str) -> str:
    if _BRACES.search(text):
        raise WordingError(f"公文用语中的占位符没有写完整：“{text.strip()[:40]}”，应写作 {{{{名称}}}}。")
    return text
