"""What un-weaving did, told to people and to programs."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.cli import main
from nianbao.record import RepairStep
from nianbao.repair.corrections import load_corrections, order_of
from nianbao.repair.explain import difference, pieces, runs_of
from nianbao.repair.weave import SURE

RAW = [
    "，全 我县年 图书馆接待读者 18.6 万人次 ",
    "，外借图 册书 32.5 万次",
    "积 全极推进县 民阅读",
    "住 所",
    "",
    "，组织 开展培训活动 24 次， 务提升服 能力",
    "。，进一步 规范工作流 保障程各项 工作顺利完成",
]
CLEAN = ["全年接待读者 12.6 万人次，同比增长 5.2%。", "开放日活动成功举办。"]


@pytest.fixture
def woven(tmp_path: Path) -> Path:
    path = tmp_path / "woven.txt"
    path.write_text("\n".join(RAW) + "\n", encoding="utf-8")
    return path


def run(*words: object, **options: dict[str, str]) -> Result:
    return CliRunner().invoke(main, ["explain", *map(str, words)], **options)


def step(raw: str, repaired: str) -> RepairStep:
    order = order_of(raw, repaired)
    assert order is not None
    return RepairStep(line=1, raw=raw, repaired=repaired, order=order)


def told(raw: str, repaired: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    before, after = pieces(step(raw, repaired))
    return [(piece.run, piece.text) for piece in before], [(piece.run, piece.text) for piece in after]


@pytest.mark.parametrize(
    ("raw", "repaired", "before", "after"),
    [
        ("市 全 我", "市全我", [(0, "市 全 我")], [(0, "市全我")]),
        ("乙 丁甲 丙", "甲乙丙丁", [(1, "乙 丁"), (2, "甲 丙")], [(2, "甲"), (1, "乙"), (2, "丙"), (1, "丁")]),
        ("丙乙甲", "甲乙丙", [(1, "丙"), (2, "乙"), (3, "甲")], [(3, "甲"), (2, "乙"), (1, "丙")]),
        ("乙甲 12 丁丙", "乙甲12丙丁", [(0, "乙甲 12 "), (1, "丁"), (2, "丙")], [(0, "乙甲12"), (2, "丙"), (1, "丁")]),
        ("住 所 乙甲", "住 所 甲乙", [(0, "住 所 "), (1, "乙"), (2, "甲")], [(0, "住 所 "), (2, "甲"), (1, "乙")]),
    ],
)
def test_a_line_in_runs_and_pieces(
    raw: str, repaired: str, before: list[tuple[int, str]], after: list[tuple[int, str]]
) -> None:
    assert told(raw, repaired) == (before, after)


@settings(derandomize=True, deadline=None)
@given(st.text("甲乙丙丁戊12 ", max_size=14).flatmap(lambda raw: st.tuples(st.just(raw), st.permutations(raw))))
def test_runs_and_pieces_of_any_order(case: tuple[str, list[str]]) -> None:
    raw, repaired = case[0], "".join(case[1])
    one = step(raw, repaired)
    before, after = pieces(one)
    assert "".join(piece.text for piece in before) == raw
    assert "".join(piece.text for piece in after) == repaired
    runs = runs_of(one)
    numbers = [run for run in runs if run]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, max(numbers, default=0) + 1))
    for run in set(numbers):  # inside a run the glyphs keep their order
        places = [one.order.index(place) for place, other in enumerate(runs) if other == run]
        assert places == sorted(places)


def test_where_two_readings_differ() -> None:
    assert difference("全市负责信息", "负责全市信息") == (0, 4)
    assert difference("负责全市", "负责市全") == (2, 4)
    assert difference("同", "同") == (1, 1)


def test_the_lines_that_changed_are_told(woven: Path) -> None:
    result = run(woven)
    assert result.exit_code == 0
    assert "文档判为交织文本" in result.stdout
    assert "第 2 行" in result.stdout
    assert "第 4 行" not in result.stdout  # a label
    assert "\x1b" not in result.stdout
    for word in ("原文", "改后", "做法", "其他读法", "把握"):
        assert word in result.stdout
    english = run(woven, "--lang", "en").stdout
    for word in ("line 2", "raw", "repaired", "runs", "probability", "the document is woven"):
        assert word in english


def test_json_tells_the_same(woven: Path) -> None:
    (line,) = run(woven, "--format", "json").stdout.splitlines()
    told = json.loads(line)
    record = told["shown"]
    assert told["gate"]["woven"] is True
    assert told["gate"]["blanks"] > told["gate"]["blanks_limit"]
    assert told["gate"]["gain"] > told["gate"]["gain_limit"]
    assert told["lines"] == len(RAW)
    assert told["changed"] == sum(shown["changed"] for shown in record)
    for shown in record:
        assert shown["raw"] == RAW[shown["line"] - 1]
        assert "".join(piece["text"] for piece in shown["runs"]) == shown["raw"]
        assert "".join(piece["text"] for piece in shown["pieces"]) == shown["repaired"]
        assert "".join(shown["raw"][place] for place in shown["order"]) == shown["repaired"]
        assert shown["doubtful"] is (shown["probability"] < SURE or shown["rule_given_up"])
        assert shown["pinned"] is False
    assert told["doubtful"] == sum(shown["doubtful"] for shown in record)


def test_one_line_and_why_it_stayed(woven: Path) -> None:
    only = json.loads(run(woven, "--format", "json", "--line", 3, "--line", 4, "--line", 5).stdout)["shown"]
    assert [(shown["line"], shown.get("why")) for shown in only] == [(3, None), (4, "label"), (5, "blank")]
    text = run(woven, "--line", 4).stdout
    assert "标签" in text
    assert "第 3 行" not in text
    result = run(woven, "--line", 99)
    assert result.exit_code == 2
    assert "7 lines" in result.stderr


@pytest.mark.parametrize(("lang", "word"), [("zh", "一字未改"), ("en", "nothing was changed")])
def test_a_clean_document_says_why_nothing_was_changed(tmp_path: Path, lang: str, word: str) -> None:
    path = tmp_path / "clean.txt"
    path.write_text("\n".join(CLEAN), encoding="utf-8")
    text = run(path, "--lang", lang).stdout
    assert word in text
    assert text.count("%") >= 2
    plain = json.loads(run(path, "--format", "json", "--line", 1).stdout)
    assert plain["gate"]["woven"] is False
    assert plain["changed"] == 0
    assert plain["shown"][0]["why"] == "whole"


def test_pins_are_shown_and_can_be_begun(woven: Path, tmp_path: Path) -> None:
    begun = run(woven, "--line", 3, "--format", "toml").stdout
    assert begun.count("# reading = ") >= 2
    path = tmp_path / "c.toml"
    path.write_text(begun.replace("# reading", "reading", 1) + 'by = "档案科"\nwhy = "对照原件"\n')
    (pin,) = load_corrections(path).pins
    assert (pin.line, pin.raw) == (3, RAW[2])
    text = run(woven, "--corrections", path).stdout
    assert "人工指定" in text
    assert "档案科" in text
    assert "对照原件" in text
    plain = json.loads(run(woven, "--corrections", path, "--format", "json", "--line", 3).stdout)
    (shown,) = plain["shown"]
    assert plain["pinned"] == 1
    assert shown["pinned"] is True
    assert shown["doubtful"] is False
    assert shown["pin"] == {"by": "档案科", "date": "", "why": "对照原件"}


def test_every_doubtful_line_can_be_begun(woven: Path) -> None:
    doubtful = [
        shown["line"] for shown in json.loads(run(woven, "--format", "json").stdout)["shown"] if shown["doubtful"]
    ]
    assert doubtful
    begun = run(woven, "--format", "toml").stdout
    assert [int(number) for number in re.findall(r"^line = (\d+)", begun, re.MULTILINE)] == doubtful


def test_a_hostile_line_does_nothing_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text("\n".join([*RAW[:3], "，坏\x1b[2J 行\x07 一 一"]), encoding="utf-8")
    done = run(path, "--line", 4)
    assert "\x1b" not in done.output
    assert "\x07" not in done.output
    assert "坏" in done.stdout
    assert "2 control characters" in done.stderr


def on_terminal(path: Path, **environment: str) -> str:
    """The output on a pseudo terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "nianbao", "explain", str(path), "--line", "3"]
    known = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    paths = os.pathsep.join(entry for entry in sys.path if entry)
    with subprocess.Popen(
        command, stdout=theirs, env=known | {"TERM": "xterm", "PYTHONPATH": paths} | environment
    ) as process:
        os.close(theirs)
        out = b""
        while True:
            try:
                more = os.read(ours, 4096)
            except OSError:  # how Linux says that the other end is closed
                break
            if not more:
                break
            out += more
        assert process.wait() == 0
    os.close(ours)
    return out.decode()


def test_colours_on_a_terminal_only(woven: Path) -> None:
    assert "\x1b[36m₁" in on_terminal(woven)
    assert "\x1b" not in on_terminal(woven, NO_COLOR="1")
    assert "\x1b" not in on_terminal(woven, TERM="dumb")
