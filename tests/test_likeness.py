"""Fingerprints of texts and keys of names: what queries compare instead of the words."""

import random
import re

import pytest

from nianbao.mapping.likeness import BANDS, PLACES, address_key, bands, fingerprint, name_keys

CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 900)]


def text_of(seed: int, length: int = 900) -> str:
    return "".join(random.Random(seed).choices(CHARACTERS, k=length))


def pairs(text: str) -> set[str]:
    han = re.sub("[^一-鿿]", "", text)
    return {han[i : i + 2] for i in range(len(han) - 1)}


def jaccard(one: str, two: str) -> float:
    return len(pairs(one) & pairs(two)) / len(pairs(one) | pairs(two))


def alike(one: str, two: str) -> float:
    """As the queries count: characters of the one that the other has too."""
    first, second = fingerprint(one), fingerprint(two)
    assert first
    assert second
    return len(re.findall(f"[{second}]", first)) / PLACES


def test_every_place_has_its_own_characters() -> None:
    prints = [fingerprint(text_of(seed)) or "" for seed in range(40)]
    for place in range(PLACES):
        low = 0xAC00 + 174 * place
        assert {low <= ord(one[place]) < low + 174 for one in prints} == {True}
    assert (
        max(ord(char) for one in prints for char in one) <= 0xD7A3
    )  # Hangul syllables, none of them in a Chinese text


@pytest.mark.parametrize("share", [0, 0.02, 0.05, 0.1, 0.3, 1])
def test_likeness_is_estimated(share: float) -> None:
    """The mean error over ten texts stays within three standard errors of 64 places (6 points)."""
    errors = []
    for seed in range(10):
        one = text_of(seed)
        cut = round(len(one) * (1 - share))
        two = one[:cut] + text_of(seed + 1000, len(one) - cut)
        errors.append(alike(one, two) - jaccard(one, two))
    assert abs(sum(errors) / len(errors)) < 3 * 0.0625 / 10**0.5


def test_figures_and_punctuation_do_not_count() -> None:
    one = text_of(1)
    assert fingerprint(one) == fingerprint("2024 " + one[:300] + "，12.5%。\n" + one[300:])


def test_a_short_text_has_none() -> None:
    assert fingerprint(None) is None
    assert fingerprint(text_of(1, 63)) is None
    assert fingerprint(text_of(1, 64)) is not None
    assert bands(None) == []


def test_bands_are_the_fingerprint_in_parts() -> None:
    one = fingerprint(text_of(1))
    assert one
    assert len(bands(one)) == BANDS
    assert "".join(bands(one)) == one


@pytest.mark.parametrize(
    ("one", "two", "close"),
    [
        ("霁川县文化和旅游局", "霁川县文化和族游局", True),
        ("霁川县文化和旅游局", "霁川县文化旅游局", True),
        ("霁川县文化和旅游局", "霁川县文化和旅游局局", True),
        ("霁川县文化和旅游局", "霁川县文和化旅游局", True),
        ("霁川县文化和旅游局", "霁川县 文化和旅游局", True),
        ("霁川县文化和旅游局", "霁川县卫生健康局", False),
        ("霁川县文化和旅游局", "泊川市文化和旅游局", False),
    ],
)
def test_names_that_differ_by_one_character_share_a_key(one: str, two: str, close: bool) -> None:
    assert bool(set(name_keys(one)) & set(name_keys(two))) is close


def test_one_address_written_in_two_ways_has_one_key() -> None:
    ways = ["湖北省沔河市书院街9号", "沔河市书院街九号（邮编：433000）", "沔河市 书院街９#"]
    assert {address_key(way) for way in ways} == {"沔河市书院街9号"}
    assert address_key("沔河市书院街19号") != address_key("沔河市书院街9号")
    assert address_key("甲市乙路3号1—2层") == address_key("甲市乙路3号1-2层") != address_key("甲市乙路3号12层")
    assert address_key(None) is None
