"""One spelling of names, codes and lines of text, whichever door they come through.

Invisible characters go, compatibility forms are folded, no white space stays between Chinese characters, and
brackets in names are full width. Nothing visible is dropped: a character that cannot be kept is refused with its place.
"""

import re
import unicodedata
from functools import lru_cache

CACHE_SIZE = 8_192
# Radicals that PDF readers give instead of characters and that Unicode does not decompose.
_RADICALS = str.maketrans(
    "⺁⺠⺩⺪⺮⺻⺼⻁⻄⻅⻆⻉⻋⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰",
    "厂民王疋竹聿肉虎西见角贝车长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙",
)
_FULL_WIDTH_BRACKETS = str.maketrans("()﹙﹚", "（）（）")
_DOTS = str.maketrans("•・‧∙⋅", "·····")
_DASHES = str.maketrans("‐‑‒–—―−﹣－", "---------")
_FOLDED_FORMS = ("<wide>", "<narrow>", "<compat>", "<font>", "<vertical>")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0), range(0x180B, 0x1810))
_CHINESE = "\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff65\U00020000-\U0003fffd“”‘’"
_SPACE_BETWEEN_CHINESE = re.compile(
    rf"(?<=[{_CHINESE}]) (?=[{_CHINESE}])|(?<=[（）【】《》]) | (?=[（）【】《》])"
)
_FORMER = re.compile(
    r"(?P<name>.{4,}?)[（(\[【]\s*(?:原名称?为?|曾用名|更名前|原单位名称|前身为?|原为|原)\s*[:：]?\s*"
    r"(?P<former>(?=.{4,}[)）\]】])[^（()）:：]+(?:[（(][^（()）]*[)）][^（()）]*)*)[)）\]】]"
)
_COMMON = re.compile(r"[\u4e00-\u9fa50-9A-Za-z（）]*")


class Unwritable(ValueError):
    """A character that no other computer shows: private use, unassigned, or lost already."""

    def __init__(self, place: int, character: str) -> None:
        what = "乱码，原字已丢失" if character == "\ufffd" else f"自造字或无效字符（U+{ord(character):04X}）"
        super().__init__(f"第{place}个字是{what}，换一台电脑就无法显示；请对照营业执照改用标准字")
        self.place, self.character = place, character


@lru_cache(CACHE_SIZE)
def line(text: str) -> str:
    """Return text in one line: visible characters only, compatibility forms folded. Raises Unwritable."""
    if _COMMON.fullmatch(text):
        return text
    characters = [_kept(place, character) for place, character in enumerate(text, start=1)]
    plain = unicodedata.normalize("NFC", "".join(characters).translate(_RADICALS))
    return _SPACE_BETWEEN_CHINESE.sub("", " ".join(plain.split()))


def _kept(place: int, character: str) -> str:
    """Return a character as it is stored, "" for an invisible one, a space for any white space."""
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category in ("Cf", "Cc") or any(ord(character) in each for each in _SELECTORS):
        return ""
    if (
        character == "\ufffd"
        or category in ("Co", "Cs")
        or (category == "Cn" and not _is_ideograph(character))
    ):
        raise Unwritable(place, character)
    folded = unicodedata.normalize("NFKC", character)
    if (
        folded != character
        and folded.isalnum()
        and unicodedata.decomposition(character).startswith(_FOLDED_FORMS)
    ):
        return folded
    return character


def _is_ideograph(character: str) -> bool:
    """Return whether a character lies in the ideographic planes, of which Python may know fewer than fonts do."""
    return 0x20000 <= ord(character) <= 0x3FFFD and ord(character) & 0xFFFE != 0xFFFE


def name(text: str) -> str:
    """Return the name of a unit, person or institution as the register writes it. Raises Unwritable."""
    return line(_SPACE_BETWEEN_CHINESE.sub("", line(text).translate(_FULL_WIDTH_BRACKETS)))


def parted(text: str) -> tuple[str, str]:
    """Return name and former name of “新名（原旧名）”; the former name is empty where none is given."""
    match = _FORMER.fullmatch(text)
    return (match["name"].strip(), match["former"].strip()) if match else (text, "")


@lru_cache(CACHE_SIZE)
def folded(text: str) -> str:
    """Return the text for comparing, never for storing: NFKC, upper case, no white space, nothing invisible."""
    visible = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    visible = "".join(c for c in visible if not any(ord(c) in each for each in _SELECTORS))
    plain = unicodedata.normalize("NFKC", visible.translate(_RADICALS))
    return "".join(plain.upper().split())


def same(one: str, other: str) -> bool:
    """Return whether two spellings are one name; dots and dashes of any kind count as equal."""
    return one == other or _compared(one) == _compared(other)


def _compared(text: str) -> str:
    return folded(text).translate(_DOTS).translate(_DASHES)


def code(text: str) -> str:
    """Return a code or number in half-width capitals, without white space, invisible characters and dashes."""
    return _compared(text).replace("-", "")


# The rules import nothing else, and python-stdnum refuses letters in front, which GB 32100 allows.
_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CODE_FORM = re.compile(r"[1-9A-HJ-NP-RTUWXY][0-9A-HJ-NP-RTUWXY]\d{6}[0-9A-HJ-NP-RTUWXY]{10}")


def is_credit_code(text: str) -> bool:
    """Return whether a text is a 统一社会信用代码 by GB 32100: registering body, kind, area, body code, check digit."""
    if not _CODE_FORM.fullmatch(text):
        return False
    total = sum(
        _CODE_CHARACTERS.index(each) * weight for each, weight in zip(text[:17], _CODE_WEIGHTS, strict=True)
    )
    return text[17] == _CODE_CHARACTERS[-total % 31]
