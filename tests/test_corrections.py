"""Pinned readings: what fits a line, what is refused and why, and that repair, records and builds respect them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.build import build
from nianbao.cli import main
from nianbao.reading import read_document
from nianbao.repair.corrections import Corrections, CorrectionsError, Pin, fit, load_corrections, order_of
from nianbao.repair.weave import repair, replay
from nianbao.report import read_report, repaired
from nianbao.storage.store import open_store

# Woven by hand after the rules; line 3 has two readings that are both Chinese.
RAW = [
    "，全 我县年 图书馆接待读者 18.6 万人次 ",
    "，外借图 册书 32.5 万次",
    "积 全极推进县 民阅读",
    "，组织 开展培训活动 24 次， 务提升服 能力",
    "。，进一步 规范工作流 保障程各项 工作顺利完成",
]
READING = "全县积极推进民阅读"
TOML = """[[pin]]
file = "reports/a.txt"
line = 3
raw = "积 全极推进县 民阅读"
reading = "全县积极推进民阅读"
by = "档案科"
date = 2025-03-01
why = "对照原件"
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(text: str) -> Path:
        path = tmp_path / "corrections.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return put


@pytest.fixture
def report(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    path = folder / "a.txt"
    path.write_text("\n".join(RAW) + "\n", encoding="utf-8")
    return path


def test_a_file_of_corrections_is_read(write: Write) -> None:
    (pin,) = load_corrections(write(TOML)).pins
    assert (pin.line, pin.reading, pin.raw) == (3, READING, RAW[2])
    assert (pin.by, pin.date, pin.why) == ("档案科", "2025-03-01", "对照原件")
    assert load_corrections(write("")).pins == ()


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("[[pin]\n", "NB-CORRECTIONS-TOML", "line 1"),
        ("[pin]\nline = 1\n", "NB-CORRECTIONS-KEY", "[[pin]]"),
        ("[[pins]]\nline = 1\n", "NB-CORRECTIONS-KEY", "pins"),
        (TOML.replace("why =", "because ="), "NB-CORRECTIONS-KEY", "because"),
        (TOML.replace("line = 3", 'line = "3"'), "NB-CORRECTIONS-KEY", "whole number"),
        (TOML.replace("line = 3", "line = true"), "NB-CORRECTIONS-KEY", "whole number"),
        (TOML.replace("line = 3", "line = -3"), "NB-CORRECTIONS-KEY", "count from 1"),
        (TOML.replace("reading =", "# reading ="), "NB-CORRECTIONS-KEY", "reading is missing"),
        (TOML.replace("raw =", "# raw ="), "NB-CORRECTIONS-KEY", "which line"),
        (TOML + 'sha256 = "abc"\n', "NB-CORRECTIONS-KEY", "SHA-256"),
    ],
)
def test_a_slip_in_the_file_is_an_error(write: Write, text: str, code: str, told: str) -> None:
    path = write(text)
    with pytest.raises(CorrectionsError) as caught:
        load_corrections(path)
    assert caught.value.code == code
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_an_absent_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorrectionsError, match="NB-CORRECTIONS-OPEN"):
        load_corrections(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("file", "sha256", "applies"),
    [
        ("a.txt", None, True),
        ("reports/a.txt", None, True),
        ("other/a.txt", None, False),
        ("b.txt", None, False),
        (None, "0" * 64, True),
        (None, "1" * 64, False),
        ("a.txt", "1" * 64, False),
    ],
)
def test_which_file_a_pin_speaks_of(report: Path, file: str | None, sha256: str | None, applies: bool) -> None:
    pin = Pin(line=1, reading="一", raw="一", file=file, sha256=sha256)
    assert pin.speaks_of(report, "0" * 64) is applies


@settings(derandomize=True, deadline=None)
@given(st.text("甲乙丙丁12 　，", max_size=12).flatmap(lambda raw: st.tuples(st.just(raw), st.permutations(raw))))
def test_any_order_of_the_glyphs_is_found_and_replays(case: tuple[str, list[str]]) -> None:
    raw, reading = case[0], "".join(case[1])
    for text in (reading, reading.replace(" ", ""), raw):
        order = order_of(raw, text)
        assert order is not None
        assert "".join(raw[place] for place in order) == text
        assert len(set(order)) == len(order)


