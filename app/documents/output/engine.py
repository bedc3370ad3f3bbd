"""The engine's verbs: build a paper, read it back, say which placeholders its wording may use."""

from io import BytesIO

import docx

from app.documents.kinds import KINDS, fill, specimen
from app.documents.layout import attachments, head, issued, signature_block, text, wording
from app.documents.layout.sheet import Sheet
from app.documents.layout.skeletons import Skeleton
from app.documents.output import package
from app.policy import papers

UNNUMBERED = "〔　　　　〕　　号"


def build(kind, inputs, *, number=None, issued_on=None, verification=None, wording=None, skeleton=None):
    """The .docx of a paper.

    `number` is the whole 发文字号 (drafts have none), `issued_on` the day in the imprint (else the day of
    signature), `wording` replaces the wording that the project ships, `skeleton` the bytes of the skeleton.
    Raises WordingError or SkeletonError, whose Chinese sentence names the placeholder, case or style.
    """
    family = papers.KINDS[kind].family
    words, filling = _content(kind, inputs, wording)
    title = head.title_lines(words, filling)
    sheet = Sheet(Skeleton(family, skeleton), words, filling)
    if family == "red_head":
        head.red_head(sheet, inputs.issuer, number or UNNUMBERED)
    elif family == "letter":
        head.letter_head(sheet, inputs.issuer, number or UNNUMBERED)
    head.title(sheet, title, number if family == "plain" else None)
    head.addressee(sheet)
    text.write(sheet, words.lines("正文"))
    present = attachments.present(sheet)
    signature_block.write(sheet, present, verification)
    issued.write(sheet)
    attachments.write_pages(sheet, present)
    signature_block.imprint(sheet, issued_on or inputs.signed_on)
    sheet.close()
    return package.to_bytes(sheet.skeleton.document, "".join(title), inputs.issuer, inputs.signed_on)


def title_of(kind, inputs, *, wording=None):
    """The title of a paper in one line."""
    return "".join(head.title_lines(*_content(kind, inputs, wording)))


def placeholders(kind):
    """The closed list of a kind: placeholder → Chinese label."""
    return KINDS[kind].placeholders


def cases(kind):
    """The conditions that passages of a kind may be tied to."""
    return tuple(fill(kind, specimen(kind)).cases)


def text_of(content):
    """The text of a .docx, a line a paragraph, headers and footers left out."""
    return "\n".join(text.texts(docx.Document(BytesIO(content)).element.body))


def check_wording(kind, source):
    """Raise WordingError for wording that this kind cannot use; every case is looked at."""
    _content(kind, specimen(kind), source)


def _content(kind, inputs, source):
    words = wording.parse(wording.standard(kind) if source is None else source)
    filling = fill(kind, inputs)
    wording.verify(words, filling)
    return words, filling
