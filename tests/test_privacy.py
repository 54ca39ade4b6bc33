"""Telephones and form fillers in running text: masked with their length kept, and nothing else is touched."""

from dataclasses import replace
from pathlib import Path

import pytest

from nianbao.mapping import rdf
from nianbao.mapping.privacy import mask
from nianbao.quality import audit
from nianbao.record import Record
from nianbao.report import read_report

NAME, PHONE = "乔书白", "0000-0000101"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("咨询13800000000，谢谢", "咨询×××××××××××，谢谢"),
        ("咨询138 0000 0000。", "咨询××× ×××× ××××。"),
        ("手机：+86-13800000000", "手机：" + "×" * 15),
        ("电话：0000-1234567", "电话：××××××××××××"),
        ("联系电话（0000）1234567转", "联系电话" + "×" * 13 + "转"),
        ("联系人：沈小溪，电话0000-1234567", "联系人：×××，电话××××××××××××"),
        ("（填 表 人：沈小溪）", "（填 表 人：×××）"),
        ("身份证号11010519491231002X，", "身份证号" + "×" * 18 + "，"),
        ("身份证号１１０１０５１９４９１２３１００２x", "身份证号" + "×" * 18),
        ("邮箱zhangsan@qq.com、li.si@vip.163.com", "邮箱××××××××@qq.com、×××××@vip.163.com"),
    ],
)
def test_telephones_and_labelled_names_are_masked(text: str, shown: str) -> None:
    assert len(mask(text)) == len(text)
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "接听电话1234567个",
        "服务电话12345，报警电话110",
        "资金13800000000元",
        "访问量13912345678次",
        "电话费1234567.5元",
        "代码12340000NB13800000",
        "2024年1月1日至2024年12月31日",
        "电话回访率98.5%，电话接通3,456,789次",
        "联系人民群众，填报人数据",
        "证号110105194912310021",  # the check character is wrong
        "证号110105194913310029",  # no date
        "邮箱office@tushuguan.gov.cn",
    ],
)
def test_figures_public_numbers_and_words_stay(text: str) -> None:
    assert mask(text) == text


# --- a whole report: the form's last row in other places and wordings


ROW = f"填表人：{NAME}	联系电话：{PHONE}	报送日期：2025年2月21日"
TWIST = {
    "as it is": lambda text: text,
    "填报人, 电话": lambda text: text.replace(ROW, f"填报人：{NAME} 电话：{PHONE} 报送日期：2025年2月21日"),
    "经办人, 联系方式": lambda text: text.replace(ROW, f"经办人：{NAME} 联系方式：{PHONE}"),
    "no labels": lambda text: text.replace(ROW, f"{NAME} {PHONE}"),
    "values before labels": lambda text: text.replace(ROW, f"{NAME} 填表人 {PHONE} 联系电话"),
    "a character a line": lambda text: text.replace(ROW, f"填\n表\n人\n{NAME}\n联系\n电话\n{PHONE}"),
    "inside the sponsor's opinion": lambda text: text.replace(ROW, "").replace(
        "可以向社会公示。", f"可以向社会公示。填表人：{NAME} 联系电话：{PHONE}"
    ),
    "inside the box of gifts": lambda text: text.replace(ROW, "").replace(
        "使用情况	无", f"使用情况	无 填表人：{NAME} 电话 {PHONE}"
    ),
    "on the cover": lambda text: f"填表人：{NAME} 联系电话：{PHONE}\n" + text.replace(ROW, ""),
    "in the narrative, and as the form has it": lambda text: text.replace(
        "志愿者注册", f"咨询请找{NAME}，{PHONE}。志愿者注册"
    ),
    "beside the address": lambda text: text.replace(ROW, "").replace("网上名称", f"联系电话 {PHONE} 网上名称"),
}


@pytest.mark.parametrize("twist", TWIST)
def test_neither_graph_nor_findings_hold_them(twist: str, root: Path, tmp_path: Path) -> None:
    text = (root / "data/reports/library-2024.txt").read_text("utf-8")
    assert ROW in text
    path = tmp_path / "library-2024.txt"
    path.write_text(TWIST[twist](text), encoding="utf-8")
    quads = list(rdf.quads(read_report(path)))
    published = rdf.serialize(quads, "nquads") + "".join(str(finding.to_json()) for finding in audit.check(quads))
    bare = "".join(published.split())
    assert NAME not in bare
    assert PHONE not in bare
    assert PHONE.replace("-", "") not in bare


def test_the_narrative_keeps_its_length_and_the_legal_representative_a_name(root: Path) -> None:
    case = Record.from_json((root / "tests/cases/museum-2024.json").read_text("utf-8"))
    assert case.activities_section.stated
    said = replace(case.activities_section, stated=case.activities_section.stated + "电话：0000-1234567。")
    both = replace(case, activities_section=said, form_filler=case.legal_representative)
    text = rdf.serialize(rdf.quads(both), "nquads")
    assert "0000-1234567" not in text
    assert f'"{case.legal_representative}"' in text
    assert len(mask(said.stated or "")) == len(said.stated or "")
