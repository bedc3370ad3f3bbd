"""Lists of 100,000 units (UNITS changes it): our screen, the stock view and a bare query side by side."""

import csv
import io
import itertools
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
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
from app.policy.filing import industries
from app.policy.terms import Kind
from app.services import accounts
from app.services.core import rules
from benchmarks.verdict import verdict
from models import database
from models.accounts.people import User
from models.registry.units import Unit
from models.search import terms_of, text_of
from views.registry.units import UnitView

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
KINDS = dict(Kind.choices())
AREAS = {area.code: area.name for area in rules.pack().areas}

TEMPLATE = (
    "{% for row in rows %}<tr>{% for name in names %}<td>{{ row[name] }}</td>{% endfor %}</tr>{% endfor %}"
)


class Commands(CommandListener):
    """Counter of database commands."""

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
    """Yield invented units, the same in every run."""
    dice, areas = random.Random(14), [area.code for area in rules.pack().areas]
    for number in range(count):
        area = dice.choice(areas)
        stem = f"91{area if area.isdecimal() else '445300'}M{number:08d}"
        code = stem + uscc.calc_check_digit(stem)
        words = dice.choice(FIRST) + dice.choice(SECOND) + dice.choice(FIRST) + dice.choice(SECOND)
        name = f"云浮市{words}{dice.choice(TRADES)}有限公司"
        yield {
            "credit_code": code,
            "name": name,
            "area": area,
            "kinds": [dice.choice(list(Kind)).value],
            "industries": ["3032"],
            "products": "石板材",
            "legal_person": "王五",
            "version": 1,
            "registered": {"area": area, "text": "虚构大道1号"},
            "production": {"area": area, "text": "虚构大道1号"},
            "former_names": [],
            "contacts": [],
            "honours": [],
            "focus": False,
            "terms": terms_of(name, code),
            "search_text": text_of(name, code),
        }


def fill(first: int, last: int) -> None:
    collection, portion = Unit._get_collection(), []
    for document in itertools.islice(documents(last), first, None):
        portion.append(document)
        if len(portion) == 5000:
            collection.insert_many(portion)
            portion = []
    if portion:
        collection.insert_many(portion)


@dataclass(frozen=True)
class Spent:
    """Milliseconds of one page by the clock, and of this process's processor without the server's."""

    wall: float
    own: float


def medians(*works: Callable[[], Any], rounds: int = ROUNDS) -> list[Spent]:
    """Return each work's median after a warm run; they take turns, so that a busy machine slows all alike."""
    for work in works:
        work()
    spent: list[list[tuple[float, float]]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, spent, strict=True):
            wall, own = time.perf_counter(), time.process_time()
            work()
            times.append(((time.perf_counter() - wall) * 1000, (time.process_time() - own) * 1000))
    return [Spent(*(statistics.median(column) for column in zip(*times, strict=True))) for times in spent]


