"""Pictures of pages, drawn in the limited process, with passages marked."""

import struct
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from generate import docx, hostile, pdf
from nianbao.cli import main
from nianbao.errors import ReadError
from nianbao.reading.picture import page_picture


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("picture") / "report.pdf"
    path.write_bytes(pdf.build(pdf.Style()))
    return path


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and bytes of a PNG picture of red, green and blue without filters, as ours are."""
    width, height = struct.unpack(">II", png[16:24])
    place, data = 8, b""
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + size]
        place += 12 + size
    return width, height, zlib.decompress(data)


def test_a_page_and_a_marked_passage(file: Path) -> None:
    plain, marked = page_picture(file, 2, dpi=72), page_picture(file, 2, dpi=72, marks=[(100, 200, 150, 220)])
    width, height, before = pixels(plain)
    assert (width, height) == (595, 842)
    _, _, after = pixels(marked)
    row = 1 + 3 * width
    differ = [(index % row // 3, index // row) for index in range(len(before)) if before[index] != after[index]]
    assert differ
    assert all(99 <= x <= 151 and 199 <= y <= 221 for x, y in differ)


def test_what_cannot_be_drawn_has_its_reason(file: Path, tmp_path: Path) -> None:
    giant = tmp_path / "giant.pdf"
    giant.write_bytes(hostile.giant_page())
    word = tmp_path / "report.docx"
    word.write_bytes(docx.report())
    for path, number, code in (
        (file, 99, "NB-READ-PAGE-LOST"),
        (giant, 1, "NB-READ-PAGE-SIZE"),
        (word, 1, "NB-READ-KIND"),
        (tmp_path / "none.pdf", 1, "NB-READ-ABSENT"),
    ):
        with pytest.raises(ReadError) as caught:
            page_picture(path, number)
        assert caught.value.code == code
        assert caught.value.where == str(path)


def test_the_command(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.png"
    runner = CliRunner()
    assert runner.invoke(main, ["page", str(file), "2", "--out", str(out), "--mark", "1,2,3,4"]).exit_code == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert runner.invoke(main, ["page", str(file), "--out", str(out), "--mark", "1,2"]).exit_code == 2
    assert runner.invoke(main, ["page", str(file), "99", "--out", str(out)]).exit_code == 1


def test_a_sample(shared: Path) -> None:
    scan = shared / "samples/scan_gray_150dpi_p1.pdf"
    assert page_picture(scan, marks=[(10, 10, 50, 50)]).startswith(b"\x89PNG")
