"""Names of the standard's fonts, in Word and inside a PDF."""

import re

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋", "楷体", "黑体", "小标宋体"
NAMES = {
    SONG: {"宋体", "SimSun"},
    FANG: {"仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312"},
    KAI: {"楷体_GB2312", "楷体", "KaiTi", "KaiTi_GB2312"},
    HEI: {"黑体", "SimHei"},
    TITLE: {"方正小标宋简体", "方正小标宋_GBK", "小标宋体", "华文中宋"},
}
# Embedded names: the real fonts, their free substitutes, and the Latin faces that go with them.
PRINTED = re.compile(
    r"^(FZXiaoBiaoSong|FZXBS|STZhongsong|SimSun|NSimSun|FangSong|KaiTi|SimHei|STFangsong|STKaiti"
    r"|Fandol(Song|Fang|Kai|Hei)|NotoS(erif|ans)CJK|TimesNewRoman|Liberation(Serif|Sans))",
    re.I,
)


def is_a(font: str, kind: str) -> bool:
    """Return whether a font goes under this name of the standard."""
    return font in NAMES[kind]


def expected_in_print(font: str) -> bool:
    """Return whether an embedded font is one of the standard's or a substitute."""
    return bool(PRINTED.match(font.replace(" ", "").replace("-", "")))
