"""Reports as other programs write them: the record is that of the plain text, field by field, blanks aside.

The reports of data/reports are laid out as the official form, printed by a browser, converted by LibreOffice, put on a
site's page, turned on their side, and typed with page numbers.
"""

import io
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from generate import official
from nianbao.errors import ReadError
from nianbao.reading import office, read_document
from nianbao.record import Record
from nianbao.report import read_report

REPORTS = Path(__file__).resolve().parents[1] / "data/reports"
NAMES = ("culture-2023", "hospital-2024", "museum-2024", "town-station-2024", "clinic-2024")


@cache
def truth(name: str) -> Record:
    """The record of the plain text."""
    return read_report(REPORTS / f"{name}.txt")


def text(name: str) -> str:
    return (REPORTS / f"{name}.txt").read_text("utf-8")


def differences(name: str, path: Path) -> list[str]:
    """The fields in which a file's record is not that of the text."""
    one, other = (bare(official.told(record)) for record in (truth(name), read_report(path)))
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    return [f"{key}: {one[key]} != {other[key]}" for key in one if one[key] != other[key]]


def bare(value: object) -> object:
    """JSON without blanks in its words and without the scores of what was read."""
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items() if key != "confidence"}
    if isinstance(value, list):
        return [bare(item) for item in value]
    return value.replace(" ", "") if isinstance(value, str) else value


def needed(program: str, found: str | None) -> str:
    if found is None:
        if program in os.environ.get("NIANBAO_REQUIRE", "").split(","):
            pytest.fail(f"NIANBAO_REQUIRE names {program}, but it is not installed")
        pytest.skip(f"{program} is not installed")
    return found


# ---------------------------------------------------------------- web pages

