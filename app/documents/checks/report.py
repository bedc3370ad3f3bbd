"""The table that a clerk reads: one line a clause, and where it is broken."""

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from app.documents import checks
from app.documents.checks.result import STANDARD, Check

PASSED, FAILED = "✓", "✗"
WIDTHS = (6, 24)


def lines(found: Sequence[Check]) -> list[str]:
    """Faults carry what was expected, what was found and where; the last line counts."""
    wrong = sum(not each.ok for each in found)
    verdict = "全部符合" if not wrong else f"{wrong} 项不符合"
    return [
        *(line for each in found for line in _entry(each)),
        f"{STANDARD}：共检查 {len(found)} 项，{verdict}。",
    ]


def check_file(path: Path | str, render: Callable[[bytes], bytes] | None = None) -> tuple[int, str]:
    """Exit code (0 all fits, 1 faults, 2 no such file) and text; `render` makes the PDF that is measured."""
    try:
        content = Path(path).read_bytes()
    except OSError:
        return 2, f"读不到文件：{path}"
    found = checks.check(content, pdf=render(content) if render else None)
    return int(not all(each.ok for each in found)), "\n".join(lines(found))


def _entry(check: Check) -> list[str]:
    head = f"{PASSED if check.ok else FAILED} {_pad(check.clause, WIDTHS[0])} {_pad(check.name, WIDTHS[1])} "
    if check.ok:
        return [head + check.expected]
    where = f"（{check.where}）" if check.where else ""
    return [f"{head}要求：{check.expected}", " " * (sum(WIDTHS) + 4) + f"实际：{check.found}{where}"]


def _pad(text: str, columns: int) -> str:
    """Ideographs take two columns of a terminal."""
    used = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(0, columns - used)
