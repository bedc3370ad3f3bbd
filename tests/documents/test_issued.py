"""印发类: rules follow their notice on a page of their own, without a label; each fault is caught by its clause."""

from dataclasses import replace

import pytest

from app import documents
from app.documents import checks
from tests.documents.spoiling import built, faults, spoil
from tests.documents.spoilings.issued import spoils

KIND = "rules_issue"


@pytest.mark.parametrize("change, name", spoils.cases, ids=spoils.ids)
def test_each_fault_is_caught_by_its_own_clause_alone(change, name):
    assert faults(built(KIND)) == set()
    assert faults(spoil(built(KIND), change)) == {name}


def test_the_rules_follow_the_signature_and_the_imprint_follows_them():
    lines = documents.text_of(built(KIND)).splitlines()
    order = [
        next(at for at, line in enumerate(lines) if line.startswith(start))
        for start in ("2027年3月1日", "第一章 总则", "第十一条 本规程", "公开方式：主动公开")
    ]
    assert order == sorted(order) and not any(line.startswith("附件") for line in lines)


def test_rules_without_text_are_not_issued():
    inputs = replace(documents.specimen(KIND), issued_text=())
    assert documents.missing_placeholders(KIND, inputs) == ["所印发文件的正文（多段）"]


def test_hostile_rules_come_out_letter_for_letter():
    hostile = ("第一条 {{year}}&<甲>“乙”</w:t>", "（一）" + "很长" * 400)
    inputs = replace(documents.specimen(KIND), issued_text=hostile)
    made = documents.build(KIND, inputs, number="云工信〔2027〕7号")
    assert all(line in documents.text_of(made).splitlines() for line in hostile)
    assert [one.name for one in checks.check(made, kind_family="red_head") if not one.ok] == ["残留占位符"]
