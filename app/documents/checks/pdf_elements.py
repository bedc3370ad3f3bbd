"""Where the formal elements stand on the printed pages, in millimetres."""

from collections.abc import Iterator

from app.documents.checks.elements import DATE, LETTER_RULES, NUMBERS
from app.documents.checks.measure import Stroke
from app.documents.checks.printout import (
    BOTTOM,
    CHARACTER,
    PITCH,
    RIGHT,
    TOP,
    WIDTH,
    PrintOut,
    bare,
    ink_bottom,
    ink_top,
    inside,
)
from app.documents.checks.result import LETTER, RED_HEAD, Fault, Rulebook

FIRST = "第1页"
MAX_MARK_WIDTH = 152.0
MARK_TOP, LETTER_MARK_TOP = TOP + 35.0, 30.0
LETTER_RULE, LETTER_FOOT, PAGE_HEIGHT = 170.0, 277.0, 297.0
RULE_GAP = 4.0
HEADED = (RED_HEAD, LETTER)
rules: Rulebook[PrintOut] = Rulebook()


def has_imprint(print_out: PrintOut) -> bool:
    """Return whether the paper has an imprint."""
    return print_out.paper.imprint is not None


@rules("7.2.4", "版面：发文机关标志位置", "上边缘距版心上边缘35 mm（信函距上页边30 mm）", families=HEADED)
def mark_place(print_out: PrintOut) -> Iterator[Fault]:
    mark = print_out.find_mark()
    if mark is None:
        yield FIRST, "没有找到发文机关标志"
        return
    _, line = mark
    expected = LETTER_MARK_TOP if print_out.family == LETTER else MARK_TOP
    if abs(ink_top(line) - expected) > 2:
        yield FIRST, f"相差{ink_top(line) - expected:+.1f} mm"
    if line.x1 - line.x0 > MAX_MARK_WIDTH:
        yield FIRST, f"宽{line.x1 - line.x0:.0f} mm"


@rules("7.2.7", "版面：红色分隔线", "发文字号下4 mm，与版心等宽", families=(RED_HEAD,))
def red_rule(print_out: PrintOut) -> Iterator[Fault]:
    reds, number = _red_rules(print_out), print_out.find_element(*NUMBERS)
    if not reds or number is None:
        yield FIRST, "没有红色分隔线"
        return
    if abs(reds[0].length - WIDTH) > 0.5:
        yield FIRST, f"长{reds[0].length:.1f} mm"
    gap = reds[0].y - ink_bottom(number[1])
    if abs(gap - RULE_GAP) > 1:
        yield FIRST, f"距发文字号{gap:.1f} mm"


@rules("10.1", "版面：信函红色双线", "长170 mm，发文机关标志下4 mm、距下页边20 mm", families=(LETTER,))
def letter_rules(print_out: PrintOut) -> Iterator[Fault]:
    reds, mark = _red_rules(print_out), print_out.find_mark()
    if len(reds) != 2 * len(LETTER_RULES) or mark is None:
        yield FIRST, f"红线{len(reds)}条"
        return
    yield from ((FIRST, f"长{rule.length:.1f} mm") for rule in reds if abs(rule.length - LETTER_RULE) > 0.5)
    gap = reds[0].y - ink_bottom(mark[1])
    if abs(gap - RULE_GAP) > 1.2:
        yield FIRST, f"上线距标志{gap:.1f} mm"
    if abs(reds[-1].y - LETTER_FOOT) > 1:
        yield FIRST, f"下线距下页边{PAGE_HEIGHT - reds[-1].y:.1f} mm"


@rules("7.3.3", "版面：首页显示正文", "公文首页必须显示正文")
def text_on_first_page(print_out: PrintOut) -> Iterator[Fault]:
    if not print_out.body_lines(print_out.pages[0]):
        yield FIRST, "没有正文"


@rules("7.3.5", "版面：署名页有正文", "署名、成文日期与正文同页", when=lambda each: each.paper.first(DATE))
def text_on_signed_page(print_out: PrintOut) -> Iterator[Fault]:
    if print_out.signed is None:
        yield "各页", "没有找到成文日期"
        return
    page, line = print_out.signed
    if not any(each.baseline < line.baseline for each in print_out.body_lines(page)):
        yield page.where, "署名页没有正文"


@rules(
    "7.3.5",
    "版面：署名居中",
    "以成文日期为准居中，日期右空四字",
    when=lambda each: each.signed and each.dated,
)
def signature_centred(print_out: PrintOut) -> Iterator[Fault]:
    assert print_out.signed is not None and print_out.dated is not None  # by the rule's condition
    (page, signed), (_, dated) = print_out.signed, print_out.dated
    off = abs(signed.x0 + signed.x1 - dated.x0 - dated.x1) / 2
    too_long = (dated.x0 + dated.x1 + signed.x1 - signed.x0) / 2 > RIGHT  # then it ends at the margin
    if off > CHARACTER / 2 and not too_long:
        yield page.where, f"相差{off:.1f} mm"
    if abs(RIGHT - dated.x1 - 4 * CHARACTER) > CHARACTER / 2:
        yield page.where, f"日期右空{(RIGHT - dated.x1) / CHARACTER:.1f}字"


@rules(
    "7.4", "版面：版记", "在最后一面（双页），末条线与版心下边缘重合", families=(RED_HEAD,), when=has_imprint
)
def imprint(print_out: PrintOut) -> Iterator[Fault]:
    last = print_out.pages[-1]
    last_line = bare(print_out.paper.required_imprint.paragraphs[-1].text)
    if not any(line.text == last_line for line in last.lines):
        yield last.where, "最后一面没有版记"
        return
    if last.number % 2:
        yield last.where, "最后一面是单页"
    bottoms = [rule.y for rule in last.rules if not rule.red and rule.length > WIDTH - 2]
    if not bottoms or abs(max(bottoms) - BOTTOM) > 1:
        yield last.where, f"末条线在{max(bottoms, default=0):.1f} mm处"


@rules("10.1", "版面：信函版记", "在最后一面版心内最下方", families=(LETTER,), when=has_imprint)
def letter_imprint(print_out: PrintOut) -> Iterator[Fault]:
    last = print_out.pages[-1]
    first_line = bare(print_out.paper.required_imprint.paragraphs[0].text)
    lines = [line for line in last.lines if inside(line)]
    if not any(first_line.startswith(line.text) for line in lines):
        yield last.where, "最后一面没有版记"
    elif BOTTOM - max(line.baseline for line in lines) > PITCH:
        yield last.where, "不在版心最下方"


def _red_rules(print_out: PrintOut) -> list[Stroke]:
    return [rule for rule in print_out.pages[0].rules if rule.red]
