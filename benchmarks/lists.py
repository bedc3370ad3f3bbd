"""Lists at 100,000 units (UNITS to change it): our screen, the stock view and a bare query in the same run."""

import csv
import io
import os
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from flask import Flask, render_template_string
from flask_admin import Admin
from flask_admin.contrib.mongoengine import ModelView
from flask_admin.theme import Bootstrap4Theme
from flask_babel import Babel
from pymongo import monitoring
from pymongo.monitoring import CommandListener
from stdnum.cn import uscc

from app import clock
from app.config import Config
from app.embedded import Embedded
from app.factory import create_app
from app.policy.terms import Kind
from app.services import passwords, rules
from models import database
from models.people import User
from models.search import terms_of, text_of
from models.units import Unit

UNITS = int(os.environ.get("UNITS", "100000"))
PASSWORD = "Lushui-2026-Ting"
FIRST, SECOND = "云山绿岭清溪砺石南江东樾启崧立砾嘉岑", "恒泽致清蓝谷鼎禾凌岳西霖品沅瑞川"
TRADES = ("石材", "水泥", "不锈钢制品", "药业", "食品", "化工", "饲料", "纸业")
COLUMNS = (
    "name",
    "credit_code",
    "area",
    "kinds",
    "industries",
    "products",
    "legal_person",
    "registered",
    "production",
)
ROUNDS = 15

TEMPLATE = (
    "{% for row in rows %}<tr>{% for name in names %}<td>{{ row[name] }}</td>{% endfor %}</tr>{% endfor %}"
)


class Commands(CommandListener):
    """Counts what reaches the database."""

    count = 0

    def started(self, event: Any) -> None:
        self.count += event.command_name in (
            "find",
            "aggregate",
            "count",
            "getMore",
            "update",
            "findAndModify",
        )

    def succeeded(self, event: Any) -> None:
        pass

    failed = succeeded


def documents(count: int) -> Iterator[dict[str, Any]]:
    """Invented units, the same in every run."""
    dice, areas = random.Random(14), [area.code for area in rules.pack().areas]
    for number in range(count):
        area = dice.choice(areas)
        stem = f"91{area if area.isdecimal() else '445300'}M{number:08d}"
        code = stem + uscc.calc_check_digit(stem)
        words = dice.choice(FIRST) + dice.choice(SECOND) + dice.choice(FIRST) + dice.choice(SECOND)
        name = f"云浮市{words}{dice.choice(TRADES)}有限公司"
        yield {
            "credit_code": code, "name": name, "area": area, "kinds": [dice.choice(list(Kind)).value],
            "industries": ["3032"], "products": "石板材", "legal_person": "王五", "version": 1,
            "registered": {"area": area, "text": "虚构大道1号"}, "production": {"area": area, "text": "虚构大道1号"},
            "former_names": [], "contacts": [], "honours": [], "focus": False,
            "terms": terms_of(name, code), "search_text": text_of(name, code),
        }  # fmt: skip


def fill() -> None:
    collection, portion = Unit._get_collection(), []
    for document in documents(UNITS):
        portion.append(document)
        if len(portion) == 5000:
            collection.insert_many(portion)
            portion = []
    if portion:
        collection.insert_many(portion)


