"""Papers of one, two and twelve pages and appendices of one, sixty and five thousand rows pass every check."""

import re
from dataclasses import replace

import pytest

from app import documents
from app.documents import checks
from app.documents.kinds.columns import UnitLine
from app.policy import papers

NUMBERS = {"red_head": "云工信〔2027〕7号", "letter": "云工信函〔2027〕7号"}


def examined(kind, inputs):
    """How many pages it has, and the checks that fail."""
    family = papers.KINDS[kind].family
    content = documents.build(kind, inputs, number=NUMBERS.get(family))
    pdf = documents.preview_pdf(content)
    found = checks.check(content, kind_family=family, pdf=pdf)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)), [(c.name, c.found) for c in found if not c.ok]


def rules(articles):
    text = "工作人员应当如实填写现场抽查复核记录，由双方签字确认；被抽查单位拒绝签字的，应当注明情况。" * 3
    return ("第一章 总则", *(f"第{number}条 {text}" for number in articles))


NUMERALS = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十".split()


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind, changes, pages",
    [
        ("no_objection", {"units": ()}, 1),
        ("revocation", {}, 2),
        ("rules_issue", {"issued_text": rules([*NUMERALS, *(f"二十{one}" for one in NUMERALS[:9])])}, 12),
    ],
)
def test_papers_of_few_and_many_pages(kind, changes, pages):
    assert examined(kind, replace(documents.specimen(kind), **changes)) == (pages, [])


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 60, pytest.param(5000, marks=pytest.mark.timeout(600))])
def test_appendices_of_few_and_many_rows(rows):
    units = tuple(
        UnitLine(f"云浮市示例{number}号石材有限公司", "绿色工厂", "云城区", "建筑用石加工")
        for number in range(1, rows + 1)
    )
    pages, faults = examined("cultivation_list", replace(documents.specimen("cultivation_list"), units=units))
    assert faults == [] and pages % 2 == 0
