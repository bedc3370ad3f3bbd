"""Letters of a batch: pre-flight, numbers in list order, one zip with its register, one file for the printer."""

import io
import zipfile

import docx
import openpyxl
import pytest

from app import documents
from app.documents import checks
from app.documents.output import merging
from app.policy.flow import NotAllowed
from app.policy.terms import PaperState
from app.services.core.by import By
from app.services.papers import (
    batch_files,
    batch_rows,
    batches,
    issuing,
    numbers,
    recovery,
    transitions,
)
from models.papers import Number, Paper, PaperBatch
from tests.builders import cases
from tests.builders.papers import NOW, drafted, register_gaps
from tests.builders.papers import issued as issued_alone

DEPARTMENTS = ("云浮市发展和改革局", "云浮市生态环境局", "云浮市应急管理局")
TABLE = "部门名称\t需部门核查的事项\n" + "\n".join(
    f"{name}\t第{at}类事项" for at, name in enumerate(DEPARTMENTS)
)


def batch() -> PaperBatch:
    return batch_rows.copy_by_rows(drafted(), TABLE, by=By(cases.CITY, NOW))


def signed(made: PaperBatch) -> PaperBatch:
    batches.submit_all(made, by=By(cases.CITY, NOW))
    assert all(not why for _, why in batches.sign_all(made, by=By(cases.LEAD, NOW)))
    return PaperBatch.objects.get(pk=made.pk)


def issued() -> PaperBatch:
    made = signed(batch())
    batches.issue_all(made, by=By(cases.CITY, NOW))
    return PaperBatch.objects.get(pk=made.pk)


def test_one_draft_a_row_and_the_draft_is_the_first():
    papers = batches.papers_of(batch())
    assert [paper.inputs["department"] for paper in papers] == list(DEPARTMENTS)
    assert papers[1].inputs["asks"] == "第1类事项" and Paper.objects.count() == 3


@pytest.mark.parametrize(
    "table, words",
    [
        ("部门名称", "粘贴表格"),
        ("机关\n甲", "没有这些栏目：机关"),
        ("部门名称\t截止日期\n甲\n", "第 1 行有 1 栏"),
        ("部门名称\t截止日期\n甲\t六月\n", "第 1 行的截止日期应写成"),
    ],
)
def test_a_wrong_table_is_refused_and_nothing_is_made(table, words):
    paper = drafted()
    with pytest.raises(NotAllowed, match=words):
        batch_rows.copy_by_rows(paper, table, by=By(cases.CITY, NOW))
    assert Paper.objects.count() == 1


def test_preflight_says_what_would_fail_and_only_the_others_are_issued():
    made = signed(batch())
    Paper.objects(pk=made.paper_ids[1]).update(set__inputs__asks="")
    judged = batches.preflight_batch(made, cases.CITY)
    assert ["需部门核查的事项" in why for _, why in judged] == [False, True, False]
    results = batches.issue_all(made, by=By(cases.CITY, NOW))
    assert [bool(why) for _, why in results] == [False, True, False]
    states = [paper.state for paper in batches.papers_of(made)]
    assert states == [PaperState.ISSUED.value, PaperState.SIGNED.value, PaperState.ISSUED.value]
    assert Number.objects.count() == 2


def test_numbers_follow_the_list():
    made = issued()
    assert [paper.number for paper in batches.papers_of(made)] == [1, 2, 3]
    assert made.issued_at and not made.issuing_by


def test_drafts_written_one_by_one_become_a_batch_in_the_given_order():
    late, early = drafted(department="云浮市税务局"), drafted(department="云浮市应急管理局")
    made = signed(batches.gather_batch([early, late], "征求意见", by=By(cases.CITY, NOW)))
    batches.issue_all(made, by=By(cases.CITY, NOW))
    given = {paper.pk: paper.number for paper in batches.papers_of(made)}
    assert given == {early.pk: 1, late.pk: 2}
    with pytest.raises(NotAllowed, match="可以成批"):
        batches.gather_batch([early], "", by=By(cases.CITY, NOW))


