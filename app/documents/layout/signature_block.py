"""The end of a paper: signature with room for the seal (7.3.5), note (7.3.6), verification code, imprint (7.4)."""

from datetime import date

from app.documents.layout import attachments as attached
from app.documents.layout import verification as codes
from app.documents.layout.chinese import day, width
from app.documents.layout.imprint import Imprint
from app.documents.layout.ooxml import el, run
from app.documents.layout.paging import LINE, line_count
from app.documents.layout.sheet import Sheet

CHARACTER = 315.8  # twips
SEAL_LINES = 3
DATE_INDENT = 4  # characters between the date and the right edge
CODE_HEIGHT = 850


def write(
    sheet: Sheet, attachments: list[attached.Attachment], verification: codes.Verification | None
) -> None:
    """Write list of attachments, signature, note and code on one page with the last paragraph."""
    notes = sheet.filled("附注")
    signature = sheet.filled("落款")
    height = attached.list_height(attachments) + LINE * sum(line_count(note, 2) for note in notes)
    height += LINE * (SEAL_LINES + len(signature)) if signature else 0
    sheet.pages.reserve_closing(height + (CODE_HEIGHT if verification else 0))
    attached.write_list(sheet, attachments)
    _write_signature(sheet, signature)
    for note in notes:
        sheet.keep_last_with_next()
        sheet.add("附注", run(note))
        sheet.pages.add_text(note)
    if verification:
        _write_code(sheet, verification)


def _write_signature(sheet: Sheet, signature: list[str]) -> None:
    if not signature:
        return
    *issuers, signed_on = signature
    for _ in range(SEAL_LINES):
        sheet.keep_last_with_next()
        sheet.blank()
    for issuer in issuers:
        sheet.keep_last_with_next()
        right = max(0, round((DATE_INDENT + width(signed_on) / 2 - width(issuer) / 2) * CHARACTER))
        sheet.add("发文机关署名", run(issuer), properties=[el("w:ind", right=right)], height=LINE)
    sheet.keep_last_with_next()
    sheet.add("成文日期", run(signed_on), height=LINE)


def _write_code(sheet: Sheet, verification: codes.Verification) -> None:
    sheet.keep_last_with_next()
    picture = codes.qr_picture(sheet.skeleton.document.part, verification.url)
    label = run(f" 公文验证码：{verification.code}", el("w:position", val=14))
    sheet.add("验证码", picture, label, height=CODE_HEIGHT)


def write_imprint(sheet: Sheet, issued_on: date) -> None:
    """Write the 版记 on the last, even page, beginning the pages needed before it."""
    parts = sheet.filled("版记")
    if not parts:
        return
    imprint = Imprint.read(parts, day(issued_on), ruled=sheet.skeleton.family == "red_head")
    if sheet.landscape:
        sheet.switch_orientation(False)
    pages = _pages_before(sheet, imprint.height)
    if sheet.on_new_page:  # right after a section break neither a page break nor a floating table would count
        sheet.spacer()
    for _ in range(pages):
        sheet.add("分节", properties=sheet.break_page())
    sheet.append(imprint.table(sheet.skeleton.style))
    sheet.spacer()


def _pages_before(sheet: Sheet, height: int) -> int:
    if sheet.pages.page % 2:
        return 1
    return 0 if sheet.on_new_page or sheet.pages.left >= height + LINE // 2 else 2
