"""How well scans are read: characters, numbers, boxes; CPU and memory.

    python bench/ocr.py [NAME...]      own scans (tests/generate/scan.py), number sheets, scans of ../shared/samples

CER: edits by characters of the boxes, blanks not counted. Numbers: those of the boxes that are right, wrong or missing
but flagged (NB-OCR-NUMBER where they should stand, or NB-FORM-MISSING of their box), and wrong without a flag. Boxes:
those that say exactly what they should, but for blanks and the width of signs. CPU and memory: of the limited process.
"""

from __future__ import annotations

import difflib
import json
import os
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from PIL import Image  # noqa: E402

from generate import pdf, scan  # noqa: E402
from nianbao.form.labels import table  # noqa: E402
from nianbao.reading.limits import DEFAULT  # noqa: E402
from nianbao.reading.ocr.numbers import doubts  # noqa: E402
from nianbao.reading.sandbox import read_apart, usage  # noqa: E402
from nianbao.record import Record  # noqa: E402
from nianbao.report import read_report  # noqa: E402

SHARED = Path(os.environ.get("NIANBAO_SHARED", ROOT.parent / "shared")) / "samples"
NUMBER = re.compile(r"\d[\d.,]*\d%?|\d%?")
Truth = dict[str, str]
Spans = list[tuple[int, int]]


@dataclass
class Score:
    """What a case gave."""

    edits: int = 0
    characters: int = 0
    right: int = 0
    flagged: int = 0
    wrong: int = 0
    boxes: int = 0
    of_boxes: int = 0
    doubts: int = 0  # flags in all
    misses: list[str] = field(default_factory=list)


def compare(score: Score, name: str, want: str, found: str, flags: Spans) -> None:
    """Adds a box: what it should say, what it says, and where in that numbers are flagged."""
    plain = bare(want), bare(found)
    score.edits += distance(*plain)
    score.characters += len(plain[0])
    score.of_boxes += 1
    score.boxes += plain[0] == plain[1]
    if plain[0] != plain[1]:
        ops = difflib.SequenceMatcher(None, *plain, False).get_opcodes()
        score.misses += [
            f"{name}: {plain[0][a:b]!r} -> {plain[1][c:d]!r}" for tag, a, b, c, d in ops if tag != "equal"
        ][:5]
    wanted, seen = [m[0] for m in NUMBER.finditer(want)], list(NUMBER.finditer(found))
    for tag, a0, a1, b0, b1 in difflib.SequenceMatcher(None, wanted, [m[0] for m in seen], False).get_opcodes():
        if tag == "equal":
            score.right += a1 - a0
            continue
        start = seen[b0 - 1].end() if b0 else 0
        end = seen[b1].start() if b1 < len(seen) else len(found)
        flag = any(x < end and start < y for x, y in flags)
        missed = max(a1 - a0, b1 - b0)
        score.flagged += missed if flag else 0
        score.wrong += 0 if flag else missed
        told = "flagged" if flag else "WRONG"
        score.misses.append(f"{name}: {told} {wanted[a0:a1]} -> {[m[0] for m in seen[b0:b1]]}")


def bare(text: str) -> str:
    """Without blanks, and signs of one width: which one was printed no recognition tells."""
    return re.sub(r"\s", "", text).translate(_HALF)


_HALF = str.maketrans("（），：；？！％", "(),:;?!%")


