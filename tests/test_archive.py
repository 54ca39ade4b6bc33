"""Archives and folders: checked before they are opened; a report with its attachments is one filing."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from generate import content as c
from generate import docx as made_docx
from generate import hostile
from generate import html as made_html
from generate.golden import checked
from nianbao.build import build
from nianbao.errors import ReadError
from nianbao.reading import Limits, archive, filing, read_document
from nianbao.reading.limits import DEFAULT
from nianbao.record import Record
from nianbao.report import read_report
from nianbao.storage.store import open_store

OTHER = c.text().replace(c.NAME, "砚湖县水文站").replace(str(c.STAFF), "31")
LETTER = "关于报送年度报告书的函\n现将我单位年度报告书报送贵局。\n".encode()


def packed(files: dict[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as file:  # type: ignore[arg-type]
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def code(data: bytes, tmp_path: Path, limits: Limits = DEFAULT) -> str:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_document(path, limits=limits)
    assert caught.value.where == str(path)
    return caught.value.code


def test_a_report_in_an_archive_with_its_attachments(tmp_path: Path) -> None:
    path = tmp_path / "filing.zip"
    report = made_docx.report()
    path.write_bytes(
        packed(
            {"附件/函.txt": LETTER, "附件/表.xlsx": packed({"xl/workbook.xml": b"x"}), "报告.docx": report, ".x": b"x"}
        )
    )
    record = read_report(path)
    checked(record)
    (issue,) = [issue for issue in record.issues if issue.code == "NB-READ-ATTACHMENT"]
    assert "报告.docx" in issue.message
    assert "函.txt" in issue.message
    assert "表.xlsx (not read" in issue.message
    assert record.source.path == str(path)


def test_a_report_in_two_forms_is_one_report(tmp_path: Path) -> None:
    data = packed(
        {"a.html": made_html.page(made_html.table()), "b.docx": made_docx.report(), "c.txt": c.text().encode()}
    )
    path = tmp_path / "filing.zip"
    path.write_bytes(data)
    record = read_report(path)
    assert record.source.reader == "docx"
    assert "the same report in another form" in record.issues[0].message


def test_a_folder_is_read_as_one_filing(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/report.txt").write_text(c.text(), encoding="utf-8")
    (tmp_path / "letter.txt").write_bytes(LETTER)
    (tmp_path / "notes.md").write_text("x", encoding="utf-8")
    record: Record = read_report(tmp_path)
    checked(record)
    assert "letter.txt" in record.issues[0].message
    assert "notes.md" not in record.issues[0].message


def test_several_reports_are_not_one_filing(tmp_path: Path) -> None:
    data = packed({"a.txt": c.text().encode(), "b.txt": OTHER.encode()})
    assert code(packed({"a.txt": LETTER}), tmp_path) == "NB-FORM-NOT-A-REPORT"
    assert code(data, tmp_path) == "NB-READ-SEVERAL"
    assert code(packed({f"{n}.txt": b"x" for n in range(101)}), tmp_path) == "NB-READ-SEVERAL"
    assert not filing.same(c.text(), "从业人数 31 开办资金 77万元")


def test_bombs_and_nests_are_refused(tmp_path: Path) -> None:
    assert code(hostile.zip_bomb(), tmp_path) == "NB-READ-ARCHIVE"
    assert code(hostile.zip_that_lies(), tmp_path) in ("NB-READ-ARCHIVE", "NB-READ-DAMAGED")
    assert code(packed({"inner.zip": packed({"a.txt": c.text().encode()})}), tmp_path) == "NB-FORM-NOT-A-REPORT"
    assert code(packed({f"{n}": b"" for n in range(2001)}), tmp_path) == "NB-READ-ARCHIVE"
    assert code(packed({"a.txt": b"x" * 900}), tmp_path, Limits(unzipped=800)) == "NB-READ-ARCHIVE"
    assert code(packed({"a.txt": b"x"}, compression=zipfile.ZIP_LZMA), tmp_path) == "NB-READ-ARCHIVE"
    assert code(packed({"a.txt": b"x" * 99})[:-30], tmp_path) == "NB-READ-DAMAGED"


def test_names_in_chinese_encodings() -> None:
    data = packed({"abcd.txt": b"x"}).replace(b"abcd.txt", "报告".encode("gbk") + b".txt")
    (member,) = archive.read(data, DEFAULT)
    assert member.name == "报告.txt"


def altered(data: bytes, name: str, local: int, listed: int, value: int) -> bytes:
    """An archive in which a number (two bytes) of a member is another one, in both of its places."""
    out = bytearray(data)
    for mark, head, place in ((b"PK\x03\x04", 30, local), (b"PK\x01\x02", 46, listed)):
        at = out.find(name.encode())
        while not out.startswith(mark, at - head):
            at = out.find(name.encode(), at + 1)
        out[at - head + place : at - head + place + 2] = value.to_bytes(2, "little")
    return bytes(out)


def faulty(name: str) -> dict[str, bytes]:
    """An archive in which a file cannot be unpacked: it has a password, is packed oddly, or is damaged."""
    data = packed({"report.txt": c.text().encode(), "letter.txt": LETTER})
    return {
        "NB-READ-ENCRYPTED": altered(data, name, 6, 8, 1),
        "NB-READ-ARCHIVE": altered(data, name, 8, 10, 12),
        "NB-READ-DAMAGED": altered(data, name, 14, 16, 4711),
    }


@pytest.mark.parametrize("reason", faulty("letter.txt"))
def test_an_attachment_that_cannot_be_unpacked_costs_only_itself(tmp_path: Path, reason: str) -> None:
    path = tmp_path / "filing.zip"
    path.write_bytes(faulty("letter.txt")[reason])
    record = read_report(path)
    checked(record)
    (issue,) = record.issues
    assert "letter.txt (not read" in issue.message
    assert reason in issue.message
    assert code(faulty("report.txt")[reason], tmp_path) == reason


def test_a_filing_of_harmful_files_ends_soon() -> None:
    asked: list[str] = []

    def reader(name: str, ocr: bool) -> tuple[str, str]:
        asked.append(name)
        raise ReadError("x", remedy="y", code="NB-READ-TIMEOUT" if name.startswith("bad") else "NB-READ-DAMAGED")

    found = filing.read_all([(name, name) for name in ("a", "bad1", "bad2", "b", "bad3", "bad4", "c")], reader)
    assert asked == ["a", "bad1", "bad2", "b", "bad3"]  # and none of them again with OCR
    assert "not looked at" in found[5].reason
    assert "not looked at" in found[6].reason


def test_names_that_lead_elsewhere_are_only_names(tmp_path: Path) -> None:
    names = ("../../up.txt", "/etc/abs.txt", "C:\\x.txt", "dir\\sub\\b.txt", "a\n\x1b[31mb.txt", "年" * 20_000 + ".txt")
    for name in names:
        path = tmp_path / "filing.zip"
        path.write_bytes(packed({name: c.text().encode(), "letter.txt": LETTER}))
        record = read_report(path)
        checked(record)
        assert record.issues[0].message.isprintable()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["filing.zip"]


def test_what_systems_put_beside_files_is_left_out(tmp_path: Path) -> None:
    noise = dict.fromkeys(
        ("__MACOSX/._a.txt", ".DS_Store", "Thumbs.db", "desktop.ini", "~$a.docx"), b"\x00\x05\x16\x07x"
    )
    path = tmp_path / "filing.zip"
    path.write_bytes(packed({"a.txt": c.text().encode(), **noise}))
    assert read_report(path).issues == ()
    for name, data in (("a.txt", c.text().encode()), ("~$a.docx", b"x"), ("Thumbs.db", b"x")):
        (tmp_path / name).write_bytes(data)
    path.unlink()
    assert read_report(tmp_path).issues == ()


def test_members_that_overlap_or_share_a_name_are_refused(tmp_path: Path) -> None:
    assert code(hostile.zip_overlapping(), tmp_path) == "NB-READ-ARCHIVE"
    out = io.BytesIO(packed({"a.txt": c.text().encode()}))
    with zipfile.ZipFile(out, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("a.txt", OTHER)
    assert code(out.getvalue(), tmp_path) == "NB-READ-ARCHIVE"


# ---------------------------------------------------------------- build


def test_a_build_takes_a_folder_with_one_report_as_one_filing(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    for name, text in (("one", c.text()), ("two", OTHER)):
        (folder / name).mkdir(parents=True)
        (folder / name / "report.txt").write_text(text, encoding="utf-8")
    (folder / "one/letter.txt").write_bytes(LETTER)
    (folder / "one/scan.gif").write_bytes(b"GIF89a")
    (folder / "one/record.json").write_text("{}")
    (folder / "one/.hidden").write_text("{}")
    (folder / "two/empty.txt").write_text("")
    store = open_store(str(tmp_path / "store"))
    said: list[str] = []
    summary = build([folder], store, jobs=1, say=said.append)
    assert (summary.read, summary.attachments) == (2, 2)
    assert summary.failed == ["reports/two/empty.txt"]  # what cannot be read may be anything
    assert "附件 attachments 2" in summary.text()
    told = "\n".join(said)
    assert "letter.txt, scan.gif" in told
    assert "passed over 2 files" in told
    assert ".json 1, hidden 1" in told
    again = build([folder], store, jobs=1)
    assert (again.unchanged, again.attachments, len(again.failed)) == (2, 2, 1)


def test_a_folder_of_several_reports_is_several_filings(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    for name, data in (
        ("a.txt", LETTER),
        ("b.txt", c.text().encode()),
        ("c.txt", OTHER.encode()),
        ("d.txt", LETTER + b"x"),
    ):
        (tmp_path / "reports" / name).write_bytes(data)
    summary = build([tmp_path / "reports"], open_store(str(tmp_path / "store")), jobs=1)
    assert (summary.read, summary.attachments, len(summary.failed)) == (2, 0, 2)


def test_a_file_that_was_named_is_no_attachment(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(c.text(), encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(LETTER)
    summary = build([tmp_path / "a.txt", tmp_path / "b.txt"], open_store(str(tmp_path / "store")), jobs=1)
    assert (summary.read, summary.failed) == (1, ["b.txt"])


def test_odd_things_in_a_folder_cost_only_themselves(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    (folder / "sub").mkdir(parents=True)
    (folder / "r.txt").write_text(c.text(), encoding="utf-8")
    for name, target in (("sub/up", ".."), ("self", "self"), ("nowhere", "absent"), ("zero", "/dev/zero")):
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe.txt")
    (folder / "a\n\x1b[31mb.txt").write_bytes(LETTER)
    deep = os.open(folder / "sub", os.O_RDONLY)
    for _ in range(30):  # deeper than a path may be long
        os.mkdir("d" * 200, dir_fd=deep)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = below
    os.close(deep)
    record = read_report(folder)
    checked(record)
    (issue,) = record.issues
    assert issue.message.isprintable()
    assert "self (not read: it cannot be looked at" in issue.message
    said: list[str] = []
    summary = build([folder], open_store(str(tmp_path / "store")), jobs=1, say=said.append)
    assert (summary.read, summary.failed) == (1, [])
    assert any("not accessible" in line and "NB-BUILD-SKIPPED" in line for line in said)


def test_a_file_that_vanishes_or_may_not_be_read_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "r.txt").write_text(c.text(), encoding="utf-8")
    (tmp_path / "letter.txt").write_bytes(LETTER)
    real = Path.open

    def opened(path: Path, mode: str = "r") -> object:
        if path.name == "letter.txt":
            raise PermissionError
        return real(path, mode)

    monkeypatch.setattr(Path, "open", opened)
    record = read_report(tmp_path)
    checked(record)
    assert "letter.txt (not read: the file may not be read" in record.issues[0].message
