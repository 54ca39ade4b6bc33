"""The language model: symbols, classes of numbers, scores, and training on a small text of our own."""

import math
from pathlib import Path

import numpy as np
import pytest

from nianbao.repair import train
from nianbao.repair.language_model import (
    DEFAULT,
    END,
    START,
    UNKNOWN,
    LanguageModel,
    join_bytes,
    join_planes,
    load,
    number_class,
    push,
    segment,
    split_bytes,
    split_planes,
    symbols,
)
from nianbao.repair.network import NETWORK

SENTENCES = [
    "本馆全年开展阅读活动32场，服务读者4.5万人次。",
    "本馆全年举办展览12场，接待观众8.2万人次，同比增长6.5%。",
    "全年开展阅读推广活动40场，服务读者5.1万人次。",
]


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    model = load()
    model.cover_all()
    return model


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    """A model of three sentences."""
    folder = tmp_path_factory.mktemp("model")
    dictionary = folder / "dict.txt"
    dictionary.write_text("阅读 900 v\n活动 900 vn\n读者 900 n\n全年 900 t\n", encoding="utf-8")
    cut = [[("全年", "t"), ("开展", "v"), ("阅读", "v"), ("活动", "vn")], [("开展", "v"), ("活动", "vn")]]
    train.write(train.sequences({"official": SENTENCES * 4}), cut * 4, dictionary, folder / "small.npz")
    model = load(folder / "small.npz")
    model.cover_all()
    return model


@pytest.mark.parametrize(
    ("token", "wanted"),
    [
        ("7", "<one>"),
        ("35", "<ten>"),
        ("315", "<many>"),
        ("2024", "<year>"),
        ("86,341", "<many>"),
        ("86 , 341", "<many>"),
        ("26.13", "<decimal>"),
        ("10.67%", "<percent>"),
        ("12345", "<hotline>"),
        ("API", "<word>"),
        ("-2024", "<mixed>"),
    ],
)
def test_numbers_have_classes(token: str, wanted: str) -> None:
    assert number_class(token) == wanted


def test_symbols_fold_widths_and_drop_blanks() -> None:
    assert symbols("服务 ４．５ 万人次(含线上),共 3 , 016 件") == [
        *"服务",
        "<decimal>",
        *"万人次（含线上），共",
        "<many>",
        "件",
    ]


def test_contexts_hold_four_symbols() -> None:
    context = START
    for symbol in (7, 8, 9, 10):
        context = push(context, symbol)
    assert context == push(push(push(push(0, 7), 8), 9), 10)


def test_bytes_are_inverse() -> None:
    numbers = np.array([0, 1, 255, 256, 65535], dtype=np.uint16)
    assert join_bytes(split_bytes(numbers)).tolist() == numbers.tolist()


def test_paragraphs_stand_between_their_edges() -> None:
    flat, table = train.sequences({"official": ["乙甲", "甲乙甲", "丙"], "news": ["乙"]})
    assert "丙" not in table  # seen once
    a, b = table.index("甲"), table.index("乙")
    assert flat["official"].tolist() == [0, START, b, a, END, 0, START, a, b, a, END, 0, START, UNKNOWN, END]
    assert flat["news"].tolist() == [0, START, b, END]


def test_planes_are_inverse() -> None:
    keys = np.array([0, 1, 5, 2**20, 2**20 + 1, 2**55 + 3], dtype=np.uint64)
    assert join_planes(split_planes(keys)).tolist() == keys.tolist()


def test_probabilities_add_up(small: LanguageModel) -> None:
    """Behind contexts seen and not seen, the chances of all symbols make about one (scores have 8 bits)."""
    seen = push(push(START, small.ids["全"]), small.ids["年"])
    for context in (START, seen, push(0, small.ids["次"]), push(push(0, small.ids["次"]), small.ids["馆"])):
        total = sum(math.exp(small.score(context, i)) for i in range(END, len(small.ids)))
        assert total == pytest.approx(1, abs=0.15)


def test_training_learns_order(small: LanguageModel) -> None:
    def score(text: str) -> float:
        context, total = START, 0.0
        for symbol in small.encode(text):
            total += small.score(context, symbol)
            context = push(context, symbol)
        return total

    assert score("全年开展阅读活动5场") > score("全年阅读开展动活5场")


def test_training_is_repeatable(tmp_path: Path) -> None:
    dictionary = tmp_path / "dict.txt"
    dictionary.write_text("活动 900 vn\n", encoding="utf-8")
    for name in ("one.npz", "two.npz"):
        train.write(
            train.sequences({"official": SENTENCES}), [[("开展", "v"), ("活动", "vn")]], dictionary, tmp_path / name
        )
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_rare_ngrams_do_not_ship(tmp_path: Path) -> None:
    """What stands once in the texts cannot be read back: no 3- or 4-gram seen once is in the table."""
    dictionary = tmp_path / "dict.txt"
    dictionary.write_text("活动 900 vn\n", encoding="utf-8")
    once = "丙丁甲戊己乙"
    train.write(
        train.sequences({"official": [*SENTENCES, once, *once]}), [[("开展", "v")]], dictionary, tmp_path / "m.npz"
    )
    model = load(tmp_path / "m.npz")
    a, b, c = model.encode("丙丁甲")
    assert model.entry(a << 28 | b << 14 | c) == -1
    assert model.entry(a << 14 | b) > 0


def test_kinds_of_text_are_mixed(tmp_path: Path) -> None:
    """What one kind has often and the other never is likelier than chance, and less likely than in that kind alone."""
    dictionary = tmp_path / "dict.txt"
    dictionary.write_text("活动 900 vn\n", encoding="utf-8")
    texts = {"official": ["甲乙丙。"] * 9, "news": ["甲丁丙。"] * 9}
    chances = {}
    for kinds in (("official",), ("official", "news")):
        train.write(
            train.sequences({kind: texts[kind] for kind in kinds}),
            [[("开展", "v")]],
            dictionary,
            tmp_path / f"{len(kinds)}.npz",
        )
        model = load(tmp_path / f"{len(kinds)}.npz")
        a, b = model.ids["甲"], model.ids["乙"]
        chances[len(kinds)] = math.exp(model.score(push(START, a), b))
    assert 0.1 < chances[2] < chances[1]


def test_words_and_tags_prefer_chinese(model: LanguageModel) -> None:
    assert segment(model.encode("积极开展服务工作"), model) > segment(model.encode("积开极展服工务作"), model)


def test_shipped_model_is_small() -> None:
    assert DEFAULT.stat().st_size + NETWORK.stat().st_size < 25_000_000


def test_scale_words_follow_decimals(model: LanguageModel) -> None:
    decimal, year, scale = (model.ids[symbol] for symbol in ("<decimal>", "<year>", "万"))
    assert model.score(decimal, scale) > model.score(year, scale) + 1


def test_covered_words_are_cut_as_in_the_whole_model(model: LanguageModel) -> None:
    part = load.__wrapped__(DEFAULT)
    first, second = "全年开展阅读活动32场，", "服务读者4.5万人次，同比增长6.5%。"
    for text in (first, first + second):
        part.cover(text)
        assert segment(part.encode(text), part) == segment(model.encode(text), model)
    assert 0 < len(part.words) < len(model.words) / 4


def test_scores_do_not_depend_on_what_was_asked_before(model: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianbao.repair.language_model.REMEMBERED", 3)
    other = load.__wrapped__(DEFAULT)
    context = START
    for symbol in other.encode("全年开展阅读活动32场，服务读者4.5万人次。"):
        assert other.score(context, symbol) == model.score(context, symbol)
        context = push(context, symbol)
    assert len(other.memo) <= 4
