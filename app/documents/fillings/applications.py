"""Papers around applications (第七至十三条, 第十五条): call, county's letter, minutes of the review."""

from app.documents.filling import fills
from app.documents.fillings.columns import KIND, NAME, copies, counts, joined, table_or_none
from app.documents.layout.tables import Column, Table

BLANK_ROWS = 6

# The columns that counties fill in everywhere; one list for the blank form and for the county's letter.
SUMMARY = (
    Column("县（市、区）", 720, centred=True),
    Column("类别", 840, centred=True),
    Column("单位名称", 1440),
    Column("统一社会信用代码", 1000, centred=True),
    Column("所属行业（代码）", 900),
    Column("评价方式", 640, centred=True),
    Column("第三方机构", 1200),
    Column("评价标准", 1100),
    Column("得分", 560, centred=True),
    Column("上年产值（万元）", 760, centred=True),
    Column("综合能耗（tce）", 760, centred=True),
    Column("负面清单核查", 700, centred=True),
    Column("县级意见", 700, centred=True),
    Column("联系人", 680, centred=True),
    Column("电话", 800, centred=True),
)


@fills("rules_issue")
def rules_issue(inputs):
    return copies(inputs), {}


@fills("call")
def call(inputs):
    standards = [(s.kind_label, s.name, s.code) for s in inputs.standards]
    columns = (KIND, Column("评价标准", 4400), Column("标准编号", 2400, centred=True))
    return copies(inputs) | {
        "blank_summary_table": Table(
            SUMMARY, (("",) * len(SUMMARY),) * BLANK_ROWS, landscape=True, crowded=True
        ),
        "standard_table": table_or_none(columns, standards),
    }, {}


@fills("county_recommendation")
def county_recommendation(inputs):
    rows = [
        (
            inputs.area_name,
            r.kind_label,
            r.name,
            r.credit_code,
            r.industry,
            r.mode_label,
            r.evaluator,
            r.standard,
            r.score,
            r.output,
            r.energy,
            r.exclusions,
            r.opinion,
            r.contact,
            r.phone,
        )
        for r in inputs.rows
    ]
    return counts(inputs.rows) | {
        "summary_table": table_or_none(SUMMARY, rows, landscape=True, crowded=True)
    }, {}


@fills("review_minutes")
def review_minutes(inputs):
    scores = (Column(name, 900, centred=True) for name in ("评分一", "评分二", "评分三", "综合得分"))
    columns = (NAME, KIND, *scores, Column("评审结论", 1100, centred=True))
    rows = [(r.name, r.kind_label, r.first, r.second, r.third, r.total, r.result) for r in inputs.rows]
    return counts(inputs.rows) | {
        "panel": joined(inputs.panel),
        "panel_count": str(len(inputs.panel)),
        "score_table": table_or_none(columns, rows),
    }, {"有回避": bool(inputs.recusals), "无回避": not inputs.recusals, "有其他意见": bool(inputs.remarks)}
