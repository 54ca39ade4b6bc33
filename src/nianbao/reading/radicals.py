"""Kangxi radicals → the characters that they stand for.

Some PDF writers map ordinary characters to the code points of radicals (⼀⼒⼈⻓ for 一力人长). NFKC alone is wrong for
this: it leaves most of U+2E80-2EFF alone and maps ⼾ to 戶; and on a whole text it would turn （），： into ASCII. So
this has its own table, and touches only U+2E80-2FDF and U+F900-FAFF.
"""

from __future__ import annotations

import unicodedata

# Radicals whose simplified character NFKC does not give; NFKC does for the rest of these blocks.
_SIMPLIFIED = (
    "⺎兀 ⺟母 ⺠民 ⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻓长 ⻔门 ⻘青 ⻙韦 ⻚页"
    " ⻛风 ⻜飞 ⻝食 ⻟饣 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻬齐 ⻮齿 ⻰龙 ⻳龟 ⼾户"
)
_BLOCKS = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00))


def _table() -> dict[int, str]:
    found: dict[int, str] = {}
    for block in _BLOCKS:
        for code in block:
            plain = unicodedata.normalize("NFKC", chr(code))
            if plain != chr(code):
                found[code] = plain
    return found | {ord(pair[0]): pair[1] for pair in _SIMPLIFIED.split()}


RADICALS: dict[int, str] = _table()
"""Code point → character, for ``str.translate``."""
