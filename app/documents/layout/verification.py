"""The verification code: a small QR picture beside the note."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno

from app.documents.layout.ooxml import Element, el, qualified

SIDE = 13 * 36000  # 13 mm in English metric units
PICTURE_URI = "http://schemas.openxmlformats.org/drawingml/2006/picture"


@dataclass(frozen=True)
class Verification:
    """The code printed on the paper and the public address in the QR picture."""

    code: str
    url: str


def qr_picture(part: Any, url: str) -> Element:
    """Return a run holding the QR picture; the image is stored in the document part, nothing is linked."""
    image = BytesIO()
    segno.make(url, error="m", micro=False).save(image, kind="png", scale=6, border=1)
    image.seek(0)
    identifier, _ = part.get_or_add_image(image)
    graphic = _node("a:graphic", _node("a:graphicData", _picture(identifier), uri=PICTURE_URI))
    inline = _node(
        "wp:inline",
        _node("wp:extent", cx=str(SIDE), cy=str(SIDE)),
        _node("wp:docPr", id="1", name="验证码", descr="公文验证二维码"),
        graphic,
        distT="0",
        distB="0",
        distL="0",
        distR="0",
    )
    return el("w:r", el("w:drawing", inline))


def _picture(identifier: str) -> Element:
    blip = el("a:blip")
    blip.set(qualified("r:embed"), identifier)
    return _node(
        "pic:pic",
        _node("pic:nvPicPr", _node("pic:cNvPr", id="1", name="验证码"), _node("pic:cNvPicPr")),
        _node("pic:blipFill", blip, _node("a:stretch", _node("a:fillRect"))),
        _node(
            "pic:spPr",
            _node("a:xfrm", _node("a:off", x="0", y="0"), _node("a:ext", cx=str(SIDE), cy=str(SIDE))),
            _node("a:prstGeom", _node("a:avLst"), prst="rect"),
        ),
    )


def _node(tag: str, /, *children: Element, **attributes: str) -> Element:
    """Create a drawing element, whose attributes carry no prefix."""
    node = el(tag, *children)
    for key, value in attributes.items():
        node.set(key, value)
    return node