def median(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Milliseconds, the middle of several runs after a warm one."""
    work()
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.median(spent)


def measure(server: Embedded) -> None:
    """Fill, then print: pages, search, filters, scope, edit, commands, exports."""
    rules.use("yunfu")
    begun = time.perf_counter()
    fill()
    print(f"{UNITS:,} 家单位，写入 {time.perf_counter() - begun:.1f} s")
    ours, stock = _ours(server), _stock()
    sample = Unit.objects.skip(UNITS // 2).first()
    last = UNITS // 20 - 1
    collection = Unit._get_collection()

    def raw(query: dict[str, Any], sort: Any = (("name", 1), ("_id", 1)), skip: int = 0) -> Callable[[], Any]:
        fields = dict.fromkeys(COLUMNS, 1)

        def run() -> None:
            rows = list(collection.find(query, fields).sort(list(sort)).skip(skip).limit(20))
            with bare.app_context():
                render_template_string(TEMPLATE, rows=rows, names=COLUMNS)

        return run

    bare = Flask("bare")
    part = sample.name[3:7]
    rows = [
        ("首页", "", "", raw({})),
        ("按名称倒序", "?sort=0&desc=1", "?sort=0&desc=1", raw({}, (("name", -1), ("_id", -1)))),
        ("按县（市、区）筛选", "?flt0_area=445302", "?flt0_0=445302", raw({"area": "445302"})),
        ("名称片段（少见）", f"?search={part}", f"?search={part}", raw({"search_text": {"$regex": part}})),
        ("名称片段（常见）", "?search=石材", "?search=石材", raw({"search_text": {"$regex": "石材"}})),
        (
            "信用代码",
            f"?search={sample.credit_code}",
            f"?search={sample.credit_code}",
            raw({"credit_code": sample.credit_code}),
        ),
        ("末页", f"?page={last}", f"?page={last}", raw({}, skip=last * 20)),
    ]
    print(
        f"{'毫秒（中位数）':<20}{'本系统':>8}{'原样视图':>10}{'裸查询':>8}{'÷裸':>7}{'÷原样':>8}{'命令':>6}"
    )
    for label, own, plain, bare_query in rows:
        times = [
            median(lambda: _ok(ours, "/admin/unit/" + own)),
            median(lambda: _ok(stock, "/admin/stock/" + plain), 3),
            median(bare_query, 5),
        ]
        _line(label, *times, _commands(ours, "/admin/unit/" + own))
    county = _client(server, "county")
    scoped = median(lambda: _ok(county, "/admin/unit/"))
    print(f"{'县级范围首页':<20}{scoped:>8.1f}")
    edit = f"edit/?id={sample.pk}"
    _line(
        "编辑页",
        median(lambda: _ok(ours, "/admin/unit/" + edit)),
        median(lambda: _ok(stock, "/admin/stock/" + edit), 3),
        0,
        0,
    )
    _exports(ours)


def _line(label: str, own: float, stock: float, bare: float, commands: int) -> None:
    ratio = f"{own / bare:>7.1f}" if bare else f"{'':>7}"
    print(f"{label:<20}{own:>8.1f}{stock:>10.1f}{bare:>8.1f}{ratio}{own / stock:>8.2f}{commands:>6}")


def _exports(client: Any) -> None:
    names = COLUMNS
    collection = Unit._get_collection()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for kind, bare in (("csv", _bare_csv), ("xlsx", _bare_xlsx)):
        begun = time.perf_counter()
        size = sum(len(part) for part in client.get(f"/admin/unit/export/{kind}/").iter_encoded())
        own = time.perf_counter() - begun
        begun = time.perf_counter()
        bare(collection.find({}, dict.fromkeys(names, 1)), names)
        raw = time.perf_counter() - begun
        print(f"导出 {kind:<5} {own:6.1f} s  裸写 {raw:5.1f} s  ÷ {own / raw:4.2f}  {size / 1e6:.1f} MB")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"导出期间内存峰值增加 {grown:.0f} MB")


def _bare_csv(rows: Any, names: Any) -> None:
    writer = csv.writer(io.StringIO())
    for row in rows:
        writer.writerow([str(row.get(name, "")) for name in names])


def _bare_xlsx(rows: Any, names: Any) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        for column, name in enumerate(names):
            sheet.write_string(line, column, str(row.get(name, "")))
    book.close()


def _ok(client: Any, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)


def _commands(client: Any, path: str) -> int:
    """Database commands of one page; sessions and accounts are included."""
    listener = database.client().options.event_listeners and database.client().options.event_listeners[0]
    if not listener:
        return 0
    before = listener.count
    _ok(client, path)
    return listener.count - before


def _ours(server: Embedded) -> Any:
    return _client(server, "city")


_app: dict[str, Flask] = {}


def _client(server: Embedded, role: str) -> Any:
    if not _app:
        monitoring.register(Commands())
        config = Config(mongodb_uri=server.uri, secret_key="k" * 64, var_dir=Path(server.var_dir))
        _app["app"] = create_app(config)
        _app["app"].config["WTF_CSRF_ENABLED"] = False
    if not User.objects(username=role).first():
        scope = {"area": "445302"} if role == "county" else {}
        user = User(username=role, name=role, role=role, must_change_password=False, **scope)
        user.password_hash = passwords.hash_password(PASSWORD)
        user.password_changed_at = clock.now()
        user.save()
    client = _app["app"].test_client()
    answer = client.post("/login", data={"username": role, "password": PASSWORD})
    assert answer.status_code == 302, answer.status_code
    return client


class Stock(ModelView):
    """The view as Flask-Admin makes it."""

    column_list = COLUMNS
    column_searchable_list = ("name", "credit_code")
    column_filters = ("area",)
    column_default_sort = "name"
    form_columns = ["credit_code", "name", "area", "products"]


def _stock() -> Any:
    app = Flask("stock")
    app.secret_key = "k"
    Babel(app)  # with flask-babel installed Flask-Admin fails without it
    Admin(app, theme=Bootstrap4Theme()).add_view(Stock(Unit, endpoint="stock"))
    return app.test_client()
