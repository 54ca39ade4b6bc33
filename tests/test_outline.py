"""The outline of narratives in every style of mark."""

import pytest

from nianbao.narrative.outline import outline

BODY = "全年开展了各项工作，取得了较好的成效。"


def tree(text: str) -> list[tuple[str, str | None]]:
    return [(a.number, a.heading) for a in outline(text)]


def test_chapters_with_items() -> None:
    text = f"一、抓服务，促提升。\n一是窗口便民。{BODY}\n二是上门服务。{BODY}"
    text += f"二、抓队伍\n（一）学习：{BODY}\n（二）培训；{BODY}\n1.新员工。{BODY}"
    assert tree(text) == [
        ("1", "抓服务，促提升"),
        ("1.1", "窗口便民"),
        ("1.2", "上门服务"),
        ("2", "抓队伍"),
        ("2.1", "学习"),
        ("2.2", "培训"),
        ("2.2.1", "新员工"),
    ]
    first, second = outline(text)[0], outline(text)[1]
    assert text[first.start : first.end].endswith(BODY), "a chapter spans its items"
    assert text[second.start : second.end] == f"一是窗口便民。{BODY}"


@pytest.mark.parametrize(
    "marks",
    [
        ("1.", "2.", "3."),
        ("1、", "2、", "3、"),
        ("（1）", "（2）", "（3）"),
        ("(一)", "(二)", "(三)"),
        ("①", "②", "③"),
        ("一是", "二是", "三是"),
    ],
)
def test_one_level(marks: tuple[str, ...]) -> None:
    text = "\n".join(f"{mark}服务读者。{BODY}" for mark in marks)
    assert tree(text) == [(str(i), "服务读者") for i in (1, 2, 3)]


@pytest.mark.parametrize(
    ("marks", "close"),
    [
        (("首先，", "其次，", "最后，"), "。"),
        (("第一，", "第二，", "第三，"), "。"),
        (("■", "■", "■"), "："),
        (("——", "——", "——"), "。"),
        (("【", "【", "【"), "】"),
    ],
)
def test_marks_without_numbers(marks: tuple[str, ...], close: str) -> None:
    text = "\n".join(f"{mark}服务读者{close}{BODY}" for mark in marks)
    assert tree(text) == [(str(i), "服务读者") for i in (1, 2, 3)]


def test_heading_lines_without_marks() -> None:
    text = "\n".join(f"{name}\n{BODY}" for name in ("服务读者", "保护文物", "建设队伍"))
    assert tree(text) == [("1", "服务读者"), ("2", "保护文物"), ("3", "建设队伍")]


def test_no_marks_is_one_item_over_the_whole_text() -> None:
    text = f"\n{BODY}首先要看到问题。{BODY}\n"
    (only,) = outline(text)
    assert (only.number, only.heading, text[only.start : only.end]) == ("1", None, text.strip())


def test_empty_text_has_no_items() -> None:
    assert outline("  \n ") == ()


def test_inline_lists_open_nothing() -> None:
    text = f"一、规范管理。主要做法：一是立规矩；二是明责任；三是严考核。{BODY}"
    assert tree(text) == [("1", "规范管理")]


def test_numbers_in_sentences_open_nothing() -> None:
    text = f"一、概况。投资3.5亿元。2、3月份完成。第一，重视。{BODY}\n二、保障。{BODY}"
    assert [number for number, _ in tree(text)] == ["1", "2"]


def test_excerpt_keeps_printed_numbers() -> None:
    assert tree(f"二、保障有力。{BODY}\n三、安全。{BODY}") == [("2", "保障有力"), ("3", "安全")]


def test_mark_before_a_date() -> None:
    assert tree(f"1.2024年3月，召开大会。{BODY}\n2.4月，开馆。{BODY}")[0] == ("1", "2024年3月，召开大会")


def test_wrapped_lines_do_not_cut_a_heading() -> None:
    lines = [
        "一、以服务群众为中心，深入推进公共文化服务体系建设",
        "再上新台阶。全年开放三百天，接待读者很多，群众满意度",
        "持续提升，馆舍环境焕然一新，各项工作都有新的进展和",
        "成效。二、以队伍建设为抓手，不断提高服务水平。全年培",
    ]
    assert tree("\n".join(lines))[0] == ("1", "以服务群众为中心，深入推进公共文化服务体系建设再上新台阶")


def test_spaces_round_digits_do_not_cut_a_heading() -> None:
    text = "一、完成 2024 年任务 12 项。全年 5 次，共 8 人，计 9 天。\n二、其他。无。"
    assert tree(text)[0] == ("1", "完成2024年任务12项")


def test_offsets_count_in_the_whole_text() -> None:
    text = f"前言。\n一、服务。{BODY}后记"
    items = outline(text, 4, len(text) - 2)
    assert text[items[0].start : items[0].end] == f"一、服务。{BODY}"


def test_seed_has_five_headings_and_items_under_them(seed: object) -> None:
    """The outline of the real report, headings as facts: five chapters."""
    from nianbao.report import read_report

    numbers = [a.number for a in read_report(str(seed)).activities]
    assert [n for n in numbers if "." not in n] == ["1", "2", "3", "4", "5"]
    assert len(numbers) == 26
