"""Starting a process, web or jobs: its clock, rules, public address, virus scanner and database."""

from __future__ import annotations

from app import clock
from app.config import Config
from app.exchange import virus_scan
from app.services import papers
from app.services.core import rules
from models import database


def boot(config: Config) -> str:
    """Point this process at everything `config` names; return the database's URI.

    Raises ConfigError, PackError.
    """
    uri = config.uri()
    clock.configure(config.clock_file)
    rules.use(config.rule_pack)
    papers.set_public_url(config.public_url)
    virus_scan.configure(config.clamd)
    database.connect(uri)
    return uri
