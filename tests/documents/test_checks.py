"""What the engine builds fits; what cannot be opened is said; the report tells a clerk where."""

import io
import zipfile

import pytest

from app.documents.checks import FILE_RULES, PAGE_RULES, check
from app.documents.checks.numbering import arabic
from app.documents.checks.report import check_file, lines
from app.documents.checks.result import Check
from app.policy import papers
from tests.documents.spoiling import DOCUMENT, STYLES, Draft, W, announcement, built, faults, spoil, write
from tests.documents.spoilings import body_and_lists, imprint_and_file, issued, letter, page_and_head, pages


@pytest.mark.parametrize("kind", papers.KINDS)
def test_what_the_engine_builds_fits_the_standard(kind):
    found = check(built(kind))
    assert [each for each in found if not each.ok] == []
    assert len(found) > 30


@pytest.mark.parametrize("kind", papers.KINDS)
def test_the_family_is_read_from_the_paper(kind):
    told = check(built(kind), kind_family=papers.KINDS[kind].family)
    assert [each.name for each in check(built(kind))] == [each.name for each in told]


def test_only_what_concerns_a_paper_is_asked_of_it():
    names = {each.name for each in check(built("public_notice"))}
    assert "标题" in names
    assert not names & {"发文机关标志", "发文字号", "红色分隔线", "信函红色双线", "版记"}


def test_every_check_names_its_clause_and_what_is_expected():
    found = check(announcement())
    assert len({each.name for each in found}) == len(found) > 50
    assert all(each.clause and each.expected and each.found == "符合" and not each.where for each in found)


def test_a_number_not_yet_given_is_a_fault():
    def unnumbered(draft):
        write(draft.paragraphs("发文字号")[0], "〔　　　　〕　　号")

    assert faults(spoil(announcement(), unnumbered)) == {"发文字号"}


def test_faults_of_one_kind_make_one_line_with_the_first_places():
    def short_dates(draft):
        for each in draft.paragraphs("附件标识"):
            write(each, "附表")

    (fault,) = (each for each in check(spoil(announcement(), short_dates)) if not each.ok)
    assert fault.name == "附件标识"
    assert fault.where == "“附表”"
    assert fault.found.startswith("应为“附件1”；应为“附件2”；应为“附件3”（共")


@pytest.mark.parametrize("docx", [b"", b"no zip", announcement()[:2000]])
def test_what_cannot_be_opened_is_said_and_not_raised(docx):
    (only,) = check(docx)
    assert (only.name, only.ok) == ("文件可以打开", False)


def test_a_broken_part_is_named():
    def broken(draft):
        del draft.trees[DOCUMENT]
        draft.parts[DOCUMENT] = b"<w:document>"

    (only,) = check(spoil(announcement(), broken))
    assert DOCUMENT in only.found


def test_entities_are_not_expanded():
    def entity(draft):
        del draft.trees[DOCUMENT]
        attack = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        draft.parts[DOCUMENT] = attack + draft.parts[DOCUMENT].split(b"?>", 1)[1].replace(
            "特此通知".encode(), b"&e;"
        )

    assert not any("特此通知" in each.found for each in check(spoil(announcement(), entity)))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DOCUMENT, bytes(65 * 1024 * 1024))
    assert check(bomb.getvalue())[0].found == "解压后超过大小限制"


@pytest.mark.parametrize(
    "written, number", [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("一百零三", 103)]
)
def test_chinese_numbers_are_read(written, number):
    assert arabic(written) == number


def test_the_report_names_clause_expectation_and_place():
    found = [
        Check("5.1", "纸张幅面", "A4", "符合", True),
        Check("7.2.5", "发文字号", "六角括号", "云工信[2027]07号", False, "版头"),
    ]
    first, second, detail, verdict = lines(found)
    assert first.startswith("✓ 5.1") and first.endswith("A4")
    assert second.startswith("✗ 7.2.5") and second.endswith("要求：六角括号")
    assert detail.strip() == "实际：云工信[2027]07号（版头）"
    assert verdict == "GB/T 9704-2012：共检查 2 项，1 项不符合。"


def test_a_file_is_checked_by_its_path(tmp_path):
    path = tmp_path / "通知.docx"
    path.write_bytes(announcement())
    code, report = check_file(path)
    assert (code, report.splitlines()[-1].endswith("全部符合。")) == (0, True)
    path.write_bytes(b"no zip")
    assert check_file(path)[0] == 1
    assert check_file(tmp_path / "没有.docx") == (2, f"读不到文件：{tmp_path / '没有.docx'}")


def test_pages_are_measured_when_a_renderer_is_given(tmp_path):
    path = tmp_path / "通知.docx"
    path.write_bytes(announcement())
    code, report = check_file(path, render=lambda docx: b"no pdf")
    assert (code, "版面可以测量" in report) == (1, True)


def test_every_clause_has_a_fault_that_it_catches():
    files = (page_and_head, body_and_lists, imprint_and_file, letter, issued)
    assert {rule.name for rule in FILE_RULES} == {name for each in files for _, name in each.spoils.cases}
    printed = (*pages.spoils.cases, *pages.letter_spoils.cases)
    assert {rule.name for rule in PAGE_RULES} == {f"版面：{name}" for _, name in printed}


@pytest.mark.parametrize("part", sorted(Draft(announcement()).parts))
def test_a_paper_that_lacks_a_part_is_judged_and_not_raised(part):
    def lacking(draft):
        draft.parts.pop(part)
        draft.trees.pop(part, None)

    assert check(spoil(announcement(), lacking))


@pytest.mark.parametrize("value", ["", "abc", "-1", "1e9", "99999999999"])
def test_measures_that_are_no_numbers_are_judged_and_not_raised(value):
    def nonsense(draft):
        for tree in (draft.trees[DOCUMENT], draft.trees[STYLES]):
            for each in tree.iter(
                *(W + tag for tag in ("pgSz", "pgMar", "spacing", "ind", "sz", "w", "tcW", "docGrid"))
            ):
                each.attrib.update({name: value for name in each.attrib if name != f"{W}lineRule"})

    assert not all(each.ok for each in check(spoil(announcement(), nonsense)))