def test_the_zip_holds_every_letter_and_the_register():
    made = issued()
    with zipfile.ZipFile(io.BytesIO(batch_files.zip_batch(made))) as archive:
        names = archive.namelist()
        sheet = openpyxl.load_workbook(io.BytesIO(archive.read("发文登记表.xlsx"))).active
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        assert [row[1] for row in rows] == [f"云工信函〔2026〕{number}号" for number in (1, 2, 3)]
        assert [row[3] for row in rows] == list(DEPARTMENTS)
        for row in rows:
            assert row[6] in names and row[1] in documents.text_of(archive.read(row[6]))


def test_the_merged_file_holds_every_letter_once_and_is_sound():
    made = issued()
    content = batch_files.merge_batch(made)
    text = documents.text_of(content)
    assert [text.count(f"{name}：") for name in DEPARTMENTS] == [1, 1, 1]
    codes = [paper.verification for paper in batches.papers_of(made)]
    assert all(text.count(code) == 1 for code in codes)
    document = docx.Document(io.BytesIO(content))
    starts = document.element.body.xpath("//w:sectPr[w:type/@w:val='nextPage'][w:pgNumType/@w:start='1']")
    assert len(starts) == 3
    schema = [check for check in checks.check(content, kind_family="letter") if "结构" in check.name]
    assert schema and all(check.ok for check in schema)


def test_files_of_other_styles_are_not_merged():
    made = issued()
    first = batch_files._issued_files(made)[0][1]
    other = documents.build("public_notice", documents.specimen("public_notice"))
    with pytest.raises(merging.MergeError, match="第 2 份"):
        merging.merged([first, other])


def test_nothing_is_issued_by_others_or_before_signing():
    made = batch()
    with pytest.raises(NotAllowed, match="已审签"):
        batches.issue_all(made, by=By(cases.CITY, NOW))
    with pytest.raises(NotAllowed, match="市局经办"):
        batches.issue_all(signed(made), by=By(cases.COUNTY, NOW))


def test_a_batch_cut_off_goes_on_with_the_same_numbers(monkeypatch):
    cases.account("city", cases.Role.CITY)
    made = signed(batch())
    real, calls = transitions.record_issue, []

    def second_fails(*arguments, **options):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(issuing, "CHUNK_SIZE", 1)
        patched.setattr(transitions, "record_issue", second_fails)
        with pytest.raises(KeyboardInterrupt):
            batches.issue_all(made, by=By(cases.CITY, NOW))
    before = dict(Number.objects.scalar("paper_id", "number"))
    assert len(before) == 3
    assert recovery.finish_interrupted(now=NOW) == 2
    assert dict(Number.objects.scalar("paper_id", "number")) == before
    assert [paper.number for paper in batches.papers_of(made)] == [1, 2, 3]


def test_one_that_cannot_be_issued_holds_up_none_of_its_portion():
    first, old = signed(batch()), issued_alone()
    Paper.objects(pk=first.paper_ids[1]).update(set__corrects_id=old.pk, set__succession="replaces")
    Paper.objects(pk=old.pk).update(set__state=PaperState.REVOKED.value)
    results = batches.issue_all(first, by=By(cases.CITY, NOW))
    assert ["已被替代或撤销" in why for _, why in results] == [False, True, False]
    rows = batches.papers_of(first)
    assert [paper.number for paper in rows] == [2, None, 4]
    assert [bool(paper.issuing_by) for paper in rows] == [False, False, False]


def test_numbers_taken_meanwhile_by_others_leave_the_order_of_the_list(monkeypatch):
    made, real = signed(batch()), numbers.highest_number
    late = drafted()

    def overtaken(series, year):
        seen = real(series, year)
        monkeypatch.setattr(numbers, "highest_number", real)
        numbers.reserve_number(late, year, now=NOW)
        return seen

    monkeypatch.setattr(numbers, "highest_number", overtaken)
    batches.issue_all(made, by=By(cases.CITY, NOW))
    assert [paper.number for paper in batches.papers_of(made)] == [2, 3, 4]
    assert register_gaps("letter", 2026) == []
