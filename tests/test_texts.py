"""Further training texts: what is taken from pages, what is left out."""

from nianbao.repair.texts import chosen, of_page, stretches

LONG = "本馆全年开展阅读推广活动四十场，服务读者五万人次，比上年有所增长，受到读者普遍欢迎和好评。"


def test_paragraphs_of_a_page() -> None:
    page = "<p><strong>央视网消息</strong>（新闻联播）：全市&nbsp;图书馆　开放。</p><p>新增阅览座位。</p>"
    assert [text for text in of_page(page) if text] == ["全市图书馆开放。", "新增阅览座位。"]


def test_each_paragraph_is_taken_once_and_only_prose() -> None:
    texts = [LONG, LONG, "2024-01-02 12:30", "责任编辑：某某某某某某某某", "English words only, no Chinese"]
    assert list(chosen(texts, set(), set())) == [LONG]


def test_texts_held_out_are_left_out() -> None:
    held = set(stretches(LONG))
    other = "全县新建公共图书馆三座，改造乡镇文化站十二个，农家书屋实现行政村全覆盖，群众看书更方便。"
    assert list(chosen([f"据介绍，{LONG}", other], set(), held)) == [other]
