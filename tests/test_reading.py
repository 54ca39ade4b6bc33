"""Reading files: encodings and line ends are read right; kinds are known; what is not read gets a clear error."""

import io
import json
import os
import pty
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from generate import content as c
from generate import hostile
from nianbao.errors import ReadError
from nianbao.reading import Limits, read_document
from nianbao.reading.sniff import recognise
from nianbao.reading.text import split_lines

TEXT = "单位名称\n云泽市图书馆（云泽市少儿图书馆）\n法定代表人 江一帆\n开办资金 100 万元，增长12.5%。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), None),
        (b"\xef\xbb\xbf" + TEXT.encode(), None),
        (TEXT.encode("utf-16"), "UTF-16-LE"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16-BE"),
        (TEXT.encode("utf-16-le"), "UTF-16-LE"),
        (TEXT.encode("utf-32"), "UTF-32-LE"),
        (TEXT.encode("utf-32-be"), "UTF-32-BE"),
        (TEXT.encode("gbk"), "GB18030"),
        (TEXT.encode("gb18030"), "GB18030"),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, encoding: str | None) -> None:
    path = tmp_path / "report.bin"  # the suffix says nothing
    path.write_bytes(data)
    document = read_document(path)
    assert document.text == TEXT
    assert document.lines == tuple(TEXT.split("\n")[:-1])
    assert [issue.code for issue in document.issues] == (["NB-READ-ENCODING"] if encoding else [])
    if encoding:
        assert encoding in document.issues[0].message


@pytest.mark.parametrize(
    ("text", "lines", "pages"),
    [
        ("甲\r\n乙\r\n", ("甲", "乙"), None),
        ("甲\r乙", ("甲", "乙"), None),
        ("甲\n\n乙\n", ("甲", "", "乙"), None),
        ("甲\n\f乙\n\f", ("甲", "乙"), 2),
        ("甲\f乙\f丙", ("甲", "乙", "丙"), 3),
    ],
)
def test_line_ends_and_pages(tmp_path: Path, text: str, lines: tuple[str, ...], pages: int | None) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    document = read_document(path)
    assert document.lines == lines
    assert document.pages == pages


def test_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc")
    assert read_document(path).sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


