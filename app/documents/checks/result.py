"""The result of a check, and the way a rule of the standard is written down."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeAlias, TypeVar

RED_HEAD, LETTER, PLAIN = "red_head", "letter", "plain"
FAMILIES = RED_HEAD, LETTER, PLAIN
STANDARD = "GB/T 9704-2012"
NO_CLAUSE = "—"  # asked by us, not by the standard
FITS = "符合"
MAX_NAMED = 3  # faults named one by one; the rest is counted

Fault: TypeAlias = tuple[str, str]  # place and finding


class HasFamily(Protocol):
    """A subject of checks: a paper, or its printed pages."""

    @property
    def family(self) -> str:
        """Return the family of papers, one of FAMILIES."""


Subject = TypeVar("Subject", bound=HasFamily)
Faults: TypeAlias = Callable[[Subject], Iterable[Fault]]


@dataclass(frozen=True)
class Check:
    """The outcome of one clause for one document."""

    clause: str
    name: str
    expected: str
    found: str
    ok: bool
    where: str = ""


@dataclass(frozen=True)
class Rule(Generic[Subject]):
    """One requirement: `faults` yields (where, found) for every place that breaks it."""

    clause: str
    name: str
    expected: str
    faults: Faults[Subject]
    families: Sequence[str]
    when: Callable[[Subject], object]

    def applies(self, subject: Subject) -> bool:
        """Return whether the rule holds for this family and this document."""
        return subject.family in self.families and bool(self.when(subject))

    def judge(self, subject: Subject) -> Check:
        """Return one check for all faults: the first three are named, the rest counted."""
        faults = list(dict.fromkeys(self.faults(subject)))
        if not faults:
            return Check(self.clause, self.name, self.expected, FITS, True)
        named = faults[:MAX_NAMED]
        found = "；".join(dict.fromkeys(found for _, found in named))
        where = "；".join(dict.fromkeys(where for where, _ in named if where))
        count = f"（共{len(faults)}处）" if len(faults) > MAX_NAMED else ""
        return Check(self.clause, self.name, self.expected, found + count, False, where)


def always(_subject: object) -> bool:
    """Return True: a rule without a condition."""
    return True


@dataclass
class Rulebook(Generic[Subject]):
    """The rules of one module, in the order in which they are written."""

    rules: list[Rule[Subject]] = field(default_factory=list)

    def __call__(
        self,
        clause: str,
        name: str,
        expected: str,
        *,
        families: Sequence[str] = FAMILIES,
        when: Callable[[Subject], object] = always,
    ) -> Callable[[Faults[Subject]], Faults[Subject]]:
        """Declare the decorated function, which yields the faults, as a rule."""

        def register(faults: Faults[Subject]) -> Faults[Subject]:
            self.rules.append(Rule(clause, name, expected, faults, families, when))
            return faults

        return register

    def __iter__(self) -> Iterator[Rule[Subject]]:
        return iter(self.rules)
