"""A draft edited outside comes back as the final: form, number, code and names are checked, then it is frozen."""

import hashlib
import io
import zipfile

import pytest

from app.policy.flow import NotAllowed
from app.services.core import files
from app.services.core.by import By
from app.services.papers import content as paper_files
from app.services.papers import drafting, finals, issuing, signing
from models.files import Attachment
from models.papers import Paper
from tests.builders import cases
from tests.builders.papers import HOSTILE, NOW, drafted, inputs


def edited(content: bytes, *changes: tuple[str, str]) -> bytes:
    """The file with its text changed, as WPS would save it."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                text = data.decode()
                for old, new in changes:
                    assert old in text
                    text = text.replace(old, new)
                data = text.encode()
            target.writestr(name, data)
    return result.getvalue()


@pytest.fixture
def numbered() -> Paper:
    paper = drafted(names=("云浮市虚构石材有限公司", "罗定市虚构铝业有限公司"))
    finals.take_number(paper, by=By(cases.CITY, NOW))
    return paper


def upload(paper: Paper, content: bytes, name: str = "定稿.docx") -> Paper:
    return finals.upload_final(paper, name, content, version=paper.version, by=By(cases.CITY, NOW))


def test_the_checked_final_is_what_is_issued(numbered):
    final = edited(paper_files.current_docx(numbered, now=NOW), ("请结合职责", "请结合你单位职责"))
    paper = upload(numbered, final)
    paper = drafting.submit(paper, version=paper.version, by=By(cases.CITY, NOW))
    paper = issuing.issue(signing.sign(paper, by=By(cases.LEAD, NOW)), by=By(cases.CITY, NOW))
    assert paper.sha256 == hashlib.sha256(final).hexdigest()
    assert files.content(Attachment.objects.get(pk=paper.attachment_id)) == final


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("云工信函〔2026〕1号", "云工信函〔2026〕2号", "文号应为云工信函〔2026〕1号"),
        ("虚构石材", "虚构石村", "缺少或写错了单位名称：云浮市虚构石材有限公司"),
        ("罗定市虚构铝业有限公司", "罗定市虚构钢业有限公司", "不在名单内的单位名称：罗定市虚构钢业有限公司"),
    ],
)
def test_a_changed_number_or_name_is_refused_and_named(numbered, old, new, words):
    final = edited(paper_files.current_docx(numbered, now=NOW), (old, new))
    with pytest.raises(NotAllowed, match=words):
        upload(numbered, final)
    assert Paper.objects.get(pk=numbered.pk).final_id is None


def test_a_lost_code_or_a_left_over_placeholder_is_refused(numbered):
    content = paper_files.current_docx(numbered, now=NOW)
    with pytest.raises(NotAllowed, match="验证码应为"):
        upload(numbered, edited(content, (numbered.verification, "AAAAAAAAAAAA")))
    with pytest.raises(NotAllowed, match="占位"):
        upload(numbered, edited(content, ("请结合职责", "请结合{{asks}}")))


def test_a_file_that_is_no_word_file_is_refused(numbered):
    with pytest.raises(NotAllowed):
        upload(numbered, b"%PDF-1.7 nothing", "定稿.docx")


def test_without_a_number_there_is_no_final():
    paper = drafted()
    with pytest.raises(NotAllowed, match="先编号"):
        upload(paper, paper_files.current_docx(paper, now=NOW))


def test_editing_the_inputs_lets_the_final_go(numbered):
    paper = upload(numbered, paper_files.current_docx(numbered, now=NOW))
    stored = paper.final_id
    paper = drafting.edit(paper, inputs(asks="节能监察"), version=paper.version, by=By(cases.CITY, NOW))
    assert paper.final_id is None
    assert Attachment.objects.get(pk=stored).state == "staging"


def test_hostile_names_survive_the_check():
    paper = drafted(names=(HOSTILE.replace("{{year}}", ""),))
    finals.take_number(paper, by=By(cases.CITY, NOW))
    assert upload(paper, paper_files.current_docx(paper, now=NOW)).final_id
