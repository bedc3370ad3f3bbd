"""A process to be killed: approves decisions or issues a batch of papers, as the web process would."""

import sys
from datetime import datetime

from app.services.core import decisions, rules
from app.services.core.by import By
from app.services.papers import batches, recovery
from models import database
from models.accounts.people import User
from models.decisions import Decision
from models.papers import PaperBatch


def main(uri: str, instant: str, work: str) -> None:
    """Do the work from the state that the database is in; `ready` says that it begins."""
    now = datetime.fromisoformat(instant)
    database.connect(uri)
    rules.use("yunfu")
    lead, city = (User.objects.get(username=name).actor() for name in ("lead", "city"))
    waiting = list(Decision.objects(state="prepared").order_by("id"))
    print("ready", flush=True)
    if work == "approve":
        decisions.approve_many(waiting, by=By(lead, now))
    elif work == "issue":
        batches.issue_all(PaperBatch.objects.order_by("-id").first(), by=By(city, now))
    else:
        decisions.sweep(now=now)
        recovery.finish_interrupted(now=now)


if __name__ == "__main__":
    main(*sys.argv[1:])
