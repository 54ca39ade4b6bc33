"""Characters by their place in the symbol fonts of Word (w:sym): Wingdings, Wingdings 2, Symbol.

Only what means something in a form: boxes and ticks, numbers in circles, figures and their signs. Ornaments (bullets,
arrows) say nothing.
"""

from __future__ import annotations

_CIRCLED, _FILLED = "⓪①②③④⑤⑥⑦⑧⑨⑩", "⓿❶❷❸❹❺❻❼❽❾❿"
_MEANT: dict[str, dict[int, str]] = {
    "wingdings": {
        0x52: "☑",
        0x6F: "☐",
        0x71: "☐",
        0x72: "☐",
        0xA8: "☐",
        0xFB: "☒",
        0xFC: "☑",
        0xFD: "☒",
        0xFE: "☑",
        **{0x80 + number: sign for number, sign in enumerate(_CIRCLED)},
        **{0x8B + number: sign for number, sign in enumerate(_FILLED)},
    },
    "wingdings 2": {0x4F: "☒", 0x50: "☑", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐", 0x30: "☐"},
    "symbol": {
        **{ord(sign): sign for sign in " !%()+,./0123456789:;<=>?[]_{|}"},
        0x2D: "-",
        0xA3: "≤",
        0xB0: "°",
        0xB1: "±",
        0xB3: "≥",
        0xB4: "×",
        0xB8: "÷",
        0xB9: "≠",
        0xBB: "≈",
    },
}
_ORNAMENTS = {"wingdings": {0x6C, 0x6E, 0x75, 0x76, 0x77, 0xA7, 0xD8, 0xE0, 0xF0}, "symbol": {0xB7}}


def symbol(font: str, stated: str) -> str | None:
    """The character that a font and a place in it (hexadecimal, as w:sym has it) stand for.

    "" for an ornament, None where it is not known. Fonts of text have real characters.
    """
    try:
        code = int(stated, 16)
    except ValueError:
        return None
    if not 0xF000 <= code < 0xF100:
        return chr(code) if 0x20 <= code < 0xD800 or 0xF900 <= code < 0x110000 else None
    code -= 0xF000
    return _MEANT.get(font.lower(), {}).get(code, "" if code in _ORNAMENTS.get(font.lower(), ()) else None)
