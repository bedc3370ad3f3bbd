"""`make bench`: run every measurement in turn on a database of its own."""

import importlib
import logging
import sys
import tempfile
from pathlib import Path

from app import embedded
from models import database, schema

MODULES = ("lists", "bench_import", "reminders", "report_checks", "letters")


def main(wanted: list[str]) -> int:
    """Run the named measurements, or all; return the exit status for the shell."""
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        server = embedded.start(Path(folder))
        try:
            database.connect(server.uri)
            schema.init_db(server.owner_uri)
            for name in wanted or MODULES:
                print(f"\n== {name}")
                importlib.import_module(f"benchmarks.{name}").measure(server)
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
