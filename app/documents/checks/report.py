"""The report of the checks as a clerk reads it: one line a clause, with the place of a fault."""

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from app.documents import checks
from app.documents.checks.result import STANDARD, Check

PASSED, FAILED = "✓", "✗"
WIDTHS = (6, 24)


def lines(results: Sequence[Check]) -> list[str]:
    """Return the report's lines; faults name the requirement, the finding and the place, the last line counts."""
    faults = sum(not each.ok for each in results)
    verdict = "全部符合" if not faults else f"{faults} 项不符合"
    return [
        *(line for each in results for line in _entry(each)),
        f"{STANDARD}：共检查 {len(results)} 项，{verdict}。",
    ]


def check_file(path: Path | str, render: Callable[[bytes], bytes] | None = None) -> tuple[int, str]:
    """Return exit code (0 all fits, 1 faults, 2 no such file) and report; `render` makes the PDF to measure."""
    try:
        content = Path(path).read_bytes()
    except OSError:
        return 2, f"读不到文件：{path}"
    results = checks.check(content, pdf=render(content) if render else None)
    return int(not all(each.ok for each in results)), "\n".join(lines(results))


def _entry(check: Check) -> list[str]:
    head = f"{PASSED if check.ok else FAILED} {_pad(check.clause, WIDTHS[0])} {_pad(check.name, WIDTHS[1])} "
    if check.ok:
        return [head + check.expected]
    where = f"（{check.where}）" if check.where else ""
    return [f"{head}要求：{check.expected}", " " * (sum(WIDTHS) + 4) + f"实际：{check.found}{where}"]


def _pad(text: str, columns: int) -> str:
    """Pad to a width in terminal columns; ideographs take two."""
    used = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(0, columns - used)
