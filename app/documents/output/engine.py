"""Build a paper, read it back, list the placeholders and cases of its wording."""

from datetime import date
from io import BytesIO

import docx

from app.documents.kinds import KINDS, fill, specimen
from app.documents.kinds.inputs import Letterhead
from app.documents.layout import attachments, head, issued, signature_block, text
from app.documents.layout import wording as wordings
from app.documents.layout.sheet import Sheet
from app.documents.layout.skeletons import Skeleton
from app.documents.layout.verification import Verification
from app.documents.output import package
from app.policy import papers

UNNUMBERED = "〔　　　　〕　　号"


def build(
    kind: str,
    inputs: Letterhead,
    *,
    number: str | None = None,
    issued_on: date | None = None,
    verification: Verification | None = None,
    wording: str | None = None,
    skeleton: bytes | None = None,
) -> bytes:
    """Build the .docx of a paper.

    `number` is the whole 发文字号 (drafts have none), `issued_on` the day in the imprint (else the day of
    signature), `wording` replaces the wording that the project ships, `skeleton` the bytes of the skeleton.
    Raises WordingError or SkeletonError, whose Chinese sentence names the placeholder, case or style.
    """
    family = papers.KINDS[kind].family
    words, filling = _content(kind, inputs, wording)
    title = head.title_lines(words, filling)
    sheet = Sheet(Skeleton(family, skeleton), words, filling)
    if family == "red_head":
        head.write_red_head(sheet, inputs.issuer, number or UNNUMBERED)
    elif family == "letter":
        head.write_letter_head(sheet, inputs.issuer, number or UNNUMBERED)
    head.write_title(sheet, title, number if family == "plain" else None)
    head.write_addressee(sheet)
    text.write(sheet, words.lines("正文"))
    present = attachments.present(sheet)
    signature_block.write(sheet, present, verification)
    issued.write(sheet)
    attachments.write_pages(sheet, present)
    signature_block.write_imprint(sheet, issued_on or inputs.signed_on)
    sheet.close()
    return package.to_bytes(sheet.skeleton.document, "".join(title), inputs.issuer, inputs.signed_on)


def title_of(kind: str, inputs: Letterhead, *, wording: str | None = None) -> str:
    """Return the title of a paper in one line."""
    return "".join(head.title_lines(*_content(kind, inputs, wording)))


def placeholders(kind: str) -> dict[str, str]:
    """Return the closed list of a kind: placeholder → Chinese label."""
    return KINDS[kind].placeholders


def cases(kind: str) -> tuple[str, ...]:
    """Return the conditions that passages of a kind may be tied to."""
    return tuple(fill(kind, specimen(kind)).cases)


def text_of(content: bytes) -> str:
    """Return the text of a .docx, a line a paragraph, without headers and footers."""
    return "\n".join(text.texts(docx.Document(BytesIO(content)).element.body))


def check_wording(kind: str, source: str) -> None:
    """Raise WordingError for wording that this kind cannot use, in any case."""
    if why := KINDS[kind].written_out(source):
        raise wordings.WordingError(why)
    _content(kind, specimen(kind), source)


def _content(kind: str, inputs: Letterhead, source: str | None) -> tuple[wordings.Wording, wordings.Filling]:
    written = wordings.standard(kind) if source is None else source
    words, filling = wordings.parse(written), fill(kind, inputs)
    if why := KINDS[kind].written_out(written, filling.values):
        raise wordings.WordingError(why)
    wordings.verify(words, filling)
    return words, filling
