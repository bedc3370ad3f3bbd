"""Import of a ledger of 10,000 rows, half of them updates: rows a second and memory of preview, commit and undo.

python benchmarks/bench_import.py [rows]
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app import embedded
from app.clock import SHANGHAI
from app.policy.access import Actor
from app.policy.terms import Role
from app.services import ledger, rules
from benchmarks.verdict import verdict
from models import database
from tests.ledger import made

NOW = datetime(2026, 5, 18, 9, 30, tzinfo=SHANGHAI)
CITY = Actor("city", "市局经办", Role.CITY, source="import")


AT_LEAST = 1_000  # rows a second, preview and commit together


def timed(what: str, rows: int, work: Callable[[], Any]) -> tuple[Any, float]:
    """The result of the work, and the seconds it took."""
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what:<28}{rows:>8,} 行{seconds:>9.2f} 秒{rows / seconds:>10,.0f} 行/秒{most:>8.0f} MB", flush=True
    )
    return result, seconds


def both(what: str, rows: int, data: bytes) -> Any:
    plan, seen = timed(
        f"{what} preview", rows, lambda: ledger.preview(data, "台账.xlsx", year=2026, actor=CITY, now=NOW)
    )
    print("  ", plan.counts)
    batch, written = timed(f"{what} commit", rows, lambda: ledger.commit(plan.batch, actor=CITY, now=NOW))
    speed = rows / (seen + written)
    print(
        f"   预览加确认 {speed:,.0f} 行/秒  {verdict(speed >= AT_LEAST, f'≥ {AT_LEAST:,} 行/秒')}", flush=True
    )
    return batch


def measure(server: embedded.Embedded, rows: int = 10_000) -> None:
    """Half new, half updates, nothing to do, undo, and new rows beside full collections."""
    rules.use("yunfu")
    half = made.workbook(made.row(n) for n in range(rows // 2))
    whole = made.workbook(made.row(n, 得分=60.5) for n in range(rows))
    timed("read the file", rows, lambda: ledger.parse(whole, year=2026))
    both("all new", rows // 2, half)
    batch = both("half new, half updates", rows, whole)
    both("nothing to do", rows, whole)
    timed("undo", rows, lambda: ledger.undo(batch, actor=CITY, now=NOW))
    fresh = made.workbook(made.row(n) for n in range(rows, 2 * rows))
    both("all new", rows, fresh)


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = embedded.start(Path(folder))
        try:
            database.connect(server.uri)
            database.init_db(server.owner_uri)
            measure(server, rows)
        finally:
            server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