@settings(derandomize=True, deadline=None)
@given(st.text("甲乙丙 ", min_size=1, max_size=6), st.text("甲乙丙 ", min_size=1, max_size=6))
def test_other_glyphs_are_refused(raw: str, reading: str) -> None:
    fits = sorted(raw.replace(" ", "")) == sorted(reading.replace(" ", "")) and reading.count(" ") <= raw.count(" ")
    assert (order_of(raw, reading) is not None) is fits


@pytest.mark.parametrize(
    ("line", "raw", "reading", "code", "told"),
    [
        (3, None, READING + "活", "GLYPHS", "adds (多) '活'"),
        (3, None, READING[1:], "GLYPHS", "lacks (少) '全'"),
        (3, None, READING[1:] + "金", "GLYPHS", "adds (多) '金' and lacks (少) '全'"),
        (3, None, " ".join(READING), "GLYPHS", "blanks"),
        (4, RAW[2], READING, "LINE", "reads otherwise"),
        (9, RAW[2], READING, "LINE", "5 lines"),
    ],
)
def test_a_pin_that_does_not_fit_is_told(line: int, raw: str | None, reading: str, code: str, told: str) -> None:
    orders, (doubt,) = fit([Pin(line=line, raw=raw, reading=reading, sha256="0" * 64)], RAW, "c.toml")
    assert orders == {}
    assert doubt.code == f"NB-CORRECTIONS-{code}"
    assert doubt.line == line
    assert told in doubt.message
    assert "c.toml" in doubt.message
    assert doubt.remedy


def test_of_two_readings_the_first_is_taken() -> None:
    pins = [Pin(line=3, reading=text, sha256="0" * 64) for text in (READING, READING, "积极推进全县民阅读")]
    orders, (doubt,) = fit(pins, RAW)
    assert "".join(RAW[2][place] for place in orders[2]) == READING
    assert doubt.code == "NB-CORRECTIONS-TWICE"


def test_a_pinned_line_reads_so_and_is_not_doubtful() -> None:
    orders, _ = fit([Pin(line=3, reading=READING, sha256="0" * 64)], RAW)
    without, done = repair(RAW), repair(RAW, pins=orders)
    assert without.woven
    assert without.lines[2] != READING
    assert done.lines[2] == READING
    assert 3 not in done.doubtful
    (step,) = [step for step in done.steps if step.pinned]
    assert (step.line, replay(step), step.margin) == (3, READING, None)
    assert not any(step.pinned for step in without.steps)


def test_a_pin_may_cross_a_number_and_end_in_one() -> None:
    readings = {2: "册外借图书万次32.5，", 4: "24次组织开展培训活动，提升服务能力，"}
    orders, doubts = fit([Pin(line=n, reading=text, sha256="0" * 64) for n, text in readings.items()], RAW)
    assert not doubts
    done = repair(RAW, pins=orders)
    assert {n: done.lines[n - 1] for n in readings} == readings


def test_neighbours_are_read_beside_the_pinned_text() -> None:
    """The line behind ends the sentence that the pinned line begins: what is pinned changes how sure that line is."""
    one, other = (
        repair(RAW, pins=fit([Pin(line=3, reading=text, sha256="0" * 64)], RAW)[0])
        for text in (READING, "读阅民县全进推极积")
    )
    assert [look.chance for look in one.looks if not look.step.pinned] != [
        look.chance for look in other.looks if not look.step.pinned
    ]


def test_labels_and_clean_documents_take_pins_too() -> None:
    clean = ["全年接待读者 12.6 万人次。", "开放日活 动成功举办。"]
    orders, _ = fit([Pin(line=2, reading="开放日活动成功举办。", sha256="0" * 64)], clean)
    done = repair(clean, pins=orders)
    assert done.lines == (clean[0], "开放日活动成功举办。")
    assert not done.woven
    assert done.steps[0].pinned
    orders, _ = fit([Pin(line=6, reading="所住", sha256="0" * 64)], [*RAW, "住 所"])
    assert repair([*RAW, "住 所"], pins=orders).lines[5] == "所住"


