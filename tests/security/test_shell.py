"""The shell: what is taken in, which headers go out, what an error looks like."""

import io
import logging
import re

import pytest
from flask import request
from pymongo.errors import ServerSelectionTimeoutError

from app.security import clean_text
from tests.builders.shell import Browser, build

ID = "65a1b2c3d4e5f60718293a4b"
BAD_QUERIES = [
    "page=-1",
    "page=x",
    "page=1.5",
    "page=%EF%BC%91",
    "page=99999999999",
    "page_size=0",
    "page_size=100000",
    "sort=-1",
    "sort=x",
    "desc=2",
    "search=%00",
    "flt0_0=%00",
    "flt0_0=%1B",
    "%00=1",
    "search=" + "a" * 101,
    "flt0_0=" + "a" * 1001,
    "flt0_0=%E2%80%AE",
    "&".join(f"a{n}=1" for n in range(201)),
]
GOOD_QUERIES = [
    "",
    "page=0",
    "page=",
    "page=3&page_size=20",
    "sort=4&desc=1",
    "search=%E7%BD%97%E5%AE%9A",
    f"id={ID}",
    "flt0_0=a%0Ab",
    "search=%FF%FE",
    "url=/admin/unit/%3Fpage%3D1",
]
BAD_IDS = ["1", "x" * 24, ID + "0", ID.upper(), "%00", "'||1==1", "{$ne:1}"]


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_bad_value_is_refused_in_chinese(query, app):
    answer = app.test_client().get(f"/echo?{query}")
    assert answer.status_code == 400
    assert "请求有误" in answer.text


@pytest.mark.parametrize("query", GOOD_QUERIES)
def test_a_good_value_passes(query, app):
    assert app.test_client().get(f"/echo?{query}").status_code == 200


@pytest.mark.parametrize("bad", BAD_IDS)
def test_a_bad_id_is_not_found(bad, app):
    client = app.test_client()
    assert client.get(f"/echo?id={bad}").status_code in (400, 404)
    assert client.get(f"/echo?unit_id={bad}").status_code in (400, 404)
    assert client.get(f"/records/{bad}").status_code == 404
    assert client.get(f"/records/{ID}").text == ID


@pytest.mark.parametrize("bad", ["%00", "a%1Bb", "%E2%80%AEx"])
def test_a_name_in_a_path_has_no_control_characters(bad, app):
    client = app.test_client()
    assert client.get(f"/names/{bad}").status_code == 404
    assert client.get("/names/%E7%BD%97%E5%AE%9A").text == "罗定"


def test_the_same_letters_are_the_same_value(app):
    assert app.test_client().get("/echo?search=Cafe%CC%81").json == {"search": ["Caf\u00e9"]}
    one = Browser(app)
    assert one.post("/form", name="Cafe\u0301").json["name"] == ["Caf\u00e9"]


def test_form_text(app):
    one = Browser(app)
    assert one.post("/form", text="一\r\n二\t三\x0b四").json["text"] == ["一\r\n二\t三\n四"]
    for bad in ("\x00", "a\x1b[31m", "\u202egpj.exe"):
        answer = one.post("/form", text=bad)
        assert answer.status_code == 400
        assert "控制字符" in answer.text


def test_clean_text_for_what_does_not_come_by_form():
    assert clean_text("Cafe\u0301") == "Caf\u00e9"
    with pytest.raises(ValueError, match="控制字符"):
        clean_text("a\x00b")


def test_lists_keep_all_their_values_in_order(app):
    one = Browser(app)
    answer = one.client.post("/form", data={"csrf_token": one.token(), "rowid": ["2", "1", "2"]})
    assert answer.json["rowid"] == ["2", "1", "2"]


def test_a_form_of_another_page_is_refused(app, make):
    make("city")
    one = Browser(app)
    one.login("city")
    for data in ({}, {"csrf_token": "forged"}, {"csrf_token": Browser(app).token()}):
        answer = one.client.post("/form", data=data)
        assert answer.status_code == 400
        assert "页面已过期" in answer.text
    assert one.post("/form", page="/password").status_code == 200


