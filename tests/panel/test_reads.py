"""Lists of a hundred rows cost as many reads as lists of twenty, and sort by listed columns only."""

from datetime import datetime, timedelta

import pytest
from bson import ObjectId
from lxml import html as parser
from pymongo import monitoring

from app.policy.terms import Role
from app.services.core.by import By
from models.registry.units import Unit
from tests.builders import cases
from tests.builders.screens import raw
from tests.builders.world import NOW, OURS, THEIRS
from tests.tables import rights
from tests.tables.screens import SCREENS, WHO
from views.panel import badge_counts, rows


class Counter(monitoring.CommandListener):
    """Counts what the server is asked, session bookkeeping included."""

    def __init__(self):
        self.commands, self.on = [], False

    def started(self, event):
        if self.on:
            self.commands.append(event.command_name)

    def succeeded(self, event):
        pass

    def failed(self, event):
        pass


@pytest.fixture(scope="module")
def counter(world, mongod):
    """Commands of the app's one client; a listener must be there before it connects."""
    from models import database

    made = Counter()
    monitoring.register(made)
    database.connect(mongod.uri)
    yield made
    monitoring._LISTENERS.command_listeners.remove(made)
    database.connect(mongod.uri)


MOST_READS = 9  # session, frame with its to-do counts, tabs, count, rows


@pytest.fixture(scope="module")
def many(world):
    """A hundred rows and more behind every list, copied from the one that the world made."""
    copied = []
    for name, screen in SCREENS.items():
        collection, template = screen.model._get_collection(), screen.model.objects.first()
        if template is None or name in ("auditentry", "user"):
            continue
        made = [_copy(raw(template), number) for number in range(110)]
        collection.insert_many(made)
        copied.append((name, collection, [one["_id"] for one in made]))
    yield {name for name, _, _ in copied if name != "wording"}
    for _, collection, keys in copied:
        collection.delete_many({"_id": {"$in": keys}})


def _copy(row, number):
    changed = {
        "_id": ObjectId(),
        "credit_code": f"9144{number:014d}",
        "unit_id": ObjectId(),
        "name": f"批量{number}",
        "paper_id": ObjectId(),
        "text": f"第{number}号",
        "verification": f"V{number:011d}",
        "number": number + 1000,
        "decision_id": ObjectId(),
        "series": f"系列{number}",
        "key": f"k{number}",
        "subject": f"s{number}",
        "edition": number + 9,
        "target": f"t{number}",
        "job": f"j{number}",
        "day": date_at(number),
        "in_force": False,
    }
    return row | {key: value for key, value in changed.items() if key in row}


def date_at(number):
    return datetime(2030, 1, 1) + timedelta(days=number)


@pytest.mark.parametrize("name", SCREENS)
def test_9_reads_of_a_list_do_not_grow_with_its_rows(name, browser, counter, many):
    full = dict.fromkeys(many, 110)
    role = "city" if rights.may("city", "R", name) else WHO[name]
    someone, reads = browser(role), {}
    for size in (20, 100):
        url = f"/admin/{name}/?year=all&page_size={size}"
        someone.get(url)
        counter.commands, counter.on = [], True
        text = someone.get(url).text
        counter.on = False
        reads[size] = list(counter.commands)
        rows = len(parser.fromstring(text).xpath("//tbody/tr"))
        assert rows == min(size, full.get(name, 0)) or name not in full
    assert len(reads[20]) == len(reads[100]), reads
    if (
        name != "wording"
    ):  # its rows are the catalogue's kinds, a closed number; each is compared with its file
        assert len(reads[100]) <= MOST_READS, reads


@pytest.mark.parametrize("name", SCREENS)
def test_28_only_listed_columns_sort(name, browser, many):
    screen, someone = SCREENS[name], browser(WHO[name])

    def order(text):
        return [" ".join(row.text_content().split()) for row in parser.fromstring(text).xpath("//tbody/tr")]

    plain = order(someone.get(f"/admin/{name}/?year=all").text)
    for index, (column, _) in enumerate(screen._list_columns):
        for desc in (0, 1):
            answer = someone.get(f"/admin/{name}/?year=all&sort={index}&desc={desc}")
            assert answer.status_code == 200
            if not screen.is_sortable(column):
                assert order(answer.text) == plain, column
    for wild in ("199", "200"):
        assert someone.get(f"/admin/{name}/?year=all&sort={wild}").status_code < 500


def test_28_control_a_sortable_column_sorts_both_ways(browser, many):
    def names(desc):
        text = browser("city").get(f"/admin/unit/?sort=1&desc={desc}&page_size=100").text
        return [
            cell.text_content().strip()
            for cell in parser.fromstring(text).xpath('//td[contains(@class,"col-credit_code")]')
        ]

    assert (
        names(0) == sorted(names(0)) and names(1) == sorted(names(1), reverse=True) and names(0) != names(1)
    )


# --- what is kept between two pages is kept for whom it was read ---


def test_a_count_that_is_kept_is_of_the_rows_that_were_asked_for(world):
    assert rows.count(Unit, Unit.objects(area__in=[OURS, THEIRS]), 1) == 1  # reaches the limit, so it is kept
    assert rows.count(Unit, Unit.objects(area="445322"), 1) == 0
    assert rows.count(Unit, Unit.objects(area__in=[OURS, THEIRS]), 3) == 3


def test_what_waits_for_one_is_not_shown_to_the_next(app, world):
    lead, auditor = cases.LEAD, cases.actor(Role.AUDITOR)
    with app.test_request_context("/admin/"):
        first = badge_counts.waiting(By(lead, NOW))
        assert first.total and not badge_counts.waiting(By(auditor, NOW)).total
        assert badge_counts.waiting(By(lead, NOW)) is first
