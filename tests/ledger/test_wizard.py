"""The screens of an import: upload, columns, preview, result; and the command line."""

import json
import re

import pytest

from app.cli_ledger import import_ledger
from app.exchange import tables
from app.policy.audit import LABELS
from app.services.ledger import batches
from models.audit import AuditEntry
from models.filing.applications import Application
from models.ledger import ImportBatch
from tests.builders import ledger
from tests.builders.ledger import BASE, columns, previewed, upload


@pytest.mark.parametrize("year", ["9" * 5000, "99999", "²", "-1"])
def test_a_year_that_is_none_is_taken_from_the_file(signed_in, sample, year):
    answer = upload(signed_in("city"), sample, year=year)
    assert answer.status_code == 302 and "year=2026" in answer.location


def test_from_upload_to_undo(signed_in, sample):
    city = signed_in("city")
    address = previewed(city, sample)
    page = city.get(address).text
    assert "确认导入 60 行" in page and "云浮市嘉岑宇新能源汽车有限公司" in page
    assert Application.objects.count() == 0
    done = city.post(address, {"confirm": "1"}, follow_redirects=True)
    assert done.status_code == 200 and "已导入" in done.text and Application.objects.count() == 60
    assert city.post(address, {"confirm": "1"}, follow_redirects=True).status_code == 200
    assert Application.objects.count() == 60
    listed = city.get(f"{BASE}/").text
    assert "新增 60" in listed and "全市" in listed and "市外" not in listed
    batch = ImportBatch.objects.get()
    undone = city.post(f"{BASE}/undo/?id={batch.pk}", follow_redirects=True)
    assert "已撤销" in undone.text and Application.objects.count() == 0
    course = undone.text.partition("办理过程")[2]
    assert "撤销导入" in course and "import" not in course.partition("</section>")[0]
    assert {LABELS.get(verb, "") for verb in AuditEntry.objects.distinct("verb")} >= {
        "撤销导入",
        "导入",
    }
    assert set(AuditEntry.objects.distinct("verb")) <= set(LABELS)


def test_a_second_import_shows_what_changes(signed_in):
    city = signed_in("city")
    city.post(previewed(city, ledger.workbook([ledger.row(0), ledger.row(1)])), {"confirm": "1"})
    page = city.get(previewed(city, ledger.workbook([ledger.row(0, 得分=91.5), ledger.row(1)]))).text
    assert "得分：70 → 91.5" in page and "确认导入 1 行" in page
    page = city.get(previewed(city, ledger.workbook([ledger.row(0), ledger.row(1)]))).text
    assert "没有需要写入的行" in page and "确认导入" not in re.sub("<title>.*?</title>", "", page)


def test_columns_can_be_corrected(signed_in):
    city = signed_in("city")
    headers = ["代号" if one == "统一社会信用代码" else one for one in ledger.HEADERS]
    data = b"".join(
        tables.xlsx_stream(headers, [ledger.row(0)], sheet="表", created=ledger.NOW, text_columns=("代号",))
    )
    mapping = upload(city, data, year="2026")
    page = city.get(mapping.location).text
    assert "表头中缺少“统一社会信用代码”列" in page and ledger.credit_code(0) in page
    chosen = columns(page) | {"column-4": "credit_code"}
    answer = city.post(mapping.location, chosen)
    assert answer.status_code == 302, answer.text
    city.post(answer.location, {"confirm": "1"})
    assert Application.objects.get().credit_code == ledger.credit_code(0)


def test_a_field_goes_to_one_column_only(signed_in, sample):
    city = signed_in("city")
    mapping = upload(city, sample)
    chosen = columns(city.get(mapping.location).text) | {"column-16": "products"}
    answer = city.post(mapping.location, chosen)
    assert answer.status_code == 200 and "“主要产品”对应了不止一列" in answer.text


