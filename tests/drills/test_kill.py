"""kill -9 at random moments while a hundred papers are issued; afterwards nothing is lost, doubled or half done."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from bson import ObjectId

from app.documents.kinds.nomination import ConsultationInputs, ConsultedLine
from app.policy.terms import DecisionState, NumberState, PaperState, Stage
from app.services.core import decisions, rules
from app.services.core.by import By
from app.services.papers import batch_rows, batches, defaults, drafting, issuing, recovery
from models.audit import AuditEntry
from models.decisions import Decision
from models.files import Attachment
from models.filing.applications import Application
from models.lists import Listing
from models.papers import Number, Paper, PaperBatch
from models.registry.units import Unit
from tests.builders import cases
from tests.builders.papers import register_gaps

ROOT = Path(__file__).resolve().parents[2]
PAPERS = 100
ROUNDS = [pytest.param(3, id="three"), pytest.param(20, id="twenty", marks=pytest.mark.slow)]
pytestmark = pytest.mark.timeout(1800)


class Drill:
    """Rounds of a batch that is killed on its way, and how many of the kills hit inside."""

    def __init__(self, uri: str, now: datetime) -> None:
        self.uri, self.now = uri, now
        self.hits = 0

    def kill(self, work: str, done: Callable[[], int], started: Callable[[], int]) -> None:
        """Start the work, wait until a random part of it is done, and a random moment more; then kill -9.

        Work that has not begun leaves nothing to finish, so the kill waits for its beginning.
        """
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.worker", self.uri, self.now.isoformat(), work],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert process.stdout.readline() == b"ready\n"
        before, target = done(), random.randrange(PAPERS - 2 * issuing.CHUNK_SIZE)
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            if started() and done() - before >= target:
                break
            time.sleep(0.01)
        time.sleep(random.random() * 0.08)
        process.kill()
        process.wait()
        process.stdout.close()
        self.hits += bool(started() and done() - before < PAPERS)

    def finish(self) -> None:
        """The restart: what jobs/papers.py runs, in this process."""
        decisions.sweep(now=self.now)
        recovery.finish_interrupted(now=self.now)


def issued() -> int:
    return Paper.objects(state=PaperState.ISSUED.value).count()


def assert_whole(expected: int, series: str) -> None:
    """Papers issued = numbers used = audit rows; nothing twice, no gap, nothing left reserved, bytes as recorded."""
    papers = list(Paper.objects(state=PaperState.ISSUED.value, series=series))
    used = list(Number.objects(series=series, state=NumberState.USED.value))
    assert len(papers) == len(used) == expected
    assert {paper.pk: paper.number_text for paper in papers} == {
        number.paper_id: number.text for number in used
    }
    assert len({number.number for number in used}) == expected
    assert Number.objects(series=series, state=NumberState.RESERVED.value).count() == 0
    assert register_gaps(series, used[0].year) == []
    logged = AuditEntry.objects(
        verb="印发公文", subject_type="Paper", subject_id__in=[str(one.pk) for one in papers]
    )
    assert logged.count() == expected
    digests = {
        one.pk: one.sha256 for one in Attachment.objects(pk__in=[paper.attachment_id for paper in papers])
    }
    assert all(digests[paper.attachment_id] == paper.sha256 for paper in papers)


def prepared(template: Application, unit: Unit, now: datetime) -> list[Application]:
    """A hundred applications whose notice is over, each with a decision to list it."""
    rows = []
    for _ in range(PAPERS):
        code = cases.credit_code()
        copy = {
            **unit.to_mongo(),
            "_id": ObjectId(),
            "credit_code": code,
            "name": f"云浮市演练{code[-7:]}有限公司",
        }
        Unit._get_collection().insert_one(copy)
        case = {
            **template.to_mongo(),
            "_id": ObjectId(),
            "unit_id": copy["_id"],
            "unit_name": copy["name"],
            "trail": [],
        }
        Application._get_collection().insert_one(
            case | {"credit_code": code, "stage": Stage.PUBLIC_NOTICE.value}
        )
        rows.append(Application.objects.get(pk=case["_id"]))
        decisions.prepare("list", rows[-1:], by=By(cases.CITY, now))
    return rows


@pytest.fixture
def drill(db):
    rules.use("yunfu")
    for name, role in (("lead", cases.Role.CITY_LEAD), ("city", cases.Role.CITY)):
        cases.account(name, role)
    return Drill(db.uri, cases.JUNE)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_hundred_decisions_approved_together_survive_kills(drill, rounds):
    template = cases.on_notice()
    drill.now = now = cases.after_notice(template)
    cases.recheck([template], now)
    template.reload()
    unit = Unit.objects.get(pk=template.unit_id)
    ahead = Paper.objects(state=PaperState.ISSUED.value, series="document").count()
    for number in range(1, rounds + 1):
        rows = prepared(template, unit, now)
        drill.kill("approve", issued, lambda: Decision.objects(state=DecisionState.APPROVED.value).count())
        drill.finish()
        lead = cases.actor(cases.Role.CITY_LEAD, name="lead")
        decisions.approve_many(Decision.objects(state=DecisionState.PREPARED.value), by=By(lead, now))
        assert_whole(ahead + number * PAPERS, "document")
        keys = [row.pk for row in rows]
        moved = Application.objects(pk__in=keys, stage=Stage.LISTED.value)
        assert moved.count() == PAPERS == Listing.objects(application_id__in=keys, in_force=True).count()
        assert all(len(row.trail) == 1 and row.decision_id is None for row in moved)
        changed = AuditEntry.objects(subject_id__in=[str(key) for key in keys], changes__field="stage")
        assert changed.count() == PAPERS
        assert Decision.objects(state__ne=DecisionState.DONE.value).count() == 0
    assert drill.hits >= rounds * 0.75


def batch(now: datetime) -> PaperBatch:
    """A hundred signed letters."""
    inputs = ConsultationInputs(
        **defaults.default_inputs("consultation", now),
        department="云浮市税务局",
        asks="税收违法行为",
        units=(ConsultedLine("云浮市虚构石材有限公司", "914453000000000000", "绿色工厂", "云城区"),),
    )
    first = drafting.compose("consultation", inputs, areas=[], by=By(cases.CITY, now))
    table = "部门名称\n" + "\n".join(f"第{number}部门" for number in range(1, PAPERS + 1))
    made = batch_rows.copy_by_rows(first, table, by=By(cases.CITY, now))
    batches.submit_all(made, by=By(cases.CITY, now))
    assert all(not why for _, why in batches.sign_all(made, by=By(cases.LEAD, now)))
    return PaperBatch.objects.get(pk=made.pk)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_batch_of_a_hundred_letters_survives_kills(drill, rounds):
    cases.contacts()
    for number in range(1, rounds + 1):
        made = batch(drill.now)
        drill.kill("issue", issued, lambda: PaperBatch.objects(issuing_by__ne=None).count())
        reserved = dict(Number.objects(paper_id__in=made.paper_ids).scalar("paper_id", "number"))
        drill.finish()
        assert_whole(number * PAPERS, "letter")
        given = dict(Number.objects(paper_id__in=made.paper_ids).scalar("paper_id", "number"))
        assert reserved.items() <= given.items()  # the same numbers after the crash
        assert [given[key] for key in made.paper_ids] == sorted(given.values())  # in list order
        assert PaperBatch.objects(issuing_by__ne=None).count() == 0
    assert drill.hits >= rounds * 0.75
