"""Write docx_templates/README.md: the files the bureau may edit and the placeholders of each kind."""

from app.documents.layout.skeletons import FOLDER
from app.documents.layout.wording import ALWAYS, SECTIONS
from app.documents.output.engine import cases, placeholders
from app.policy import papers

FAMILIES = {
    "red_head": "文件头（red_head.docx）",
    "letter": "信函（letter.docx）",
    "plain": "无头（plain.docx）",
}
SERIES = {
    None: "不编号",
    "document": "市局文号",
    "letter": "市局函号",
    "tip": "举报告知文号",
    "area": "县级函号",
}
INTRODUCTION = f"""# 公文模板

公文由两部分合成：**模板**（`*.docx`，版式）和**用语**（`wording/*.md`，文字）。
模板里没有程序，用语里只有占位符。
版式按 GB/T 9704-2012；模板由 `python -m app.documents.output.skeleton_builder` 生成，
本说明由 `python -m app.documents.output.guide` 生成。

## 模板

| 文件 | 用于 |
|---|---|
| `red_head.docx` | 有“文件头”的公文：通知、公告 |
| `letter.docx` | 信函格式 |
| `plain.docx` | 无头公文：公示、告知书、纪要、表格 |

可以在 Word 或 WPS 中调整样式。样式按**名称**查找（如“公文标题”“公文正文”），名称不能改、不能删；
文件中竖排、横排两个示例节都要保留。模板、用语中缺少什么，生成时会指出名称。

## 用语

每种公文一个文件，分为若干部分：{"、".join(f"`# {name}`" for name in SECTIONS)}。

- 一行就是一段；“一、”“（一）”“1.”“（1）”开头的段落自动套用相应字体。
- 标题的每一行就是印出来的一行；排不下时按词意重新分行，避免沙漏形和矩形。
- `# 印发` 是所印发的文件：另面编排，不加附件标识，第一行是题目；“第一章”居中、“第一条”用黑体，版记在它之后。
- `# 附件` 可以有多个，第一行是附件名称，编号自动生成；所附的表没有内容时，该附件不出现。
- `{{{{名称}}}}` 是占位符，只作替换；写错、不认识、没有写完整的，会报错并指出名称。
- 标为“（多段）”和“表”的占位符须单独成段。
- `## 情形` 之后的段落只在该情形下使用，直到下一个 `##`；`## {ALWAYS}` 恢复为一律使用。
- 版记每行写作“名称：内容”，内容为空的行不出现；信函的版记不印发文机关和印发日期。
"""


def guide() -> str:
    """Return the text of the guide."""
    return "\n".join([INTRODUCTION, "## 种类", "", _overview(), *map(_kind, papers.KINDS.values())])


def _overview() -> str:
    columns = ("公文", "文件", "模板", "文号", "主送", "由哪一步印发", "细则", "签发")
    head = f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|"
    rows = (
        f"| {kind.label} | `{kind.code}.md` | {FAMILIES[kind.family]} | {SERIES[kind.series]} | {kind.addressee} "
        f"| {kind.step_label} | 第{kind.article}条 | {kind.signed_by.label} |"
        for kind in papers.KINDS.values()
    )
    return "\n".join((head, *rows)) + "\n"


def _kind(kind: papers.PaperKind) -> str:
    names = "、".join(f"`{{{{{name}}}}}` {label}" for name, label in sorted(placeholders(kind.code).items()))
    known = "、".join(cases(kind.code))
    lines = [f"### {kind.label}（{kind.code}）", "", f"占位符：{names}。"]
    if known:
        lines += ["", f"情形：{known}。"]
    return "\n".join((*lines, ""))


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(guide(), encoding="utf-8")
