"""Un-weaving: gate, rules, labels, steps; weave and repair of sentences of our own; facts of the real report."""

import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nianbao.repair import features
from nianbao.repair.weave import is_label, repair, replay

TOKEN = re.compile(r"[0-9A-Za-z.%+\-]+")

CLEAN = [
    "一、以优化服务为重点，推动全民阅读工作高质量发展。",
    "一是阅读服务提质增效。全年接待读者18.6万人次，",
    "外借图书32.5万册次，同比增长6.4%。开展“书香云",
    "湖”阅读推广活动126场，参与群众2.3万人次。积极推",
    "进图书馆总分馆制建设，新建分馆4个、服务点12个，",
    "实现城乡公共文化服务全覆盖。",
    "二是队伍建设持续加强。组织开展业务培训16次，",
    "全面提升服务能力和管理水平，进一步规范工作流程，",
    "保障各项工作顺利完成。加强安全生产管理，开展安",
    "全隐患排查24次，整改安全隐患18处。",
]


def weave(line: str, rng: random.Random) -> str:
    """Weave a line by the rules: runs one after another, a blank where the pen jumps, none where a run ends."""
    out, end = "", 0
    for match in [*TOKEN.finditer(line), None]:
        chunk = line[end : match.start() if match else len(line)]
        runs = [0] * len(chunk)
        if len(chunk) > 2:
            count = rng.choice((2, 2, 3)) if len(chunk) > 8 else 2
            run = rng.randrange(count)
            for i in range(len(chunk)):
                if rng.random() < 0.4:
                    run = rng.randrange(count)
                # Most marks are drawn by the first run, as in the real report: so lines begin with marks.
                runs[i] = 0 if chunk[i] in "，。、" and rng.random() < 0.8 else run
        last = len(chunk)
        for place in sorted(range(len(chunk)), key=lambda i: (runs[i], i)):
            out += (" " if place > last + 1 else "") + chunk[place]
            last = place
        if match:
            out += " " * rng.randrange(2) + match.group() + " " * rng.randrange(2)
            end = match.end()
    return out


def weave_document(lines: list[str], seed: int) -> list[str]:
    """All lines woven, with an empty line behind each."""
    rng = random.Random(seed)
    return [line for text in lines for line in (weave(text, rng), "")]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_clean_document_is_untouched() -> None:
    done = repair(CLEAN)
    assert done.lines == tuple(CLEAN)
    assert not done.woven
    assert done.steps == () == done.doubtful


def test_clean_document_loads_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr("nianbao.repair.weave.load", fail)
    assert repair([*CLEAN, "宗 旨 和", "年 月 日"]).lines[:10] == tuple(CLEAN)


@pytest.mark.parametrize("seed", range(3))
def test_weave_then_repair(seed: int) -> None:
    raw = weave_document(CLEAN, seed)
    done = repair(raw)
    assert done.woven
    wrong = {i for i, (line, want) in enumerate(zip(done.lines[::2], CLEAN, strict=True)) if line != want}
    flagged = {number // 2 for number in done.doubtful}
    assert len(wrong) <= 4, [done.lines[2 * i] for i in wrong]
    assert len(wrong - flagged) <= 2
    assert len(done.lines) == len(raw)


def test_steps_replay_and_keep_glyphs() -> None:
    raw = weave_document(CLEAN, 5)
    done = repair(raw)
    assert done.steps
    for step in done.steps:
        assert replay(step) == step.repaired == done.lines[step.line - 1]
        assert step.raw == raw[step.line - 1]
        assert Counter(bare(step.raw)) == Counter(bare(step.repaired))
        for other in step.alternatives:
            assert Counter(bare(other)) == Counter(bare(step.raw))
            assert other != step.repaired
    touched = {step.line for step in done.steps}
    assert all(line == done.lines[i] for i, line in enumerate(raw) if i + 1 not in touched)


GLYPHS = "全年开展服务工作人员活动管理安全，。、：“”（）《》 12.5%A和的"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(GLYPHS, max_size=24), max_size=5))
def test_any_lines_keep_their_glyphs(lines: list[str]) -> None:
    """Whatever stands in the lines, woven by the rules or not, no character is lost and none moves to another line."""
    raw = [*lines, *weave_document(CLEAN[:3], 1), "，工 作服 展务 开", "。理 管全 安", "、员 人作 工和的"]
    done = repair(raw)
    assert len(done.lines) == len(raw)
    for before, after in zip(raw, done.lines, strict=True):
        assert Counter(bare(before)) == Counter(bare(after))
        assert [bare(token) for token in TOKEN.findall(before)] == [bare(token) for token in TOKEN.findall(after)]


