"""Files that mean harm end with a reason within the limits, and the rest of a run is unharmed."""

import time
from pathlib import Path

import pytest

from generate import content as c
from generate import docx as made_docx
from generate import hostile, pdf
from generate import html as made_html
from nianbao.build import build
from nianbao.errors import ReadError
from nianbao.reading import Limits, read_document, sandbox
from nianbao.reading.limits import DEFAULT
from nianbao.report import read_report
from nianbao.storage.store import open_store

MEMORY, TIME = "NB-READ-MEMORY", "NB-READ-TIMEOUT"
# Which of several reasons it is may depend on the machine: a slow one runs out of time before memory.
REASONS: dict[str, tuple[str, ...]] = {
    "flate-bomb": (MEMORY, TIME),
    "nested-deflate": (MEMORY, TIME),
    "operators": (MEMORY, TIME, "NB-READ-SIZE"),
    "nested-forms": (MEMORY, TIME, "NB-READ-DAMAGED"),
    "self-form": (MEMORY, TIME, "NB-READ-DAMAGED", "NB-READ-EMPTY"),
    "giant-page": ("NB-FORM-NOT-A-REPORT",),
    "giant-image": (MEMORY, TIME, "NB-READ-OCR", "NB-READ-SIZE", "NB-READ-EMPTY", "NB-FORM-NOT-A-REPORT"),
    "empty-pages": ("NB-READ-SIZE",),
    "page-loop": ("NB-READ-EMPTY", "NB-READ-DAMAGED"),
    "giant-count": ("NB-READ-SIZE", "NB-READ-DAMAGED"),
    "giant-png": (MEMORY, TIME, "NB-READ-OCR", "NB-READ-SIZE", "NB-READ-PAGE-SIZE", "NB-READ-DAMAGED"),
    "endless-tiff": (MEMORY, TIME, "NB-READ-OCR", "NB-READ-SIZE", "NB-READ-EMPTY", "NB-READ-DAMAGED"),
    "zip-bomb": ("NB-READ-ARCHIVE",),
    "zip-that-lies": ("NB-READ-ARCHIVE", "NB-READ-DAMAGED"),
    "zip-overlapping": ("NB-READ-ARCHIVE",),
    "profile-bomb": (MEMORY, TIME),
    "deep-object": ("NB-READ-DAMAGED", "NB-READ-EMPTY"),
    "png-text-bomb": ("NB-READ-DAMAGED", "NB-READ-OCR"),
    "html-comments": ("NB-FORM-NOT-A-REPORT", "NB-READ-EMPTY"),
    "zip-of-members": ("NB-READ-ARCHIVE",),
    "docx-entities": ("NB-READ-ENTITIES",),
    "docx-late-entities": ("NB-READ-ENTITIES", "NB-READ-DAMAGED"),
    "docx-utf16-entities": ("NB-READ-ENTITIES", "NB-READ-DAMAGED"),
    "docx-external": ("NB-READ-ENTITIES",),
    "docx-bomb": ("NB-READ-ARCHIVE",),
    "docx-deep": ("NB-READ-DAMAGED",),
    "docx-wide": (MEMORY, TIME, "NB-READ-SIZE"),
    "html-entities": ("NB-FORM-NOT-A-REPORT",),
    "html-deep": ("NB-READ-DAMAGED",),
    "html-spans": (MEMORY, TIME, "NB-READ-SIZE", "NB-FORM-NOT-A-REPORT"),
    "html-long": ("NB-READ-SIZE",),
    "text-long-line": (TIME, "NB-FORM-NOT-A-REPORT"),
    "text-labels": (TIME, "NB-FORM-NOT-A-REPORT"),
    "ofd-units": ("NB-READ-SIZE", TIME),
    "ofd-own-unit": ("NB-READ-SIZE", TIME),
    "ofd-own-template": ("NB-READ-EMPTY",),
    "ofd-deep": ("NB-READ-EMPTY",),
    "ofd-repeats": ("NB-FORM-NOT-A-REPORT",),
    "ofd-no-numbers": ("NB-READ-EMPTY",),
    "ofd-entities": ("NB-READ-ENTITIES",),
    "ofd-external": ("NB-READ-ENTITIES",),
    "ofd-outside": ("NB-READ-EMPTY",),
    "ofd-long-path": ("NB-READ-EMPTY", TIME),
    "ofd-objects": ("NB-READ-SIZE", TIME),
    "ofd-pages": ("NB-READ-SIZE",),
    "ofd-characters": ("NB-READ-SIZE", MEMORY, TIME),
    "ofd-giant-image": ("NB-READ-PAGE-SIZE", "NB-READ-OCR"),
    "ofd-giant-page": ("NB-FORM-NOT-A-REPORT",),
    "ofd-bomb": ("NB-READ-ARCHIVE",),
}
IMAGES = (
    "giant-image",
    "giant-png",
    "endless-tiff",
    "ofd-giant-image",
)  # OCR has a look at these where it is installed
TIMED = ("text-long-line",)  # only a build, or a command, has a bound for these