PNG, JPEG, OLE = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\0\x10JFIF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x" if not name.endswith("mimetype") else "application/vnd.oasis.opendocument.text")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reader", "words"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf", "PDF"),
        (b"junk\n%PDF-1.4", "pdf", "PDF"),
        (zipped("[Content_Types].xml", "word/document.xml"), "docx", "Word"),
        (zipped("[Content_Types].xml", "word/document.xml")[:95], "docx", "Word"),  # cut off
        (zipped("OFD.xml", "Doc_0/Document.xml"), "ofd", "OFD"),
        (zipped("xl/workbook.xml"), "", "Excel"),
        (zipped("mimetype", "content.xml"), "office", "OpenDocument"),
        (zipped("a.txt"), "archive", "ZIP"),
        (zipped("a/word/document.xml"), "archive", "ZIP"),  # a file in a folder of that name is no part
        (zipped("a.docx").replace(b"x", zipped("word/document.xml")), "archive", "ZIP"),  # a Word file in an archive
        (OLE + b"\0" * 99 + "WordDocument".encode("utf-16-le"), "office", "Word"),
        (OLE + b"\0" * 99 + "Workbook".encode("utf-16-le"), "", "Office"),
        (b"<!DOCTYPE html><html><body>x", "html", "HTML"),
        ("<html><head><meta charset=gbk>年度报告".encode("gbk"), "html", "HTML"),
        ("<html><body>年度报告".encode("utf-16"), "html", "HTML"),
        (b"<?xml version='1.0'?><a/>", "", "XML"),
        (b"MIME-Version: 1.0\r\n", "html", "web archive"),
        (PNG, "ocr", "PNG"),
        (JPEG, "ocr", "JPEG"),
        (b"II*\0\x08\0\0\0", "ocr", "TIFF"),
        (b"GIF89a", "", "GIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "", "HEIF"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "", "WebP"),
        (b"a.txt" + bytes(252) + b"ustar\x0000", "", "tar"),
        (b'<?xml version="1.0"?><p xmlns="http://schemas.microsoft.com/office/2006/xmlPackage"/>', "", "Word"),
        (b"From: x\r\nMIME-Version: 1.0\r\n\r\n<html>", "html", "web archive"),
        (b"\x1f\x8b\x08\0", "", "gzip"),
        (b"{\\rtf1 abc}", "office", "RTF"),
        (b"MZ is no program", "text", "text"),
        ("单位名称".encode(), "text", "text"),
    ],
)
def test_a_file_is_known_by_its_bytes(data: bytes, reader: str, words: str) -> None:
    kind = recognise(data)
    assert kind.reader == reader
    assert words in kind.name


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "NB-READ-EMPTY", "empty"),
        (b" \n\t\r\n", "NB-READ-EMPTY", "blanks"),
        ("\ufeff\n\u3000\u3000\n".encode(), "NB-READ-EMPTY", "blanks"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "NB-READ-DAMAGED", "damaged"),
        (b"PK\x03\x04\x14\0\0\0a.txt", "NB-READ-DAMAGED", "damaged"),
        (zipped("OFD.xml"), "NB-READ-DAMAGED", "OFD"),
        (zipped("xl/workbook.xml"), "NB-READ-KIND", "Excel"),
        (OLE + b"\0" * 9, "NB-READ-KIND", "Office"),
        (b"<?xml version='1.0'?><a/>", "NB-READ-KIND", "XML"),
        (b"\x1f\x8b\x08\0", "NB-READ-KIND", "gzip"),
        (b"a\0b\0\0\1\2\3", "NB-READ-BINARY", "binary"),
        (bytes(range(256)), "NB-READ-BINARY", "binary"),
        ("單位名稱：雲澤市圖書館".encode("big5"), "NB-READ-DECODE", "UTF-8"),
        ("Ünïcödé".encode("latin-1"), "NB-READ-DECODE", "UTF-8"),
        (b"\xff\xfe\x00\xd8\x41\x00", "NB-READ-DECODE", "UTF-16"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, data: bytes, code: str, words: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == code
    assert words in caught.value.reason
    assert caught.value.remedy
    assert caught.value.where == str(path)
    assert "\n" not in str(caught.value)


def test_line_ends_of_unicode_count_and_controls_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\x1b[31m单位\x1b[0m名称\u2028住所\x0b开办\x1f资金\x85从业人数\u2029", encoding="utf-8")
    assert read_document(path).lines == ("单位名称", "住所", "开办资金", "从业人数")


def test_a_broken_byte_in_gb18030_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("单位名称\n住所".encode("gbk") + b"\xff" + "开办资金".encode("gbk"))
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.place == "byte 13, line 2"
    assert "GB18030" in caught.value.reason


def test_place_of_a_broken_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("甲乙\nabc".encode() + b"\x80\xff\n")
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.place == "byte 10, line 2"


def test_letters_that_begin_like_an_image(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("BM25 检索\n", encoding="utf-8")
    assert read_document(path).lines == ("BM25 检索",)


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("报" * 100, encoding="utf-8")
    assert read_document(path, limits=Limits(file=300, characters=100)).text == "报" * 100
    with pytest.raises(ReadError, match="more than 299 bytes.*NB-READ-SIZE"):
        read_document(path, limits=Limits(file=299))
    with pytest.raises(ReadError, match="more than 99 characters.*NB-READ-SIZE"):
        read_document(path, limits=Limits(characters=99))


def test_limits_are_settings() -> None:
    assert Limits().changed(["pages=500", "memory=2G", "ocr-pages=3"]) == Limits(
        pages=500, memory=2_000_000_000, ocr_pages=3
    )
    assert Limits().changed({"cpu": 5}) == Limits(cpu=5)
    for wrong in ("pages", "pages=0", "pages=-1", "sheets=3", "pages=1.5"):
        with pytest.raises(ReadError, match="NB-READ-LIMIT"):
            Limits().changed([wrong])


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="NB-READ-ABSENT"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(ReadError, match="NB-READ-EMPTY"):
        read_document(tmp_path)  # an empty folder
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ReadError, match="NB-READ-FILE"):
        read_document(pipe)  # and does not wait for a writer
    with pytest.raises(ReadError, match="NB-READ-FILE"):
        read_document("a\0b")


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything, so the refusal is made here
    with pytest.raises(ReadError, match="NB-READ-PERMISSION"):
        read_document(path)


def test_radicals_of_lines_are_characters() -> None:
    assert split_lines("法定代表⼈\n开办资⾦⻓") == (("法定代表人", "开办资金长"), None)


def test_records_come_as_files_are_done_and_a_terminal_sees_progress(tmp_path: Path, root: Path) -> None:
    (tmp_path / "a.txt").write_text(c.text(), encoding="utf-8")
    (tmp_path / "slow.pdf").write_bytes(hostile.operators())
    ours, terminal = pty.openpty()
    command = [sys.executable, "-m", "nianbao", "read", "--json", "--limit", "cpu=3", "a.txt", "slow.pdf", "a.txt"]
    environment = {"PYTHONPATH": str(root / "src"), "PATH": os.defpath, "TERM": "xterm", "HOME": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=terminal, text=True
    ) as process:
        os.close(terminal)
        assert process.stdout
        first = process.stdout.readline()
        assert process.poll() is None  # the second file is still being read
        rest = process.stdout.read()
    assert json.loads(first) == json.loads(rest)
    assert process.returncode == 1
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    assert "2/3 slow.pdf" in shown
    assert "slow.pdf: reading it took longer" in shown
