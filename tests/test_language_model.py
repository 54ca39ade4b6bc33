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
    LanguageModel,
    join_planes,
    load,
    number_class,
    push,
    segment,
    shorten,
    split_planes,
    symbols,
)

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
    train.write(train.sequence(SENTENCES * 4), cut * 4, dictionary, folder / "small.npz")
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


def test_contexts_hold_three_symbols() -> None:
    context = push(push(push(push(START, 7), 8), 9), 10)
    assert shorten(shorten(context)) == 10
    assert context == push(push(push(0, 8), 9), 10)


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
        train.write(train.sequence(SENTENCES), [[("开展", "v"), ("活动", "vn")]], dictionary, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_rare_ngrams_do_not_ship(tmp_path: Path) -> None:
    """What stands once in the texts cannot be read back: no 3- or 4-gram seen once is in the table."""
    dictionary = tmp_path / "dict.txt"
    dictionary.write_text("活动 900 vn\n", encoding="utf-8")
    once = "丙丁甲戊己乙"
    train.write(train.sequence([*SENTENCES, once, *once]), [[("开展", "v")]], dictionary, tmp_path / "m.npz")
    model = load(tmp_path / "m.npz")
    model.cover_all()
    a, b, c = model.encode("丙丁甲")
    assert (a << 28 | b << 14 | c) not in model.scores
    assert (a << 14 | b) in model.scores


def test_words_and_tags_prefer_chinese(model: LanguageModel) -> None:
    assert segment(model.encode("积极开展服务工作"), model) > segment(model.encode("积开极展服工务作"), model)


def test_shipped_model_is_small() -> None:
    assert DEFAULT.stat().st_size < 8_000_000


def test_scale_words_follow_decimals(model: LanguageModel) -> None:
    decimal, year, scale = (model.ids[symbol] for symbol in ("<decimal>", "<year>", "万"))
    assert model.score(decimal, scale) > model.score(year, scale) + 1


def test_a_covered_text_scores_as_in_the_whole_model(model: LanguageModel) -> None:
    part = load.__wrapped__(DEFAULT)
    first, second = "全年开展阅读活动32场，", "服务读者4.5万人次，同比增长6.5%。"
    for text in (first, first + second):
        part.cover(text)
        assert segment(part.encode(text), part) == segment(model.encode(text), model)
        context = START
        for symbol in part.encode(text):
            assert part.score(context, symbol) == model.score(context, symbol)
            context = push(context, symbol)
    assert 0 < len(part.scores) < len(model.scores) / 4
