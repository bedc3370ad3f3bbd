"""Where a title breaks: by meaning, no line over twenty characters, trapezoid or lozenge."""

from itertools import combinations
from math import ceil

from app.documents.layout.chinese import width

FULL = 20
LONGEST_ATOM = 18


def break_title(lines):
    """Lines of (text, is value) pieces → lines of text.

    The breaks of the wording stand while every line fits and none is waisted; else new ones are sought.
    """
    given = ["".join(text for text, _ in line) for line in lines]
    widths = [width(line) for line in given]
    if max(widths) <= FULL and not _hourglass(widths):
        return given
    atoms = [atom for line in lines for piece in line for atom in _atoms(*piece)]
    count = ceil(width("".join(atoms)) / FULL)
    for wanted in range(count, count + 3):
        if best := _best(atoms, wanted):
            return best
    return given


def _best(atoms, count):
    options = []
    for cuts in combinations(range(1, len(atoms)), count - 1):
        edges = (0, *cuts, len(atoms))
        lines = ["".join(atoms[a:b]) for a, b in zip(edges, edges[1:], strict=False)]
        widths = [width(line) for line in lines]
        if max(widths) <= FULL and widths[-1] >= 2:
            options.append((_ugliness(lines, widths), lines))
    return min(options)[1] if options else None


def _hourglass(widths):
    return any(b < a and b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))


def _ugliness(lines, widths):
    spread = max(widths) - min(widths)
    rectangle = len(widths) > 1 and spread < 1
    broken = sum(line[0] in "的和与、，》）" or line[-1] in "《（关" for line in lines[1:]) + (
        lines[0][-1] in "《（"
    )
    return spread + 20 * _hourglass(widths) + 4 * rectangle + 20 * broken


def _atoms(text, is_value):
    """Words that a break may stand between; a name stays whole when it fits on a line."""
    if is_value and width(text) <= LONGEST_ATOM:
        return [text]
    if text in _WORDS:
        return [text]
    for word in _WORDS:
        if word in text:
            before, _, after = text.partition(word)
            return [a for part in (before, word, after) if part for a in _atoms(part, is_value)]
    step = 4 if is_value else 2
    return [text[i : i + step] for i in range(0, len(text), step)]


_WORDS = (
    "工业和信息化局",
    "绿色制造名单",
    "动态管理表",
    "实施细则",
    "第三方机构",
    "审核意见",
    "事先告知书",
    "整改通知书",
    "年度",
    "关于",
    "公布",
    "推荐",
    "征求",
    "组织",
    "开展",
    "培育对象",
    "信息变更",
    "单位",
    "通知",
    "公示",
    "公告",
    "省级",
    "市级",
    "有限公司",
    "股份",
    "意见",
    "申报",
    "工作",
    "移出",
)
