"""The same content gives the same file, whatever the wall clock says."""

import datetime
import time

import pytest

from app.documents import build, specimen
from app.documents.output import merging
from app.exchange import bundles, report_template, tables
from app.policy.reports import built_in

NOW = datetime.datetime(2026, 4, 1, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
LATER = NOW + datetime.timedelta(hours=1)


def table(created):
    return b"".join(tables.xlsx_stream(["名称", "日期"], [["甲", NOW]], sheet="名单", created=created))


def template(created):
    definition = built_in.built_in_definitions()["factory"]
    return report_template.template(
        definition, 2026, [report_template.Line("91445302MADYE3MD4D", "甲")], created=created
    )


def bundle(created):
    return bundles.zipped([("一/甲.txt", b"a"), ("乙.txt", b"b")], created=created)


def merged(_created):
    letter = build("consultation", specimen("consultation"))
    return merging.merged([letter, letter])


@pytest.mark.parametrize("make", [table, template, bundle, merged])
def test_the_wall_clock_leaves_no_trace(make):
    before = make(NOW)
    time.sleep(2.1)  # zip entries count in steps of two seconds
    assert make(NOW) == before


@pytest.mark.parametrize("make", [table, template, bundle])
def test_the_given_moment_is_written(make):
    assert make(NOW) != make(LATER)
