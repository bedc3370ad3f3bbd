"""Break a title into lines by meaning: none over twenty characters, shaped as trapezoid or lozenge."""

from collections.abc import Sequence
from itertools import chain, combinations, pairwise
from math import ceil

from app.documents.layout.chinese import width
from app.documents.layout.wording import Piece

FULL = 20  # characters of a full line
MAX_NAME_WIDTH = 18  # a name up to this width is never broken
NEVER_FIRST, NEVER_LAST = "的和与、，》）", "《（关"


def break_title(lines: Sequence[Sequence[Piece]]) -> list[str]:
    """Return the lines of a title.

    The breaks of the wording stand while every line fits and none is waisted; else new ones are sought.
    """
    given = ["".join(text for text, _ in line) for line in lines]
    widths = [width(line) for line in given]
    if max(widths) <= FULL and not _is_hourglass(widths):
        return given
    return _new_break([piece for line in lines for piece in line]) or given


def _new_break(pieces: Sequence[Piece]) -> list[str] | None:
    """Return the best break into the fewest lines, or up to two more; None if nothing fits."""
    atoms = [atom for piece in pieces for atom in _atoms(*piece)]
    fewest = ceil(width("".join(atoms)) / FULL)
    breaks = (_best_break(atoms, count) for count in range(fewest, fewest + 3))
    return next((lines for lines in breaks if lines), None)


def _best_break(atoms: Sequence[str], count: int) -> list[str] | None:
    options = []
    for cuts in combinations(range(1, len(atoms)), count - 1):
        edges = (0, *cuts, len(atoms))
        lines = ["".join(atoms[start:end]) for start, end in pairwise(edges)]
        widths = [width(line) for line in lines]
        if max(widths) <= FULL and widths[-1] >= 2:
            options.append((_penalty(lines, widths), lines))
    return min(options)[1] if options else None


def _is_hourglass(widths: Sequence[float]) -> bool:
    triples = zip(widths, widths[1:], widths[2:], strict=False)
    return any(middle < above and middle < below for above, middle, below in triples)


def _penalty(lines: Sequence[str], widths: Sequence[float]) -> float:
    spread = max(widths) - min(widths)
    rectangle = len(widths) > 1 and spread < 1
    bad_ends = sum(line[0] in NEVER_FIRST or line[-1] in NEVER_LAST for line in lines[1:])
    bad_ends += lines[0][-1] in "《（"
    return spread + 20 * _is_hourglass(widths) + 4 * rectangle + 20 * bad_ends


def _atoms(text: str, is_value: bool) -> list[str]:
    """Return the words between which a title may break; a name stays whole if it fits on a line."""
    if text in _WORDS or is_value and width(text) <= MAX_NAME_WIDTH:
        return [text]
    word = next((word for word in _WORDS if word in text), None)
    if word is None:
        return _cut(text, 4 if is_value else 2)
    parts = filter(None, text.partition(word))
    return list(chain.from_iterable(_atoms(part, is_value) for part in parts))


def _cut(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(0, len(text), length)]


# fmt: off
_WORDS = (
    "工业和信息化局", "绿色制造名单", "动态管理表", "实施细则", "第三方机构", "审核意见", "事先告知书", "整改通知书",
    "年度", "关于", "公布", "推荐", "征求", "组织", "开展", "培育对象", "信息变更", "单位", "通知", "公示", "公告",
    "省级", "市级", "有限公司", "股份", "意见", "申报", "工作", "移出",
)
# fmt: on
