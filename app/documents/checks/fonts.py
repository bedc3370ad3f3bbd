"""Names under which the fonts of the standard go, in Word and inside a PDF."""

import re

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋", "楷体", "黑体", "小标宋体"
NAMES = {
    SONG: {"宋体", "SimSun"},
    FANG: {"仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312"},
    KAI: {"楷体_GB2312", "楷体", "KaiTi", "KaiTi_GB2312"},
    HEI: {"黑体", "SimHei"},
    TITLE: {"方正小标宋简体", "方正小标宋_GBK", "小标宋体", "华文中宋"},
}
# Embedded names: the real fonts, the free stand-ins, and the Latin faces that go with them.
PRINTED = re.compile(
    r"^(FZXiaoBiaoSong|FZXBS|STZhongsong|SimSun|NSimSun|FangSong|KaiTi|SimHei|STFangsong|STKaiti"
    r"|Fandol(Song|Fang|Kai|Hei)|NotoS(erif|ans)CJK|TimesNewRoman|Liberation(Serif|Sans))",
    re.I,
)


def is_a(font: str, wanted: str) -> bool:
    return font in NAMES[wanted]


def expected_in_print(font: str) -> bool:
    return bool(PRINTED.match(font.replace(" ", "").replace("-", "")))