def test_frozen_lines_and_labels_stay() -> None:
    labels = ["宗 旨 和", "业务范围", "情 况", "年初数（万元） 年末数（万元）", "开办资金 1100 万元", "年 月 日"]
    labels += [
        "网上名称 云湖市图书馆 从业人数 59",
        "法定代表人： 公章：",
        "填表人： 张三 联系电话： 0000-12345 报送日期： 年 月 日",
    ]
    woven = weave_document(CLEAN, 2)
    done = repair([*labels, *woven], frozen={len(labels)})
    assert done.lines[: len(labels) + 1] == (*labels, woven[0])
    assert all(is_label(label) for label in labels if not label.startswith("网上"))


def test_blanks_beside_numbers_go() -> None:
    woven = weave_document(CLEAN, 2)
    done = repair([*woven, "服务读者 4.5 万人次，图书 86 , 341 册，接入 API 服务 3 个，使用 iOS 17 系统"])
    assert done.lines[-1] == "服务读者4.5万人次，图书86,341册，接入API服务3个，使用iOS 17系统"


def test_value_behind_a_label_is_repaired() -> None:
    done = repair([*weave_document(CLEAN, 2), "住 所 圳广东省深 市"])
    assert done.lines[-1] == "住 所 广东省深圳市"


@pytest.mark.parametrize("gap", ["\t", "    ", " \u3000"])
def test_columns_are_kept_apart(gap: str) -> None:
    done = repair([*weave_document(CLEAN, 2), f"注册地{gap}圳广东省深 市{gap}从业人数 12"])
    assert done.lines[-1] == f"注册地{gap}广东省深圳市{gap}从业人数 12"


def test_a_line_without_solution_stays_and_is_doubtful() -> None:
    """A blank that nothing can fill breaks the rules: the glyphs keep their order, the line is flagged."""
    woven = weave_document(CLEAN, 2)
    done = repair([*woven, "进 乡"])
    assert done.lines[-1] == "进乡"
    assert len(woven) + 1 in done.doubtful


def test_facts_of_the_real_report(seed: Path) -> None:
    raw = seed.read_text(encoding="utf-8").split("\n")
    done = repair(raw)
    text = bare("".join(done.lines))
    assert done.woven
    assert len(done.lines) == len(raw)
    facts = "315个 66家 26.13亿条 10.67% 1109万次 18.45万家 1.29万单 8030单 9.97万户 5232张 5.4万个 140.15亿条 3.81%"
    facts += " 249.76万次 超1000万次 312万条 2.89万次 60.87万件 99.93% 1249份 145万卷2717万页 99.6万卷1980万页 2819户"
    missing = [fact for fact in facts.split() if fact not in text]
    assert not missing
    for name in ("2024年度无变更事项。", "《深圳信用》", "第三方", "二十届三中全会", "“零事故”", "福田区"):
        assert name in text
    assert 5 <= len(done.doubtful) <= 60


def test_a_name_before_a_subdistrict_is_short() -> None:
    figures: dict[str, float] = {}
    features.address("泊宁市望溪区柳荫子湖街道书院路", figures)
    assert figures == {"long place": 1}
    features.address("泊宁市望溪区柳荫湖街道书院子路", figures)
    assert figures == {"long place": 0}
    other: dict[str, float] = {}
    features.address("走访了全市各个老旧小区所在街道", other)
    assert not other


def test_no_clause_begins_with_a_conjunction() -> None:
    for text, times in (("办理登记。及档案", 1), ("办理登记及档案。", None)):
        figures: dict[str, float] = {}
        features.clauses("", text, "", False, figures)
        assert figures.get("conjunction first") == times
