"""What a check says, and how a rule of the standard is written down."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

RED_HEAD, LETTER, PLAIN = "red_head", "letter", "plain"
FAMILIES = RED_HEAD, LETTER, PLAIN
STANDARD = "GB/T 9704-2012"
NO_CLAUSE = "—"  # asked by us, not by the standard
FITS = "符合"


@dataclass(frozen=True)
class Check:
    """One clause held against one document."""

    clause: str
    name: str
    expected: str
    found: str
    ok: bool
    where: str = ""


@dataclass(frozen=True)
class Rule:
    """One requirement: `faults` yields (where, found) for every place that breaks it."""

    clause: str
    name: str
    expected: str
    faults: Callable[[object], Iterable[tuple[str, str]]]
    families: tuple[str, ...]
    when: Callable[[object], bool]

    def applies(self, paper) -> bool:
        return paper.family in self.families and self.when(paper)

    def judge(self, paper) -> Check:
        """All places of one kind of fault make one line: the first three are named, the rest counted."""
        faults = list(dict.fromkeys(self.faults(paper)))
        if not faults:
            return Check(self.clause, self.name, self.expected, FITS, True)
        found = "；".join(dict.fromkeys(found for _, found in faults[:3]))
        where = "；".join(dict.fromkeys(where for where, _ in faults[:3] if where))
        more = f"（共{len(faults)}处）" if len(faults) > 3 else ""
        return Check(self.clause, self.name, self.expected, found + more, False, where)


def always(_paper) -> bool:
    return True


@dataclass
class Rulebook:
    """The rules of one module, in the order in which they are written."""

    rules: list[Rule] = field(default_factory=list)

    def __call__(self, clause, name, expected, *, families=FAMILIES, when=always):
        def keep(faults):
            self.rules.append(Rule(clause, name, expected, faults, families, when))
            return faults

        return keep

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)
