"""The only reader of the system clock: now() and today() in Asia/Shanghai."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_file: Path | None = None


def configure(clock_file: Path | None) -> None:
    """Take the time from an instant written in a file (tests, demo), or with None from the system."""
    global _file
    if clock_file is not None:
        read_instant(clock_file)  # an unreadable file is refused at once, not at the first request
    _file = clock_file


def read_instant(clock_file: Path) -> datetime:
    """Return the ISO instant in the file, in Shanghai time if it has no offset. Raises OSError, ValueError."""
    instant = datetime.fromisoformat(clock_file.read_text(encoding="utf-8").strip())
    return instant.replace(tzinfo=SHANGHAI) if instant.tzinfo is None else instant.astimezone(SHANGHAI)


def now() -> datetime:
    """Return the present moment, aware, in Shanghai time."""
    # Read at every call: web and jobs are separate processes and must see a moved instant alike.
    return read_instant(_file) if _file else datetime.now(SHANGHAI)


def today() -> date:
    """Return the present day in Shanghai."""
    return now().date()