def test_every_hostile_file_has_its_reason() -> None:
    assert set(REASONS) == set(hostile.FILES)


@pytest.mark.parametrize("name", [name for name in REASONS if name not in TIMED])
def test_a_hostile_file_ends_with_a_reason_within_the_limits(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(hostile.FILES[name]())
    sandbox._local.usage = sandbox.Usage()
    started = time.monotonic()
    with pytest.raises(ReadError) as caught:
        read_report(path)
    assert caught.value.code in REASONS[name]
    assert str(path) in str(caught.value)
    assert time.monotonic() - started < DEFAULT.wall + 10
    assert sandbox.usage().cpu <= DEFAULT.cpu + DEFAULT.ocr_page * (name in IMAGES) + 1.5
    assert sandbox.usage().memory <= DEFAULT.memory
    assert "root:" not in str(caught.value)  # nothing of a file that an entity named


@pytest.mark.parametrize(
    ("jobs", "bad"),
    [
        (1, ("docx-external", "html-deep", *TIMED)),
        (2, ("nested-deflate", "operators", "docx-entities", "zip-that-lies", "empty-pages")),
    ],
)
def test_the_rest_of_a_build_is_unharmed(tmp_path: Path, jobs: int, bad: tuple[str, ...]) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name in bad:
        (folder / f"{name}.bin").write_bytes(hostile.FILES[name]())
    (folder / "a.docx").write_bytes(made_docx.report())
    other = made_html.page(made_html.table()).replace("水文职业学校".encode("gbk"), "水利职业学校".encode("gbk"))
    (folder / "m.html").write_bytes(other)
    (folder / "z.txt").write_text(c.text().replace("水文职业学校", "气象职业学校"), encoding="utf-8")
    said: list[str] = []
    store = open_store(str(tmp_path / "store"))
    summary = build([folder], store, jobs=jobs, limits=Limits(cpu=3, report_cpu=3), say=said.append)
    assert summary.read == 3
    assert sorted(summary.failed) == sorted(f"mixed/{name}.bin" for name in bad)
    told = [line for line in said if ".bin" in line]
    assert len(told) == len(bad)
    for name in bad:
        (line,) = [line for line in told if name in line]
        assert any(code in line for code in REASONS[name]), line


@pytest.mark.parametrize("kind", ["docx", "html", "text", "zip", "ofd", "pdf"])
def test_random_damage_never_crashes_and_loss_is_told(tmp_path: Path, kind: str) -> None:
    data = {**dict(hostile.whole_files()), "pdf": pdf.build(pdf.Style())}[kind]
    path = tmp_path / "damaged"
    path.write_bytes(data)
    whole = read_document(path)
    for seed in range(24):
        path.write_bytes(hostile.damaged(data, seed, 1 + seed % 50))
        try:
            read = read_document(path)
        except ReadError:  # anything else fails the test
            continue
        # Text has no checksum: a letter that became another one cannot be seen there.
        if kind in ("docx", "zip", "ofd", "pdf"):
            assert read.text == whole.text or set(read.issues) > set(whole.issues), seed
