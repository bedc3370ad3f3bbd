"""What each of the 96 files in tests/data/import_cases must become, written from their descriptions.

Headings are the official ones; `values` are those of the row in the sheet. A file has rows, refusals by row with a
word of the reason, remarks by row, skipped rows, a question, or a refusal as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OUTPUT, ENERGY, NAME, CODE, DAY = (
    "上年产值（万元）",
    "综合能耗（tce）",
    "单位名称",
    "统一社会信用代码",
    "管理平台提交日期",
)
AREA, KIND, MODE, INSTITUTION = "县（市、区）", "类别", "评价方式", "第三方机构"
BASE = {
    OUTPUT: 1200.5,
    ENERGY: 350,
    NAME: "云浮市试001号石材有限公司",
    CODE: "91445302MA9T00001A",
    DAY: "2026-04-01",
}
PARK = "佛山（云浮）产业转移工业园"


@dataclass(frozen=True)
class Case:
    """The outcome of a file; what is not named is not looked at, but `rows` and refusals are complete."""

    rows: tuple[int, ...] = ()
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    remarked: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    question: str = ""
    columns: dict[str, str] = field(default_factory=dict)  # heading → a word of why it is not imported
    whole: str = ""


def base(*remarked: int, **more: Any) -> Case:
    return Case((2,), {2: BASE | more}, remarked=remarked)


def one(**values: Any) -> Case:
    """One row, remarked, in which these columns differ: output, energy."""
    named = {"output": OUTPUT, "energy": ENERGY}
    return base(2, **{named[key]: value for key, value in values.items()})


BOTH = Case((2, 3), {2: BASE, 3: BASE | {NAME: "云浮市试002号石材有限公司", CODE: "91445302MA9T00002D"}})
THREE_ROWS = Case((3, 5, 7), skipped=(2, 4, 6, *range(8, 22)))

CASES: dict[str, Case] = {
    # units (K1)
    "unit-baiwanyuan.xlsx": one(output=1200),
    "unit-danwei.xlsx": one(output=12000),
    "unit-square.xlsx": one(output=12000),
    "unit-inline.xlsx": one(output=12000),
    "unit-slash.xlsx": one(output=12000),
    "unit-gj.xlsx": one(energy=341.2),
    "unit-kg.xlsx": one(energy=350),
    "unit-wandun.xlsx": one(energy=350),
    "unit-wantce2.xlsx": one(energy=350),
    "unit-dollar.xlsx": Case(question="unit:output_value"),
    # years (K2)
    "three-years.xlsx": Case(
        (2,),
        {2: BASE | {OUTPUT: 1000}},
        columns={"2023年产值（万元）": "2023年", "2024年产值（万元）": "2024年"},
    ),
    "note-above-year.xlsx": Case((4,), {4: BASE}),
    "group-header-year.xlsx": Case((3,), {3: BASE}),
    "group-header-over-full.xlsx": Case((3,), {3: BASE}),
    # names and codes (K3)
    "names.xlsx": Case(
        (2, 3, 4, 5, 6, 8, 9),
        {
            2: {NAME: "云浮市试一号石材有限公司"},
            3: {NAME: "云浮市试二号石材有限公司"},
            4: {NAME: "云浮市试三号石材有限公司"},
            5: {NAME: "云浮市试四号石材（云浮）有限公司"},
            6: {NAME: "云浮市𠮷记石材有限公司"},
            8: {NAME: "云浮市\U00031350记石材有限公司"},
            9: {NAME: "云浮市试人号石材有限公司"},
        },
        {7: "第4个字"},
        remarked=(2, 3, 4, 5, 9),
    ),
    "names-symbols.xlsx": Case(
        tuple(range(2, 10)),
        {5: {NAME: "云浮市A&B<试>“引号”石材有限公司"}, 7: {NAME: "'云浮市前撇石材有限公司"}},
    ),
    **{
        f"code-{kind}.xlsx": base(2)
        for kind in ("bom", "zwsp", "nbsp", "spaces", "tab", "lower", "fullwidth", "O-for-0")
    },
    "code-number.xlsx": Case(refused={2: "存成数字"}),
    "eplus.csv": Case(refused={2: "四舍五入"}),
    "institutions.xlsx": Case(
        (2, 3, 4, 5), {row: {INSTITUTION: "虚构评价（广东）有限公司"} for row in (2, 3, 4, 5)}, {6: "2家机构"}
    ),
    "terms-invisible.xlsx": base(2),
    "known-unit-other-brackets.xlsx": Case((2,), {2: {NAME: "云浮市试四号石材（云浮）有限公司"}}),
    "known-unit-without-space.xlsx": Case((2,), {2: {NAME: "云浮市试二号石材有限公司"}}),
    # formulas (K4) and formats (K5)
    "formula-empty-optional.xlsx": Case((2,), {2: BASE | {"联系人": ""}}),
    "formula-nocache.xlsx": Case(refused={2: "公式"}),
    "formula-prefilled-below.xlsx": base(),
    "formula-prefilled-serial-only.xlsx": base(),
    "formula-value.xlsx": base(2),
    "hyperlink-name.xlsx": Case((2,), {2: {NAME: "云浮市试一号石材有限公司"}}, remarked=(2,)),
    "vlookup-external.xlsx": Case((2,), remarked=(2,)),
    "display-scaled.xlsx": Case((2,), {2: {OUTPUT: 12_000_000}}, remarked=(2,)),
    "date-in-quantity.xlsx": Case(refused={2: "不是数字"}),
    **{
        f"{name}.xlsx": Case((2, 3), {2: {DAY: "2026-04-01"}, 3: {DAY: "2026-04-01"}})
        for name in ("d1904", "d1904-x15")
    },
    **{
        f"{name}.xlsx": base()
        for name in ("base", "chinese-date-format", "dbnum-date", "dimension-a1", "head-nbsp")
    },
    **{
        f"{name}.xlsx": base()
        for name in ("no-styles", "prefixed", "protected-validation-comment", "styled-empty")
    },
    # vocabulary (K9)
    **{f"heading-{number:02}.xlsx": base() for number in range(21)},
    "areas.xlsx": Case(
        (2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14),
        {
            **{row: {AREA: "云城区"} for row in (2, 3, 4, 5, 12, 13, 14)},
            **{row: {AREA: PARK} for row in (6, 7)},
            **{row: {AREA: "新兴县"} for row in (9, 10)},
            11: {AREA: "罗定市"},
        },
        {8: "佛云产业园", 15: "云城区（2家）", 16: "罗定市人民政府"},
        remarked=(3, 4, 5, 6, 7, 9, 10, 11, 12),
    ),
    "kinds.xlsx": Case(
        tuple(range(2, 13)),
        {
            **{row: {KIND: "绿色工厂"} for row in (2, 3, 4, 10, 11, 12)},
            **{row: {KIND: "绿色工业园区"} for row in (5, 6)},
            **{row: {KIND: "绿色供应链管理企业"} for row in (7, 8, 9)},
        },
        dict.fromkeys((13, 14, 15, 16), "无法识别"),
        remarked=(3, 4, 9, 10),
    ),
    "modes.xlsx": Case(
        tuple(range(2, 13)),
        {
            **{row: {MODE: "自我评价"} for row in (2, 3, 4, 8, 9, 10)},
            **{row: {MODE: "第三方评价"} for row in (5, 6, 7, 11, 12)},
        },
        {13: "无法识别", 14: "无法识别"},
    ),
    "dates.xlsx": Case(
        tuple(row for row in range(2, 28) if row not in (10, 11, 12, 22, 25)),
        {row: {DAY: "2026-04-01"} for row in range(2, 28) if row not in (10, 11, 12, 22, 25)},
        dict.fromkeys((10, 11, 12, 22, 25), "不是有效日期"),
    ),
    "quantities.xlsx": Case(
        (2, 3, 4, 5, 6, 7, 8, 12, 14, 17, 19, 21, 22, 24, 26, 27),
        {
            **{row: {OUTPUT: 1200.5} for row in (2, 3, 4)},
            **{row: {OUTPUT: 1200} for row in (5, 6, 17, 24)},
            **{row: {OUTPUT: 12000} for row in (7, 8)},
            **{row: {OUTPUT: None} for row in (14, 21, 22)},
            12: {OUTPUT: 0},
            19: {OUTPUT: 0.12},
        },
        {
            **dict.fromkeys((9, 10, 11, 15, 16, 18, 20, 23, 25, 28, 29), "不是可识别的数字"),
            13: "负数",
        },
    ),
    # rows and cells that are laid out otherwise (K6, K8)
    "merged-unit-two-kinds.xlsx": Case((2, 3), {2: BASE, 3: BASE | {KIND: "绿色供应链管理企业"}}),
    "non-unit-rows.xlsx": THREE_ROWS,
    "non-unit-rows-merged.xlsx": THREE_ROWS,
    "multi-sheets.xlsx": Case(question="sheet"),
    "with-example-sheet.xlsx": Case(question="sheet"),
    "same-file-two-clerks.xlsx": Case((2, 3, 4)),
    # whole files
    "html-table.xls": Case(whole="网页"),
    "unclosed-quote.csv": Case(whole="第2行有一个引号没有闭合"),
    "stray-cell-30000.xlsx": Case(whole="第30000行"),
    # text tables
    **{f"{name}.csv": BOTH for name in ("utf8", "utf8bom", "gb18030", "semicolon")},
    "sep-line.csv": Case((3, 4), {3: BASE}),
}

# Files of other formats, with rows taken out, or with several tables: read like the base, asked about, or refused in words.
OTHER_FORMATS = {
    "biff.xls", "workbook22.xlsx", "hidden-rows.xlsx",
    "filtered.xlsx", "stray-space-last-row.xlsx", "gbk-one-bad-byte.csv",
}  # fmt: skip