def test_problems_are_named_and_can_be_taken_away(signed_in, faulty):
    city = signed_in("city")
    address = previewed(city, faulty)
    page = city.get(f"{address}&outcome=refused").text
    assert page.count("is-bad") == 6 and "与第" in page
    assert "已规范" in city.get(address).text and "逾期" in city.get(address).text
    batch = ImportBatch.objects.get()
    file = city.get(f"{BASE}/errors.xlsx?id={batch.pk}")
    assert file.status_code == 200 and file.headers["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects(verb="download", subject_type="ImportBatch").count() == 1


def test_pages_of_a_long_ledger(signed_in):
    city = signed_in("city")
    address = previewed(city, ledger.workbook([ledger.row(n) for n in range(230)]))
    first, last = city.get(address).text, city.get(f"{address}&page=2").text
    assert f">{2}</td>" in first and f">{231}</td>" in last and f">{231}</td>" not in first
    assert city.get(f"{address}&page=99").status_code == 200


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "a.xlsx", "空文件"),
        (b"no table", "a.xlsx", "找不到表头"),
        (b"PK\x03\x04 broken", "a.xlsx", "未通过检查"),
    ],
)
def test_a_file_that_is_no_ledger_is_answered_in_words(signed_in, data, name, why):
    city = signed_in("city")
    answer = upload(city, data, name, "2026")
    page = city.get(answer.location, follow_redirects=True).text if answer.status_code == 302 else answer.text
    assert why in page


def test_a_county_sees_its_own_batches_and_rows(signed_in, sample):
    ours = signed_in("county", area="445321")
    theirs = signed_in("county", "county-other", area="445302")
    address = previewed(ours, sample)
    batch = ImportBatch.objects.get()
    page = ours.get(address).text
    assert "不属于本地区" in page and "云城区凌岳宇" not in page and "凌岳宇不锈钢" not in page
    for path in (address, f"{BASE}/details/?id={batch.pk}", f"{BASE}/errors.xlsx?id={batch.pk}"):
        assert theirs.get(path).status_code == 404
    assert theirs.post(address, {"confirm": "1"}).status_code == 404
    assert theirs.get(f"{BASE}/map/?file={batch.attachment_id}&year=2026").status_code == 404
    assert "样例" not in theirs.get(f"{BASE}/").text


@pytest.mark.parametrize("role", ["city_lead", "admin", "auditor", "expert"])
def test_who_may_not_import(signed_in, sample, role):
    nobody = signed_in(role)
    assert nobody.get(f"{BASE}/new/").status_code == 403
    assert upload(nobody, sample).status_code == 403


def test_the_ledger_of_a_year_can_be_taken_home(signed_in, sample):
    city = signed_in("city")
    city.post(previewed(city, sample), {"confirm": "1"})
    answer = city.get(f"{BASE}/ledger.xlsx?year=2026")
    assert answer.status_code == 200
    assert len(batches.parse_ledger(answer.data, year=2026).rows) == 60
    assert AuditEntry.objects(verb="export").count() == 1


# --- command line -----------------------------------------------------------------------------------------


def run(app, *args):
    return app.test_cli_runner().invoke(import_ledger, [str(arg) for arg in args])


def test_command_line(app, signed_in, faulty, tmp_path):
    signed_in("city")
    file = tmp_path / "含错误.xlsx"
    file.write_bytes(faulty)
    looked = run(app, file, "--as", "city", "--json")
    found = json.loads(looked.output)
    assert (found["rows"], found["new"], found["changed"], found["same"]) == (91, 85, 0, 0)
    assert {one["row"] for one in found["refused"]} == {7, 21, 35, 70, 77, 94} and found["late"] == [56]
    assert set(found["refused"][0]) == {"row", "column", "why"}
    assert set(found["normalised"][0]) == {"row", "column", "was", "now"}
    assert Application.objects.count() == ImportBatch.objects.count() == 0, "a look writes nothing"
    assert json.loads(run(app, file, "--as", "city", "--commit", "--json").output) == found
    assert Application.objects.count() == 85
    assert {row.source for row in AuditEntry.objects(subject_type="Unit")} == {"import"}
    assert json.loads(run(app, file, "--as", "city", "--commit", "--json").output)["same"] == 85


def test_command_line_in_words(app, signed_in, faulty, tmp_path):
    signed_in("city")
    file = tmp_path / "含错误.xlsx"
    file.write_bytes(faulty)
    told = run(app, file, "--as", "city").output
    assert "共 91 行，新增 85，更新 0，无变化 0，未通过 6" in told and "未写入" in told and "第 70 行" in told
    assert "没有名为 nobody 的账号" in run(app, file, "--as", "nobody").output
    wrong = run(app, file, "--as", "city", "--year", "2025")
    assert wrong.exit_code == 0 and "year：表题写的是2026年度" in wrong.output and "新增 0" in wrong.output
    answered = run(app, file, "--as", "city", "--year", "2025", "--answer", "year=2026")
    assert "2026 年度推荐汇总表：共 91 行，新增 85" in answered.output
