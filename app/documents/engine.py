"""The engine's verbs: build a paper, read it back, say which placeholders its wording may use."""

from io import BytesIO

import docx

from app.documents import labels, package, specimens, wording
from app.documents.fillings import fill
from app.documents.layout import Layout, texts
from app.documents.skeletons import Skeleton
from app.policy import papers

UNNUMBERED = "〔　　　　〕　　号"
ROOM_FOR_SEAL = 3


def build(kind, inputs, *, number=None, issued_on=None, verification=None, wording=None, skeleton=None):
    """The .docx of a paper.

    `number` is the whole 发文字号 (drafts have none), `issued_on` the day in the imprint (else the day of
    signature), `wording` replaces the wording that the project ships, `skeleton` the bytes of the skeleton.
    Raises WordingError or SkeletonError, whose Chinese sentence names the placeholder, case or style.
    """
    paper = papers.KINDS[kind]
    layout = Layout(Skeleton(paper.family, skeleton), *_content(kind, inputs, wording))
    if paper.family == "red_head":
        layout.red_head(inputs.issuer, number or UNNUMBERED)
    elif paper.family == "letter":
        layout.letter_head(inputs.issuer, number or UNNUMBERED)
    layout.title(number if paper.family == "plain" else None)
    layout.addressee()
    layout.body(layout.words.lines("正文"))
    attachments = layout.attachments()
    layout.attachment_list(attachments)
    layout.signature(ROOM_FOR_SEAL)
    layout.note()
    layout.verification(verification)
    layout.attachment_pages(attachments)
    layout.imprint(issued_on or inputs.signed_on)
    layout.close()
    title = "".join(layout.title_lines())
    return package.to_bytes(layout.skeleton.document, title, inputs.issuer, inputs.signed_on)


def title_of(kind, inputs, *, wording=None):
    """The title of a paper in one line."""
    return "".join(Layout(None, *_content(kind, inputs, wording)).title_lines())


def placeholders(kind):
    """The closed list of a kind: placeholder → Chinese label."""
    values = fill(kind, specimens.specimen(kind)).values
    return {name: labels.PLACEHOLDERS[name] for name in values}


def cases(kind):
    """The conditions that passages of a kind may be tied to."""
    return tuple(fill(kind, specimens.specimen(kind)).cases)


def text_of(content):
    """The text of a .docx, a line a paragraph, headers and footers left out."""
    return "\n".join(texts(docx.Document(BytesIO(content)).element.body))


def check_wording(kind, text):
    """Raise WordingError for wording that this kind cannot use; every case is looked at."""
    _content(kind, specimens.specimen(kind), text)


def _content(kind, inputs, text):
    words = wording.parse(wording.standard(kind) if text is None else text)
    filling = fill(kind, inputs)
    wording.verify(words, filling)
    return words, filling