SITE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>公示</title>
<style>.x, p#y {{ display: none }} @media print {{ table {{ display: none }} }}</style></head><body>
<div><a href="/">首页</a><ul><li><a href="/b">单位名称目录</a></li><li>年度报告</li></ul><input value="请输入"></div>
<p class="a x">从业人数 999</p><p id="y">开办资金 7万元</p><div class="x">{hidden}</div>
<table><tr><td>&nbsp;</td><td><table><tr><td>{body}</td></tr></table></td></tr></table>
<p>上一篇：<a href="/1">某中学2024年度报告</a></p><p>主办：某县人民政府　备案号：00000000</p></body></html>"""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("label", ["plain", "stacked", "turned", "spaced"])
def test_the_form_as_a_web_page(name: str, label: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(official.page(truth(name), label=label), "utf-8")
    assert differences(name, path) == []


@pytest.mark.parametrize("name", NAMES)
def test_on_the_page_of_a_site_with_hidden_words(name: str, tmp_path: Path) -> None:
    record, path = truth(name), tmp_path / "report.html"
    body = official.cover(record) + official.table(record) + f"<p>{official.foot(record)}</p>"
    path.write_bytes(SITE.format(body=body, hidden="").encode("gb18030"))
    assert differences(name, path) == []


def test_what_holds_the_form_is_not_hidden_by_a_style_sheet(tmp_path: Path) -> None:
    record, path = truth("clinic-2024"), tmp_path / "report.html"
    body = official.cover(record) + official.table(record) + f"<p>{official.foot(record)}</p>"
    path.write_bytes(SITE.format(body="", hidden=body).encode("gb18030"))  # a tab that a script shows
    assert differences("clinic-2024", path) == []


def test_what_stands_behind_the_end_of_the_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(official.page(truth("clinic-2024")).replace("<table>", "</body></html><table>"), "utf-8")
    assert differences("clinic-2024", path) == []


@pytest.mark.parametrize("name", NAMES)
def test_characters_as_entities(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    page = re.sub(r"[\u4e00-\u9fff]", lambda found: f"&#x{ord(found[0]):X};", official.page(truth(name)))
    path.write_text(page, "ascii", "xmlcharrefreplace")
    assert differences(name, path) == []


# ---------------------------------------------------------------- text


def paged(whole: str, number: str, head: str = "", every: int = 24) -> str:
    """A text cut into pages, with page numbers and perhaps a running head."""
    lines, out = whole.split("\n"), []
    for page, start in enumerate(range(0, len(lines), every), 1):
        out += [head] * bool(head) + lines[start : start + every] + [number.format(page)]
    return "\n".join(out)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("number", "head"),
    [("— {} —", ""), ("{}\f", ""), ("第 {} 页 共 9 页", "事业单位法人年度报告公示系统"), ("{}/9\f", "某县登记管理局")],
    ids=["dashes", "form-feed", "head", "both"],
)
def test_page_numbers_and_heads_are_no_text(name: str, number: str, head: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(paged(text(name), number, head), "utf-8")
    assert differences(name, path) == []


def test_numbers_that_do_not_count_on_are_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("年度报告\n3/7\n内容\n-12-\n内容\n1/2\n", "utf-8")
    assert read_document(path).lines == ("年度报告", "3/7", "内容", "-12-", "内容", "1/2")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["crlf", "cr", "utf-16", "gb18030", "nbsp"])
def test_line_ends_encodings_and_blanks(name: str, how: str, tmp_path: Path) -> None:
    path, whole = tmp_path / "report.txt", text(name)
    data = {
        "crlf": whole.replace("\n", "\r\n").encode(),
        "cr": whole.replace("\n", "\r").encode(),
        "utf-16": whole.encode("utf-16"),
        "gb18030": whole.encode("gb18030"),
        "nbsp": whole.replace(" ", "\xa0").encode(),
    }
    path.write_bytes(data[how])
    assert differences(name, path) == []


@pytest.mark.parametrize("kind", ["txt", "html"])
def test_two_reports_in_one_file_are_refused(kind: str, tmp_path: Path) -> None:
    path, names = tmp_path / f"a.{kind}", ("clinic-2024", "museum-2024")
    pages = [text(name) if kind == "txt" else official.page(truth(name)) for name in names]
    path.write_text("\n".join(pages), "utf-8")
    with pytest.raises(ReadError, match=r"NB-READ-SEVERAL"):
        read_document(path)


# ---------------------------------------------------------------- a browser's PDF

PRINTS = {
    "plain": ("", "plain"),
    "thick": ("td{border:3px solid #000}", "turned"),
    "thin": ("td{border:.3px solid #888}", "stacked"),
    "double": ("td{border:3px double #000}", "plain"),
    "apart": ("table{border-collapse:separate;border-spacing:3px}", "spaced"),
    "justified": ("td{vertical-align:middle;text-align:justify;letter-spacing:.5px}", "plain"),
    "large": ("body{font-size:17pt}", "turned"),
    "small": ("@page{size:A5;margin:8mm}body{font-size:10pt}", "spaced"),
    "across": ("@page{size:A4 landscape}", "stacked"),
    "shaded": ('body{font-family:"Noto Sans CJK SC"}.g,.l{background:#dde;font-weight:bold}', "plain"),
}


@pytest.fixture(scope="module")
def browser() -> str:
    return needed("chromium", shutil.which("chromium"))


def printed(browser: str, page: str, folder: Path, *, header: bool = False) -> Path:
    """A web page as a browser prints it."""
    source, target = folder / "report.html", folder / "report.pdf"
    source.write_text(page, "utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
    command += [] if header else ["--no-pdf-header-footer"]
    subprocess.run([*command, f"--print-to-pdf={target}", str(source)], check=True, capture_output=True, timeout=60)
    return target


@pytest.mark.slow
@pytest.mark.parametrize("style", PRINTS)
def test_printed_by_a_browser(browser: str, style: str, tmp_path: Path) -> None:
    css, label = PRINTS[style]
    for number, name in enumerate(NAMES[len(style) % 2 :: 2]):
        folder = tmp_path / name
        folder.mkdir()
        page = official.page(truth(name), css, label=label, split=number == 1, newpage=number != 1)
        assert differences(name, printed(browser, page, folder, header=number == 0)) == []


@pytest.mark.slow
def test_pages_turned_cropped_and_several_reports(browser: str, tmp_path: Path) -> None:
    name = "clinic-2024"
    whole = printed(browser, official.page(truth(name)), tmp_path).read_bytes()
    path = tmp_path / "changed.pdf"
    for turns in (90, 180, 270):
        with pikepdf.open(io.BytesIO(whole)) as file:
            for page in file.pages:
                page.rotate(turns, relative=True)
            file.save(path)
        assert differences(name, path) == [], turns
        record = read_report(path)
        assert record.source.pages == len(pikepdf.open(path).pages)
        assert record.places
    with pikepdf.open(io.BytesIO(whole)) as file:
        for page in file.pages:
            x0, y0, x1, y1 = (float(edge) for edge in page.mediabox)
            page.mediabox, page.cropbox = [x0 - 99, y0 - 50, x1 + 200, y1 + 70], [x0, y0, x1, y1]
        file.save(path)
    assert differences(name, path) == []
    (tmp_path / "other").mkdir()
    other = printed(browser, official.page(truth("museum-2024")), tmp_path / "other")
    with pikepdf.open(io.BytesIO(whole)) as file, pikepdf.open(other) as more:
        file.pages.extend(more.pages)
        file.save(path)
    with pytest.raises(ReadError, match="NB-READ-SEVERAL"):
        read_report(path)


# ---------------------------------------------------------------- LibreOffice


@pytest.mark.slow
def test_converted_by_libreoffice(tmp_path: Path) -> None:
    program = needed("libreoffice", office.program())
    labels = {"culture-2023": "plain", "hospital-2024": "stacked", "clinic-2024": "spaced"}

    def convert(names: list[Path], form: str, *options: str) -> None:
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [program, "--headless", profile, *options, "--convert-to", form, "--outdir", str(tmp_path)]
        subprocess.run([*command, *map(str, names)], check=True, capture_output=True, timeout=180)

    for name, label in labels.items():
        # It takes borders from the attribute, not from a style sheet.
        page = official.page(truth(name), label=label).replace("<table>", '<table border="1" width="100%">')
        (tmp_path / f"{name}.html").write_text(page.replace("border:1px solid #000;", ""), "utf-8")
    convert([tmp_path / f"{name}.html" for name in labels], "odt:writer8", "--infilter=HTML (StarWriter)")
    for form in ("docx", "doc", "rtf", "pdf"):
        convert([tmp_path / f"{name}.odt" for name in labels], form)
    for form in ("docx", "pdf"):
        for name in labels:
            assert differences(name, tmp_path / f"{name}.{form}") == [], form
    for form in ("odt", "doc", "rtf"):
        assert differences("hospital-2024", tmp_path / f"hospital-2024.{form}") == [], form