def distance(a: str, b: str) -> int:
    """Edits between two texts."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def said(record: Record, key: str) -> tuple[str, Spans]:
    """What a box of a record says, and the flags in it."""
    start, end = record.boxes.get(key, (0, 0))
    if any(issue.code == "NB-FORM-MISSING" and table().boxes[key].zh in issue.message for issue in record.issues):
        return "", [(-1, 1)]
    flags = [
        (issue.start - start, (issue.end or 0) - start)
        for issue in record.issues
        if issue.code == "NB-OCR-NUMBER" and issue.start is not None and start <= issue.start < end
    ]
    return record.text[start:end], flags


def report(name: str, data: bytes, truth: Truth) -> tuple[Score, int]:
    """Reads a report. Returns (its score, its pages)."""
    score = Score()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        record = read_report(path)
    for key, want in truth.items():
        compare(score, key, want, *said(record, key))
    score.doubts = sum(issue.code == "NB-OCR-NUMBER" for issue in record.issues)
    return score, record.source.pages or 1


# ---------------------------------------------------------------- cases


def own(style: pdf.Style, wear: scan.Wear) -> Callable[[str], tuple[Score, int]]:
    truth = pdf.truth(style) | {"filing_date": "2025 年 3 月 18 日"}
    return lambda name: report(name, scan.as_pdf(scan.scans(style, wear), wear), truth)


def other(number: int, wear: scan.Wear) -> Callable[[str], tuple[Score, int]]:
    """A report of ``data/reports`` in the shape of the own one: its boxes and narrative, worn in another way."""

    def run(name: str) -> tuple[Score, int]:
        paths = sorted((ROOT / "data/reports").glob("*-2024.txt"))
        told = read_report(paths[number % len(paths)])
        values = {key: told.text[slice(*told.boxes[key])].strip() for key in pdf.VALUES if key in told.boxes}
        values = {key: value for key, value in values.items() if key not in PERSONAL and value and "\n" not in value}
        start, end = told.boxes["activities"]
        with scan.saying(values, told.text[start:end].split("\n")[:14]):
            return own(pdf.Style(), wear)(name)

    return run


PERSONAL = ("institution_opinion", "form_filler", "phone", "filing_date")


def sheet_of_numbers(wear: scan.Wear) -> Callable[[str], tuple[Score, int]]:
    """Lines of three numbers each: integers, decimals, groups, negative ones, percentages."""

    def run(name: str) -> tuple[Score, int]:
        chance = random.Random(5)
        kinds: list[Callable[[], str]] = [
            lambda: str(chance.randrange(10, 99_999)),
            lambda: f"{chance.uniform(0, 9999):.2f}",
            lambda: f"{chance.uniform(1000, 9_999_999):,.2f}",
            lambda: f"{chance.uniform(0, 120):.1f}%",
            lambda: f"-{chance.uniform(0, 900):.2f}",
        ]
        lines = [[chance.choice(kinds)() for _ in range(3)] for _ in range(30)]
        page = pdf.Sheet()
        for n, line in enumerate(lines):
            for column, number in enumerate(line):
                chars = [(char, 80 + 160 * column + 6.0 * at) for at, char in enumerate(number)]
                page.texts.append(pdf.Text(chars, 90 + 24.0 * n, 12.0))
        font = scan.font_path(wear.serif)
        assert font
        image = scan.worn(scan.drawn(page, wear.dpi, font), wear)
        read = list(read_apart("ocr", scan.as_pdf([image], wear), DEFAULT))
        text, scores = [], []
        for block in read[0].blocks:  # type: ignore[union-attr]
            for line in (block,) if not isinstance(block, tuple) else [x for cell in block for x in cell.lines]:
                text.append(line.text)
                scores += [*line.scores, 1.0]
        found = "\n".join(text) + "\n"
        score = Score()
        flags = [(doubt.start, doubt.end) for doubt in doubts(found, scores)]
        score.doubts = len(flags)
        compare(score, "numbers", "\n".join("  ".join(line) for line in lines), found, flags)
        return score, 1

    return run


def sample_truth() -> Truth:
    """What the samples' report says, by box."""
    told = json.loads((SHARED / "truth_fields.json").read_text("utf-8"))
    keys = ("name", "purpose", "address", "legal_representative", "initial_capital", "funding_source", "sponsors")
    truth = {key: value for key, (_, value) in zip(keys, told["fields"], strict=True)}
    truth |= dict(zip(("net_assets_opening", "net_assets_closing"), told["asset"][1:], strict=True))
    truth |= {"online_name": told["web"][1], "staff": told["web"][3]}
    truth |= {"registration_changes": told["change"], "activities": "\n".join(told["narrative"])}
    return truth | {"qualifications": told["qual"], "performance": told["award"], "donations": told["donate"]}


