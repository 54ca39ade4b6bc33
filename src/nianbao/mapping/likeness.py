"""How alike two texts, two names or two addresses are, as facts that a query compares (docs/modelling.md, *Likeness*).

SPARQL cannot compare two narratives character by character. So each gets a fingerprint: 64 minimum hashes (MinHash,
Broder 1997) of its pairs of neighbouring Chinese characters. The share of equal places estimates the Jaccard likeness J
of the two sets of pairs, with a standard error of at most 6 points; 2J / (1 + J) is the share of pairs in common.
Figures, Latin letters and punctuation do not count: a text that was used again with new figures is still the same text.
"""

from __future__ import annotations

import re

import numpy as np

from nianbao.mapping.iris import digest, normalise_name
from nianbao.numerals import NumeralError, parse_number

PLACES = 64
BANDS = 8
_RANGE = 174  # hashes a place tells apart; each place has Hangul syllables of its own: 64 · 174 of the 11172 there are
_FIRST = 0xAC00
_SHORTEST = 64
_NO_HAN = re.compile("[^一-鿿]")

# One odd multiplier a place: multiples of the golden ratio's fraction in 64 bits, as in Fibonacci hashing.
_FACTORS = (np.arange(1, PLACES + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)


def fingerprint(text: str | None) -> str | None:
    """64 Hangul syllables; None for fewer than 64 Chinese characters, of which too little can be said.

    Every place has its own range of syllables, so two fingerprints share as many characters as they have places alike:
    a query counts them with ``REPLACE(?one, CONCAT("[", ?other, "]"), "")``.
    """
    han = _NO_HAN.sub("", text or "")
    if len(han) < _SHORTEST:
        return None
    codes = np.array([ord(char) for char in han], dtype=np.uint64)
    pairs = np.unique(codes[:-1] << np.uint64(16) | codes[1:])
    mixed = _mixed(pairs[None, :] * _FACTORS[:, None])
    smallest = mixed.min(axis=1)
    places = np.arange(PLACES, dtype=np.uint64) * np.uint64(_RANGE)
    return "".join(map(chr, (_FIRST + places + smallest % np.uint64(_RANGE)).tolist()))


def bands(print_: str | None) -> list[str]:
    """The eight parts of a fingerprint: two texts that are alike to 82 % or more share one in 84 of 100 cases."""
    size = PLACES // BANDS
    return [print_[start : start + size] for start in range(0, PLACES, size)] if print_ else []


def name_keys(name: str) -> list[str]:
    """Hashes of the name and of the name less each one of its characters.

    Two names that share one differ by a character that was added, left out, replaced or moved.
    """
    whole = normalise_name(name)
    shorter = {whole[:i] + whole[i + 1 :] for i in range(len(whole))} if len(whole) > 3 else set()
    return sorted(digest(key)[:12] for key in {whole, *shorter})


_ADDRESS_NOISE = re.compile(r"[（(]?(?:邮政编码|邮编)[：:]?\d{6}[)）]?|[^0-9a-z一-鿿-]")
_PROVINCE = re.compile(r"^[一-鿿]{2,3}省(?=.{3})|^(?:新疆维吾尔|宁夏回族|广西壮族|内蒙古|西藏)(?:自治)?区(?=.{3})")
_COUNTED_PLACE = re.compile(r"[一二三四五六七八九十百零〇]+(?=[号弄栋幢座层楼室院]|单元)")
_FORMS = ((re.compile("[—–~～至－]+"), "-"), (re.compile(r"(?<=\d)#"), "号"), (re.compile("街道办事处|街道办"), "街道"))


def address_key(address: str | None) -> str | None:
    """An address as it is compared: without province, postcode and punctuation, house numbers in digits; None for none.

    湖北省沔河市书院街九号（邮编 433000） and 沔河市书院街9号 have one key.
    """
    plain = normalise_name(address or "")
    for form, usual in _FORMS:
        plain = form.sub(usual, plain)
    plain = _PROVINCE.sub("", _ADDRESS_NOISE.sub("", plain))
    plain = re.sub(r"(?<!\d)-|-(?!\d)", "", plain)
    return _COUNTED_PLACE.sub(_in_digits, plain) or None


def _in_digits(match: re.Match[str]) -> str:
    try:
        return str(parse_number(match[0]))
    except NumeralError:
        return match[0]


def _mixed(
    values: np.ndarray[tuple[int, ...], np.dtype[np.uint64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    """The finaliser of MurmurHash3: every bit of the result depends on every bit of the value."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values = (values ^ (values >> np.uint64(33))) * np.uint64(factor)
    return values ^ (values >> np.uint64(33))
