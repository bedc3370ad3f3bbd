"""What closes a paper: signature with room for the seal (7.3.5), note (7.3.6), verification code, imprint (7.4)."""

from app.documents.layout import attachments as appended
from app.documents.layout import verification as codes
from app.documents.layout.chinese import day, width
from app.documents.layout.imprint import Imprint
from app.documents.layout.ooxml import el, run
from app.documents.layout.paging import LINE, lines

CHARACTER = 315.8
ROOM_FOR_SEAL = 3
DATE_INDENT = 4  # characters between the date and the right edge
CODE_HEIGHT = 850


def write(sheet, attachments, verification):
    """The group that never stands alone: the last paragraph goes along with all of it."""
    notes = sheet.filled("附注")
    signature = sheet.filled("落款")
    height = appended.list_height(attachments) + LINE * sum(lines(note, 2) for note in notes)
    height += LINE * (ROOM_FOR_SEAL + len(signature)) if signature else 0
    sheet.flow.gather(height + (CODE_HEIGHT if verification else 0))
    appended.write_list(sheet, attachments)
    _signature(sheet, signature)
    for note in notes:
        sheet.keep_last()
        sheet.add("附注", run(note))
        sheet.flow.text(note)
    if verification:
        sheet.keep_last()
        picture = codes.picture(sheet.skeleton.document.part, verification.url)
        label = run(f" 公文验证码：{verification.code}", el("w:position", val=14))
        sheet.add("验证码", picture, label, height=CODE_HEIGHT)


def _signature(sheet, signature):
    if not signature:
        return
    *issuers, dated = signature
    for _ in range(ROOM_FOR_SEAL):
        sheet.keep_last()
        sheet.blank()
    for issuer in issuers:
        sheet.keep_last()
        right = max(0, round((DATE_INDENT + width(dated) / 2 - width(issuer) / 2) * CHARACTER))
        sheet.add("发文机关署名", run(issuer), properties=[el("w:ind", right=right)], height=LINE)
    sheet.keep_last()
    sheet.add("成文日期", run(dated), height=LINE)


def imprint(sheet, issued_on):
    """版记 on the last, even page; pages are begun before it where needed."""
    parts = sheet.filled("版记")
    if not parts:
        return
    table = Imprint.read(parts, day(issued_on), ruled=sheet.skeleton.family == "red_head")
    if sheet.landscape:
        sheet.turn(False)
    pages = _pages_before(sheet, table.height)
    if sheet.fresh:  # right after a section break neither a page break nor a floating table would count
        sheet.hair()
    for _ in range(pages):
        sheet.add("分节", properties=sheet.break_page())
    sheet.append(table.table(sheet.skeleton.style))
    sheet.hair()


def _pages_before(sheet, height):
    if sheet.flow.page % 2:
        return 1
    return 0 if sheet.fresh or sheet.flow.left >= height + LINE // 2 else 2
