"""The register: dense and unique under many hands, blocks, numbers carried over from paper, voids with a reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import NumberState
from app.services.core import rules
from app.services.core.by import By
from app.services.papers import number_blocks, numbers, numbers_on_paper
from app.services.papers.numbers_on_paper import IssuedOnPaper
from models.audit import AuditEntry
from models.database import transact
from models.papers import Number, Paper
from tests.builders import cases
from tests.builders.papers import register_gaps

NOW = cases.MAY


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def paper(title: str = "关于测试的通知") -> Paper:
    return Paper(kind="call", title=title, series="document", year=2026, drafted_by="city").save()


def test_two_hundred_at_once_get_two_hundred_numbers_without_a_gap():
    papers = [paper(f"通知{count}") for count in range(200)]
    with ThreadPoolExecutor(200) as pool:
        got = list(pool.map(lambda one: numbers.reserve_number(one, 2026, now=NOW), papers))
    assert sorted(one.number for one in got) == list(range(1, 201))
    assert len({one.paper_id for one in got}) == 200
    assert register_gaps("document", 2026) == []


def test_a_paper_that_has_a_number_gets_it_again():
    one = paper()
    with ThreadPoolExecutor(20) as pool:
        got = {
            number.text
            for number in pool.map(lambda _: numbers.reserve_number(one, 2026, now=NOW), range(20))
        }
    assert got == {"云工信〔2026〕1号"}
    assert Number.objects.count() == 1


def test_a_void_number_goes_to_nobody_and_the_paper_takes_the_next():
    one = paper()
    first = numbers.reserve_number(one, 2026, now=NOW)
    with pytest.raises(NotAllowed, match="理由"):
        numbers.void_number(first, " ", by=By(cases.CITY, NOW))
    numbers.void_number(first, "文种有误", by=By(cases.CITY, NOW))
    assert numbers.reserve_number(one, 2026, now=NOW).number == 2
    kept = Number.objects.get(number=1)
    assert (kept.state, kept.reason, kept.title) == (NumberState.VOID.value, "文种有误", one.title)
    with pytest.raises(NotAllowed, match="已经使用或作废"):
        numbers.void_number(kept, "再次", by=By(cases.CITY, NOW))


def test_a_block_is_kept_given_and_skipped_by_others():
    block = number_blocks.reserve_block("document", 2026, 3, "评审会文件", by=By(cases.CITY, NOW))
    assert [one.number for one in block] == [1, 2, 3]
    assert numbers.reserve_number(paper(), 2026, now=NOW).number == 4
    late = paper("评审会通知")
    assert number_blocks.assign_reserved(block[1], late).paper_id == late.pk
    with pytest.raises(Conflict):
        number_blocks.assign_reserved(block[1], paper("另一份"))
    assert [one.number for one in number_blocks.free_reserved("document", 2026)] == [1, 3]
    assert numbers.reserve_number(late, 2026, now=NOW).number == 2


@pytest.mark.parametrize(
    "count, purpose, words", [(0, "会议", "1 至"), (201, "会议", "1 至"), (3, " ", "用途")]
)
def test_a_block_names_its_size_and_purpose(count, purpose, words):
    with pytest.raises(NotAllowed, match=words):
        number_blocks.reserve_block("document", 2026, count, purpose, by=By(cases.CITY, NOW))


def test_numbers_issued_on_paper_are_carried_over_without_a_gap():
    rows = [
        IssuedOnPaper(2, "关于甲的通知", date(2026, 1, 20)),
        IssuedOnPaper(1, "关于乙的通知", date(2026, 1, 8)),
    ]
    numbers_on_paper.record_paper_issued("document", 2026, rows, by=By(cases.CITY, NOW))
    assert [(n.number, n.state, n.on_paper) for n in Number.objects.order_by("number")] == [
        (1, "used", True),
        (2, "used", True),
    ]
    with pytest.raises(NotAllowed, match="3号、云工信〔2026〕4号"):
        numbers_on_paper.record_paper_issued(
            "document", 2026, [IssuedOnPaper(5, "关于丙的通知")], by=By(cases.CITY, NOW)
        )
    with pytest.raises(NotAllowed, match="已经使用或作废：关于甲的通知"):
        numbers_on_paper.record_paper_issued(
            "document", 2026, [IssuedOnPaper(2, "关于丁的通知")], by=By(cases.CITY, NOW)
        )
    assert numbers.reserve_number(paper(), 2026, now=NOW).number == 3
    assert AuditEntry.objects(verb="补录纸质文号").count() == 2


def test_carrying_over_is_all_or_none():
    numbers.reserve_number(paper(), 2026, now=NOW)
    rows = [IssuedOnPaper(2, "关于甲的通知"), IssuedOnPaper(1, "关于乙的通知")]
    with pytest.raises(NotAllowed):
        numbers_on_paper.record_paper_issued("document", 2026, rows, by=By(cases.CITY, NOW))
    assert Number.objects.count() == 1


def test_a_number_kept_in_a_block_may_have_been_used_on_paper():
    block = number_blocks.reserve_block("document", 2026, 2, "节假日值班", by=By(cases.CITY, NOW))
    numbers_on_paper.record_paper_issued(
        "document", 2026, [IssuedOnPaper(1, "关于值班的通知", date(2026, 5, 2))], by=By(cases.CITY, NOW)
    )
    assert Number.objects.get(pk=block[0].pk).state == NumberState.USED.value
    with pytest.raises(Conflict):
        number_blocks.assign_reserved(block[0], paper())


@pytest.mark.parametrize("by", [cases.LEAD, cases.COUNTY, cases.ADMIN])
def test_only_the_city_registers(by):
    with pytest.raises(NotAllowed):
        number_blocks.reserve_block("document", 2026, 1, "会议", by=By(by, NOW))
    with pytest.raises(NotAllowed):
        numbers_on_paper.record_paper_issued("document", 2026, [IssuedOnPaper(1, "甲")], by=By(by, NOW))


def test_series_and_years_count_by_themselves():
    numbers.reserve_number(paper(), 2026, now=NOW)
    letter = Paper(kind="consultation", title="函", series="letter", year=2026, drafted_by="city").save()
    assert numbers.reserve_number(letter, 2026, now=NOW).text == "云工信函〔2026〕1号"
    assert numbers.reserve_number(paper(), 2027, now=NOW).text == "云工信〔2027〕1号"


def test_a_number_is_never_taken_inside_a_transaction():
    with pytest.raises(RuntimeError):
        transact(lambda: numbers.reserve_number(paper(), 2026, now=NOW))