FIRST = ("name", "purpose", "address", "legal_representative", "initial_capital", "funding_source", "sponsors")
FIRST += ("net_assets_opening", "net_assets_closing", "online_name", "staff")


def sample(file: str, keys: tuple[str, ...] = ()) -> Callable[[str], tuple[Score, int]]:
    def run(name: str) -> tuple[Score, int]:
        truth = {key: value for key, value in sample_truth().items() if not keys or key in keys}
        return report(name, (SHARED / file).read_bytes(), truth)

    return run


def rescanned(file: str, wear: scan.Wear) -> Callable[[str], tuple[Score, int]]:
    """A sample printed and scanned."""

    def run(name: str) -> tuple[Score, int]:
        from nianbao.reading.pdf.document import opened, page_picture

        data = (SHARED / file).read_bytes()
        with opened(data) as (document, _):
            count = pdf_pages(document)
        pages = [
            scan.worn(Image.fromarray(page_picture(data, n, dpi=wear.dpi, grey=False).pixels), wear, n)
            for n in range(1, count + 1)
        ]
        return report(name, scan.as_pdf(pages, wear), sample_truth())

    return run


def pdf_pages(document: object) -> int:
    import pypdfium2.raw as pdfium

    return int(pdfium.FPDF_GetPageCount(document))


def cases() -> Iterator[tuple[str, Callable[[str], tuple[Score, int]]]]:
    for name, wear in scan.WEARS.items():
        style = pdf.Style(stamp=True, watermark=True) if wear.colour else pdf.Style()
        yield name, own(style, wear)
    for name in ("column-labels", "turned-labels", "vertical-labels", "open", "no-rules", "cover"):
        yield f"style-{name}", own(pdf.STYLES[name], scan.HARD)
    yield "watermark-grey", own(pdf.Style(stamp=True, watermark=True), scan.MILD)
    for n, (name, wear) in enumerate(scan.OTHERS.items()):
        yield f"other-{name}", other(n, wear)
    yield "numbers-200", sheet_of_numbers(scan.MILD)
    yield "numbers-hard-150", sheet_of_numbers(replace(scan.HARD, dpi=150))
    yield "numbers-hard-100", sheet_of_numbers(replace(scan.HARD, dpi=100))
    if SHARED.is_dir():
        yield "sample-scan", sample("scan_gray_150dpi_p1.pdf", FIRST)
        yield "sample-mixed", sample("mixed_scan_text.pdf", (*FIRST, "registration_changes"))
        yield "sample-no-map", sample("no_tounicode.pdf")
        yield "sample-hard-150", rescanned("plain.pdf", replace(scan.HARD, dpi=150))
        yield "sample-stamped", rescanned("watermark_stamp.pdf", replace(scan.MILD, dpi=150, colour=True))


def main(names: list[str]) -> None:
    """Print a table, and what was misread."""
    print(f"{'case':20}{'pages':>6}{'CER':>8}{'numbers':>9}{'flagged':>9}{'wrong':>7}{'boxes':>9}{'flags':>7}", end="")
    print(f"{'CPU s/page':>12}{'MB':>6}")
    for name, run in cases():
        if names and not any(part in name for part in names):
            continue
        score, pages = run(f"{name}.pdf")
        numbers, used = score.right + score.flagged + score.wrong, usage()
        print(f"{name:20}{pages:6}{score.edits / max(1, score.characters):8.4f}{score.right:5}/{numbers:<3}", end="")
        print(f"{score.flagged:9}{score.wrong:7}{score.boxes:5}/{score.of_boxes:<3}{score.doubts:7}", end="")
        print(f"{used.cpu / pages:12.1f}{used.memory / 1e6:6.0f}", flush=True)
        for miss in score.misses:
            print("    ", miss)


if __name__ == "__main__":
    main(sys.argv[1:])
