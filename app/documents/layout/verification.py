"""The verification code: a small QR picture beside the note, where it disturbs nobody."""

from dataclasses import dataclass
from io import BytesIO

import segno

from app.documents.layout.ooxml import el, qualified

SIDE = 13 * 36000  # 13 mm in English metric units


@dataclass(frozen=True)
class Verification:
    """The code printed on the paper and the public address behind the QR picture."""

    code: str
    url: str


def picture(part, url):
    """A run holding the QR picture; the picture lies in the package, nothing is linked."""
    image = BytesIO()
    segno.make(url, error="m", micro=False).save(image, kind="png", scale=6, border=1)
    image.seek(0)
    identifier, _ = part.get_or_add_image(image)
    blip = el("a:blip")
    blip.set(qualified("r:embed"), identifier)
    data = _node(
        "pic:pic",
        _node("pic:nvPicPr", _node("pic:cNvPr", id="1", name="验证码"), _node("pic:cNvPicPr")),
        _node("pic:blipFill", blip, _node("a:stretch", _node("a:fillRect"))),
        _node(
            "pic:spPr",
            _node("a:xfrm", _node("a:off", x="0", y="0"), _node("a:ext", cx=str(SIDE), cy=str(SIDE))),
            _node("a:prstGeom", _node("a:avLst"), prst="rect"),
        ),
    )
    inline = _node(
        "wp:inline",
        _node("wp:extent", cx=str(SIDE), cy=str(SIDE)),
        _node("wp:docPr", id="1", name="验证码", descr="公文验证二维码"),
        _node(
            "a:graphic",
            _node("a:graphicData", data, uri="http://schemas.openxmlformats.org/drawingml/2006/picture"),
        ),
        distT="0",
        distB="0",
        distL="0",
        distR="0",
    )
    return el("w:r", el("w:drawing", inline))


def _node(tag, /, *children, **attributes):
    """Drawing elements carry attributes without a prefix."""
    node = el(tag, *children)
    for key, value in attributes.items():
        node.set(key, value)
    return node
