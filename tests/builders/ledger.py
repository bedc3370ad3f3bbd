"""Made ledgers of any length: fictional units with valid credit codes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from stdnum.cn import uscc

from app.clock import SHANGHAI
from app.exchange import tables
from app.exchange.columns import FIELDS
from app.policy import pack as packs
from app.services.core.by import By
from app.services.ledger import batches

AREAS = packs.load().areas
HEADERS = tuple(field.label for field in FIELDS)
INSTITUTIONS = tuple(f"广东虚构{name}评价有限公司" for name in ("甲乙", "丙丁", "戊己", "庚辛"))
SURNAMES, GIVEN = "陈李黄张梁林刘吴罗莫", "伟文丽华国栋晓彤永强"
CHARACTERS = "鼎禾丰恒泽达凌岳宇蓝谷鑫景泓安立砾利启崧泰嘉岑致清绿源坊西霖和岱"


def credit_code(number: int) -> str:
    body = f"91445300MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def row(number: int, **other: Any) -> list[Any]:
    """One fictional unit; `other` replaces cells by their heading."""
    areas = AREAS
    area = areas[number % len(areas)].name
    third = number % 5 < 3
    a, b, c = (CHARACTERS[number // n % len(CHARACTERS)] for n in (1, 31, 961))
    cells = {
        "序号": number + 1,
        "县（市、区）": area,
        "类别": "绿色工厂",
        "单位名称": f"云浮市{a}{b}{c}{number}制品有限公司",
        "统一社会信用代码": credit_code(number),
        "所属行业（代码）": "石材（3032）",
        "评价方式": "第三方评价" if third else "自我评价",
        "第三方机构": INSTITUTIONS[number % len(INSTITUTIONS)] if third else None,
        "评价标准": "GB/T 36132-2025",
        "得分": 70 + number % 300 / 10,
        "上年产值（万元）": 1000 + number / 4,
        "综合能耗（tce）": 200 + number / 8,
        "负面清单核查": "无",
        "县级意见": "同意推荐",
        "联系人": SURNAMES[number % 10] + GIVEN[number // 10 % 10],
        "联系电话": f"0766-8{number:06d}",
        "实际生产地址": f"广东省云浮市{a}{b}工业大道{number}号",
        "主要产品": "人造石英石板材",
        "管理平台提交日期": f"2026-04-{number % 28 + 1:02d}",
        "管理平台受理号": f"GM2026{number:08d}",
    } | other
    return [cells[header] for header in HEADERS]


def workbook(rows: Iterator[Sequence[Any]] | Sequence[Sequence[Any]]) -> bytes:
    return b"".join(
        tables.xlsx_stream(HEADERS, rows, sheet="推荐汇总表", created=NOW, text_columns=("统一社会信用代码",))
    )


DATA = Path(__file__).parent.parent / "data"


NOW = datetime(2026, 5, 18, 9, 30, tzinfo=SHANGHAI)


BASE = "/admin/importbatch"


def upload(browser, data, name="汇总表.xlsx", year=""):
    return browser.post(
        f"{BASE}/new/", {"file": (io.BytesIO(data), name), "year": year}, content_type="multipart/form-data"
    )


def previewed(browser, data):
    """The address of the preview, reached as a clerk reaches it."""
    mapping = upload(browser, data)
    assert mapping.status_code == 302, mapping.text
    preview = browser.post(mapping.location, columns(browser.get(mapping.location).text))
    assert preview.status_code == 302, preview.text
    return preview.location


def columns(page):
    """What the form of the columns would post."""
    found = {}
    for name, options in re.findall(r'<select[^>]* name="(column-\d+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def imported(data, actor, **options):
    plan = batches.preview_ledger(data, "汇总表.xlsx", year=2026, by=By(actor, NOW), **options)
    return plan, batches.commit_import(plan.batch, by=By(actor, NOW))
