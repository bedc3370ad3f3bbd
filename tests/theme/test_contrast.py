"""Text can be read: WCAG AA (4.5 : 1) for the pairs of colours that the style sheets use, light and dark."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "app" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
PAIRS = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink-soft", "card"),
    ("ink-soft", "sunk"),
    ("ink-faint", "card"),
    ("ink-faint", "paper"),
    ("ink-faint", "sunk"),
    ("accent", "card"),
    ("accent", "paper"),
    ("on-accent", "accent"),
    ("accent-deep", "accent-soft"),
    ("official", "card"),
    ("official", "official-soft"),
    ("warn", "warn-soft"),
    ("info", "info-soft"),
    ("violet", "violet-soft"),
    ("ink-soft", "plain-soft"),
    ("ink", "dark-soft"),
    ("rail-ink", "rail"),
    ("rail-faint", "rail"),
    ("rail-ink", "rail-active"),
]


def colours(selector: str) -> dict[str, str]:
    body = re.search(re.escape(selector) + r" \{(.*?)\n\}", TOKENS, re.S).group(1)
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", body))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("text, ground", PAIRS)
def test_text_stands_out_from_its_ground(theme, text, ground):
    known = colours(":root")
    if theme == "dark":
        known |= colours(':root[data-theme="dark"]')
    bright, dim = sorted((luminance(known[text]), luminance(known[ground])), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5