def test_sizes(app):
    one = Browser(app)
    token = one.token()

    def send(**values):
        return one.client.post("/form", data={"csrf_token": token, **values})

    assert send(text="a" * 3_000_000).status_code == 200  # a pasted table
    assert send(**{f"f{n}": "1" for n in range(4_000)}).status_code == 200
    # A file makes the form multipart, where parts and memory are counted.
    for values in ({"text": "a" * 5_000_000}, {f"f{n}": "1" for n in range(5_001)}):
        answer = send(file=(io.BytesIO(b"x"), "a.txt"), **values)
        assert answer.status_code == 413
        assert "内容过大" in answer.text
    announced = {"CONTENT_LENGTH": str(65 * 1024 * 1024)}
    assert one.client.post("/form", data={"a": "1"}, environ_overrides=announced).status_code == 413


def test_headers(app):
    client = app.test_client()
    for path in ("/echo", "/login", "/abort/404", "/fail/rule", "/healthz"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers


def test_each_answer_has_its_own_nonce(app):
    client = app.test_client()
    policies = [client.get("/echo").headers["Content-Security-Policy"] for _ in range(3)]
    assert len({re.search(r"'nonce-([^']+)'", policy)[1] for policy in policies}) == 3


def test_static_files_may_be_kept(app):
    answer = app.test_client().get("/admin/static/vendor/jquery.min.js")
    assert "no-store" not in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_https_is_remembered(app):
    answer = app.test_client().get("/echo", base_url="https://lvti.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize("host", ["evil.example", "lvti.example.evil.example", "localhost@evil.example", ""])
def test_foreign_hosts_are_refused(host, app):
    client = app.test_client()
    assert client.get("/login", headers={"Host": "lvti.example"}).status_code == 200
    answer = client.get("/login", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


@pytest.mark.parametrize("hops, address", [(0, "127.0.0.1"), (1, "9.9.9.9"), (2, "8.8.8.8")])
def test_as_many_proxies_are_believed_as_there_are(hops, address, uri):
    app = build(uri, proxy_hops=hops)
    app.add_url_rule("/address", view_func=lambda: request.remote_addr)
    forwarded = {"X-Forwarded-For": "6.6.6.6, 8.8.8.8, 9.9.9.9"}
    assert app.test_client().get("/address", headers=forwarded).text == address


def test_a_forwarded_host_is_checked_too(uri):
    client = build(uri, proxy_hops=1).test_client()
    assert client.get("/login", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400
    assert client.get("/login", headers={"X-Forwarded-Host": "lvti.example"}).status_code == 200


@pytest.mark.parametrize(
    "path, code, words",
    [
        ("/nowhere", 404, "没有找到"),
        ("/abort/403", 403, "没有权限"),
        ("/abort/418", 418, "请求有误"),
        ("/abort/429", 429, "操作过于频繁"),
        ("/form", 405, "不能这样访问"),
        ("/fail/rule", 403, "公示期未满，不得公布。&lt;b&gt;"),
        ("/fail/race", 409, "李静刚刚办理。"),
        ("/fail/database", 503, "未保存：数据库没有应答。"),
        ("/fail/bug", 500, "系统出错"),
    ],
)
def test_errors_are_pages_with_a_number_that_is_in_the_log(path, code, words, app, caplog):
    caplog.set_level(logging.INFO)
    answer = app.test_client().get(path)
    assert answer.status_code == code
    assert words in answer.text
    number = re.search(r"\b[0-9A-F]{8}\b", answer.text)[0]
    assert number in caplog.text
    assert "secret detail" not in answer.text and "Traceback" not in answer.text
    assert not re.search(r"Not Found|Forbidden|Error|Internal", answer.text)


def test_a_wrong_method_names_the_right_ones(app):
    assert "POST" in app.test_client().get("/form").headers["Allow"]


def test_a_broken_error_page_still_says_what_happened(app, monkeypatch):
    monkeypatch.setattr("app.security.render_template", lambda *a, **k: 1 / 0)
    answer = app.test_client().get("/fail/rule")
    assert (answer.status_code, "公示期未满" in answer.text, "<b>" in answer.text) == (403, True, False)


def test_scripts_get_json(app):
    answer = app.test_client().get("/nowhere", headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 404
    assert answer.json["title"] == "没有找到"


def test_probes(app, monkeypatch):
    client = app.test_client()
    assert client.get("/readyz").json["status"] == "ok"

    def dead():
        raise ServerSelectionTimeoutError("no server")

    monkeypatch.setattr("models.database.ping", dead)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (503, "unavailable")
    assert client.get("/healthz").status_code == 200
