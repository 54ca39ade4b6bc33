"""Old Word files, RTF and OpenDocument, through LibreOffice; and one clear sentence where it is missing."""

import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from generate import content as c
from generate import docx as made_docx
from generate.golden import checked
from nianbao.errors import ReadError
from nianbao.reading import Limits, office, read_document
from nianbao.report import read_report

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "WordDocument".encode("utf-16-le") + b"\0" * 512


@pytest.fixture(scope="module")
def libreoffice() -> str:
    found = office.program()
    if found is None:
        if "libreoffice" in os.environ.get("NIANBAO_REQUIRE", "").split(","):
            pytest.fail("NIANBAO_REQUIRE names libreoffice, but it is not installed")
        pytest.skip("LibreOffice is not installed")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("form", ["doc", "rtf", "odt"])
def test_the_report_is_read_whole(libreoffice: str, tmp_path: Path, form: str) -> None:
    (tmp_path / "report.docx").write_bytes(made_docx.report())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [libreoffice, "--headless", profile, "--convert-to", form, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "report.docx")], check=True, capture_output=True, timeout=120)
    path = (tmp_path / f"report.{form}").rename(tmp_path / "report.bin")
    record = read_report(path)
    checked(record)
    assert record.source.reader == "docx"
    assert "wordprocessingml" not in record.source.media_type  # it says what the file is, not what it became


@pytest.mark.slow
def test_junk_is_not_taken_for_text(libreoffice: str, tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    path.write_bytes(OLE)
    with pytest.raises(ReadError, match="NB-READ-DAMAGED"):
        read_document(path)


@pytest.mark.slow
def test_it_may_not_take_for_ever(libreoffice: str, tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(b"{\\rtf1 " + b"{\\b x}" * 1_000_000 + b"}")
    with pytest.raises(ReadError, match="NB-READ-TIMEOUT"):
        read_document(path, limits=Limits(office=1))


def test_without_libreoffice_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "program", lambda: None)
    path = tmp_path / "a.doc"
    path.write_bytes(OLE)
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == "NB-READ-OFFICE"
    assert "LibreOffice" in caught.value.reason


SPACE = "urn:oasis:names:tc:opendocument:xmlns"
FLAT = (
    f'<?xml version="1.0"?>{{}}<office:document xmlns:office="{SPACE}:office:1.0" xmlns:text="{SPACE}:text:1.0" '
    'office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>{}'
    "</office:text></office:body></office:document>"
)


def _open_document(content: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", content)
    return out.getvalue()


ENTITY = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
WORD_2003 = '<w:d xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">&x;</w:d>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (f'<?xml version="1.0"?>{ENTITY}{WORD_2003}'.encode(), "NB-READ-ENTITIES"),
        (f'<?xml version="1.0" encoding="UTF-16"?>{ENTITY}{WORD_2003}'.encode("utf-16"), "NB-READ-ENTITIES"),
        (FLAT.format(ENTITY, "&x;").encode(), "NB-READ-ENTITIES"),
        (_open_document(FLAT.format(ENTITY, "&x;")), "NB-READ-ENTITIES"),
        (_open_document(" " * 120_000_000), "NB-READ-ARCHIVE"),
    ],
)
def test_what_libreoffice_should_not_see_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, code: str
) -> None:
    monkeypatch.setattr(office, "program", lambda: "/bin/false")
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == code


@pytest.mark.slow
def test_a_flat_file_is_read_and_nothing_it_links_to(libreoffice: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    link = f'<text:section-source xlink:href="{(tmp_path / "secret.txt").as_uri()}" text:filter-name="Text"/>'
    linked = f'<text:section xmlns:xlink="http://www.w3.org/1999/xlink" text:name="s">{link}</text:section>'
    path = tmp_path / "a.bin"
    path.write_text(FLAT.format("", "".join(f"<text:p>{line}</text:p>" for line in c.text().splitlines()) + linked))
    record = read_report(path)
    checked(record)
    assert "secret" not in record.text