def test_a_right_line_can_be_confirmed() -> None:
    orders, _ = fit([Pin(line=3, reading=RAW[2], sha256="0" * 64)], RAW)
    done = repair(RAW, pins=orders)
    assert done.lines[2] == RAW[2]
    assert 3 not in done.doubtful
    assert 3 not in [step.line for step in done.steps]


def test_the_right_file_is_corrected(report: Path, write: Write, tmp_path: Path) -> None:
    corrections = load_corrections(write(TOML))
    done, doubts = repaired(read_document(report), corrections)
    assert (done.lines[2], doubts) == (READING, ())
    other = tmp_path / "other.txt"
    other.write_bytes(report.read_bytes())
    done, doubts = repaired(read_document(other), corrections)
    assert done.lines[2] != READING
    assert doubts == ()
    report.write_text("\n".join(["新增一行", *RAW]), encoding="utf-8")
    done, (doubt,) = repaired(read_document(report), corrections)
    assert READING not in done.lines
    assert doubt.code == "NB-CORRECTIONS-LINE"


def test_the_command_line_and_the_settings_know_corrections(
    report: Path, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(TOML)
    run = CliRunner().invoke
    assert READING not in run(main, ["read", "--text", str(report)]).stdout
    assert READING in run(main, ["read", "--text", str(report), "--corrections", str(path)]).stdout
    assert READING in run(main, ["read", "--text", str(report)], env={"NIANBAO_READ_CORRECTIONS": str(path)}).stdout
    Path("nianbao.toml").write_text('[read]\ncorrections = "corrections.toml"\n', encoding="utf-8")
    assert READING in run(main, ["read", "--text", str(report)]).stdout
    write(TOML.replace(READING, READING + "活"))
    result = run(main, ["read", "--text", str(report)])
    assert "NB-CORRECTIONS-GLYPHS" in result.stderr
    assert "line 3" in result.stderr
    assert READING not in result.stdout
    write("pin")
    result = run(main, ["read", "--text", str(report)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "NB-CORRECTIONS-TOML" in result.stderr


def test_a_record_tells_its_pins_and_their_doubts(root: Path) -> None:
    sample = root / "data/reports/agritech-2024.txt"
    lines = sample.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if len(line) > 20)
    raw = lines[number - 1]
    pins = [Pin(line=number, raw=raw, file=sample.name, reading=text) for text in (raw[::-1], raw + "多")]
    record = read_report(sample, corrections=Corrections(tuple(pins), "c.toml"))
    (step,) = json.loads(record.to_json())["repair"]["steps"]
    assert step["pinned"] is True
    assert step["repaired"] == raw[::-1]
    assert record.repair.changed == 1
    assert [issue.code for issue in record.issues] == ["NB-CORRECTIONS-GLYPHS"]


def test_a_build_reads_a_file_again_when_its_corrections_change(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("agritech-2024.txt", "library-2024.txt"):
        source = root / "data/reports" / name
        if source.exists():
            (folder / name).write_bytes(source.read_bytes())
    raw = next(line for line in (folder / "agritech-2024.txt").read_text(encoding="utf-8").splitlines() if line)
    store = open_store(str(tmp_path / "store"))
    files = len(list(folder.iterdir()))

    def run(*readings: str) -> tuple[int, int, int]:
        pins = tuple(Pin(line=1, raw=raw, file="agritech-2024.txt", reading=text) for text in readings)
        summary = build([folder], store, jobs=1, corrections=Corrections(pins))
        assert not summary.failed
        return summary.read, summary.unchanged, summary.replaced

    assert run() == (files, 0, 0)
    assert run() == (0, files, 0)
    assert run(raw) == (0, files - 1, 1)
    assert run(raw) == (0, files, 0)
    assert run(raw[::-1]) == (0, files - 1, 1)
    assert run() == (0, files - 1, 1)