def measure(server: Embedded) -> None:
    """Fill the database, then measure pages, search, filters, scope, edit, commands, exports."""
    rules.use("yunfu")
    begun = time.perf_counter()
    fill(0, UNITS // 10)
    ours, stock = _ours(server), _stock()
    [small] = medians(lambda: _ok(ours, "/admin/unit/"))
    fill(UNITS // 10, UNITS)
    print(f"{UNITS:,} 家单位，写入 {time.perf_counter() - begun:.1f} s")
    [large] = medians(lambda: _ok(ours, "/admin/unit/"))
    growth = verdict(large.wall <= 1.5 * small.wall, "≤ 1.5")
    print(
        f"首页 {UNITS:,} 家 {large.wall:.1f} ms ÷ {UNITS // 10:,} 家 {small.wall:.1f} ms "
        f"= {large.wall / small.wall:.2f}（处理器 {large.own / small.own:.2f}）  {growth}"
    )
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
    print(HEAD)
    for label, own, plain, bare_query in rows:
        page, same = partial(_ok, ours, "/admin/unit/" + own), partial(_ok, stock, "/admin/stock/" + plain)
        times = medians(page, same, bare_query)
        _line(label, *times, _commands(ours, "/admin/unit/" + own))
    county = _client(server, "county")
    scoped, free = medians(partial(_ok, county, "/admin/unit/"), partial(_ok, ours, "/admin/unit/"))
    print(
        f"{'县级范围首页':<20}{scoped.wall:>8.1f}  ÷ 全市 {scoped.wall / free.wall:4.2f}"
        f"（处理器 {scoped.own / free.own:4.2f}）  {verdict(scoped.wall <= 1.5 * free.wall, '≤ 1.5')}"
    )
    edit = f"edit/?id={sample.pk}"
    page, same = partial(_ok, ours, "/admin/unit/" + edit), partial(_ok, stock, "/admin/stock/" + edit)
    print(
        f"编辑页：本系统 {len(UnitView.form_columns)} 个字段，原样视图同样的字段（查找字段它不能显示，除外）"
    )
    _line("编辑页", *medians(page, same), None, _commands(ours, "/admin/unit/" + edit))
    _exports(ours)


HEAD = (
    f"{'毫秒（中位数；括号内为本进程处理器时间）':<12}{'本系统':>10}{'原样视图':>14}{'裸查询':>14}"
    f"{'÷裸':>12}{'÷原样':>8}{'命令':>6}"
)


def _line(label: str, own: Spent, stock: Spent, bare: Spent | None, commands: int) -> None:
    """Print one page, judged by the clock: that counts the server's work on all three sides."""
    ratio = f"{own.wall / bare.wall:.1f}（{own.own / bare.own:.1f}）" if bare else ""
    if bare is None:  # an edit page has no bare counterpart: what it takes beside the stock one is only told
        held = verdict(commands <= 6, "≤ 6 条")
    else:
        within = own.wall <= stock.wall and own.wall <= 4 * bare.wall and commands <= 6
        held = verdict(within, "≤ 4 × 裸，≤ 原样，≤ 6 条")
    print(
        f"{label:<20}{_both(own):>14}{_both(stock):>16}{_both(bare) if bare else '':>16}{ratio:>12}"
        f"{own.wall / stock.wall:>8.2f}{commands:>6}  {held}"
    )


def _both(spent: Spent) -> str:
    return f"{spent.wall:.1f}（{spent.own:.1f}）"


def _exports(client: Any) -> None:
    collection = Unit._get_collection()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for kind, bare, most in (("csv", _bare_csv, 1.5), ("xlsx", _bare_xlsx, 1.3)):
        begun = time.perf_counter()
        size = sum(len(part) for part in client.get(f"/admin/unit/export/{kind}/").iter_encoded())
        own = time.perf_counter() - begun
        begun = time.perf_counter()
        bare(collection.find({}, dict.fromkeys(COLUMNS, 1)).sort([("name", 1), ("_id", 1)]))
        raw = time.perf_counter() - begun
        print(
            f"导出 {kind:<5} {own:6.1f} s  裸写同样的格 {raw:5.1f} s  ÷ {own / raw:4.2f}  {size / 1e6:.1f} MB  "
            f"{verdict(own / raw <= most, f'≤ {most}')}"
        )
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"导出期间内存峰值增加 {grown:.0f} MB  {verdict(grown <= 100, '≤ 100 MB')}")


def _cells(row: dict[str, Any]) -> list[Any]:
    """Return the columns and texts of our export, made by hand."""
    return [
        row["name"],
        row["credit_code"],
        AREAS[row["area"]],
        "、".join(KINDS[kind] for kind in row["kinds"]),
        "；".join(f"{industries.name(code)}（{code}）" for code in row["industries"]),
        row["products"],
        row["legal_person"],
        *(f"{AREAS[row[place]['area']]} {row[place]['text']}" for place in ("registered", "production")),
    ]


def _bare_csv(found: Any) -> int:
    buffer, size = io.StringIO(newline=""), 0
    writer = csv.writer(buffer)
    for number, row in enumerate(found):
        writer.writerow(_cells(row))
        if number % 500 == 499:
            size += len(buffer.getvalue().encode())
            buffer.seek(0)
            buffer.truncate()
    return size + len(buffer.getvalue().encode())


def _bare_xlsx(found: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(f"{folder}/bare.xlsx", {"constant_memory": True, "tmpdir": folder})
        sheet = book.add_worksheet()
        for line, row in enumerate(found):
            for column, text in enumerate(_cells(row)):
                sheet.write_string(line, column, text)
        book.close()


def _ok(client: Any, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)


def _commands(client: Any, path: str) -> int:
    """Return the database commands of one page, sessions and accounts included."""
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
        user.password_hash = accounts.hash_password(PASSWORD)
        user.password_changed_at = clock.now()
        user.save()
    client = _app["app"].test_client()
    answer = client.post("/login", data={"username": role, "password": PASSWORD})
    assert answer.status_code == 302, answer.status_code
    return client


class Stock(ModelView):
    """Flask-Admin's own view of units."""

    column_list = COLUMNS
    column_searchable_list = ("name", "credit_code")
    column_filters = ("area",)
    column_default_sort = "name"
    form_columns = [name for name in UnitView.form_columns if name not in UnitView.lookups]


def _stock() -> Any:
    app = Flask("stock")
    app.secret_key = "k"
    Babel(app)  # with flask-babel installed Flask-Admin fails without it
    Admin(app, theme=Bootstrap4Theme()).add_view(Stock(Unit, endpoint="stock"))
    return app.test_client()
