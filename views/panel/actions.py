"""Declared actions of a screen: the verb of a service behind each button of a record's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

from mongoengine import Document

from views import by

# The record's version as the page showed it, under the name that the verb gives it.
VERSION_NAMES = ("version", "seen")


@dataclass(frozen=True)
class Action:
    """A verb of a service, the posted inputs that it takes, and the sentence that confirms it."""

    verb: Callable[..., Any]
    inputs: Mapping[str, Callable[[], Any]] = field(
        default_factory=dict
    )  # parameter → reads it from the form
    done: str | Callable[[Any], str] = "已办理。"  # a function is given what the verb returns

    def __post_init__(self) -> None:
        """Raise TypeError where the verb does not take these inputs: while the program starts, not in use."""
        names = [*self.inputs, *self._version_names(), "by"]
        signature(self.verb).bind(None, **dict.fromkeys(names))

    def take(self, record: Document, version: int) -> str:
        """Read the inputs and call the verb. Raises PolicyError in words."""
        inputs = {name: read() for name, read in self.inputs.items()}
        versions = dict.fromkeys(self._version_names(), version)
        result = self.verb(record, **inputs, **versions, by=by())
        return self.done if isinstance(self.done, str) else self.done(result)

    def _version_names(self) -> list[str]:
        _, *parameters = signature(self.verb).parameters
        return [name for name in VERSION_NAMES if name in parameters]
