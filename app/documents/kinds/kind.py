"""A kind of paper as the documents know it: inputs, values of its wording, a specimen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from app.documents.kinds.inputs import Letterhead, labels_of, stands_in_sentences, types_of
from app.documents.layout import chinese
from app.documents.layout.wording import Filling

COPIES = "cc"
Inputs = TypeVar("Inputs", bound=Letterhead)


def nothing_more(_inputs: Letterhead) -> Filling:
    """Add nothing: the fields say everything that the wording uses."""
    return Filling()


@dataclass(frozen=True)
class Kind(Generic[Inputs]):
    """A kind's section: its inputs, an invented example, and the filler with the labels of its values."""

    code: str
    inputs: type[Inputs]
    specimen: Callable[[], Inputs]
    filler: Callable[[Inputs], Filling] = nothing_more
    labels: Mapping[str, str] = field(default_factory=dict)
    computed: Mapping[str, str] = field(
        default_factory=dict
    )  # claim → placeholder that says it only where it is true

    @cached_property
    def placeholders(self) -> dict[str, str]:
        """Return placeholder → Chinese label of everything that this kind's wording may use."""
        own = labels_of(self.inputs)
        return {name: own[name] for name in self._plain_fields} | dict(self.labels)

    def fill(self, inputs: Inputs) -> Filling:
        """Return the values and cases of the wording: the fields and the filler's additions."""
        own = {name: _as_text(name, getattr(inputs, name)) for name in self._plain_fields}
        added = self.filler(inputs)
        return Filling(own | dict(added.values), added.cases)

    def written_out(self, text: str, values: Mapping[str, Any] | None = None) -> str:
        """Return why wording may not write a claim out, or ""; with `values`, only a claim that they contradict."""
        for claim, name in self.computed.items():
            if claim in text and (values is None or values[name] != claim):
                return f"用语不能写死“{claim}”，须用占位符{{{{{name}}}}}，由系统按登记的异议如实写明（第十五条）。"
        return ""

    @cached_property
    def _plain_fields(self) -> tuple[str, ...]:
        return tuple(name for name, hint in types_of(self.inputs).items() if stands_in_sentences(hint))


def _as_text(name: str, value: Any) -> Any:
    """Return a field as wording uses it: paragraphs stay several, 抄送机关 stand in one line."""
    if name == COPIES:
        return "，".join(value)
    return value if isinstance(value, tuple) or value is None else chinese.text(value)
