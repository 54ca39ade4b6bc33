"""Score the boxes of the form: records against the gold records of the development corpus.

    python bench/form_score.py [--kind clean|scrambled|look|count] [--quiet]

White space does not count (the corpus sets some digits apart), nor the width of digits and brackets.
``compare`` is for other scores to call.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PLAIN = [
    "year",
    "year_basis",
    "uscc",
    "name",
    "other_names",
    "purpose",
    "address",
    "legal_representative",
    "initial_capital",
    "funding_source",
    "sponsors",
    "net_assets_opening",
    "net_assets_closing",
    "online_name",
    "staff",
    "cover",
    "form_filler",
    "phone",
    "filing_date",
]
SECTIONS = ("registration_changes", "qualifications", "performance", "donations")
SECTIONS += ("institution_opinion", "sponsor_opinion")


_WIDTHS = str.maketrans("()０１２３４５６７８９．", "（）0123456789.")


def _plain(value: Any) -> Any:
    """A value without white space, offsets and differences of width."""
    if isinstance(value, str):
        return "".join(value.split()).translate(_WIDTHS)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key not in ("start", "end", "places")}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def compare(record: dict[str, Any], gold: dict[str, Any]) -> dict[str, tuple[Any, Any] | None]:
    """Box or part of a box → None where it is right, else (what was read, what is right)."""
    result: dict[str, tuple[Any, Any] | None] = {}

    def put(name: str, have: Any, need: Any) -> None:
        have, need = _plain(have), _plain(need)
        result[name] = None if have == need else (have, need)

    for key in PLAIN:
        need = gold.get(key)
        if key == "cover" and need and not any(need.values()):
            need = None  # a cover that says nothing is none
        put(key, record.get(key), need)
    for key in SECTIONS:
        for part, need in gold[key].items():
            if part not in ("start", "end", "places"):
                put(f"{key}.{part}", record[key].get(part), need)
    text = [_plain(line) for line in (record["activities_section"]["stated"] or "").split("\n")]
    need = [_plain(line) for line in gold["narrative"].split("\n")]
    put("narrative.characters", "".join(text), "".join(need))
    put("narrative.paragraphs", [line for line in text if line], [line for line in need if line])
    return result


def pairs(kind: str) -> list[tuple[Path, Path]]:
    """(text, gold record) of each report: of the corpus (clean, scrambled), or of our own cases (look, count)."""
    if kind in ("look", "count"):
        texts = sorted((ROOT / "tests" / "cases" / "reports" / kind).glob("*.txt"))
        return [(path, path.with_suffix(".json")) for path in texts]
    shared = Path(os.environ.get("NIANBAO_SHARED", ROOT.parent / "shared"))
    texts = sorted((shared / "corpus" / "reports").glob(f"*.{kind}.txt"))
    return [(path, path.with_name(path.name.split(".")[0] + ".gold.json")) for path in texts]


def main() -> None:
    sys.path.insert(0, str(ROOT / "src"))
    from nianbao.report import read_report

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", default="clean", choices=["clean", "scrambled", "look", "count"])
    parser.add_argument("--quiet", action="store_true")
    args = parser.parse_args()
    quiet = args.quiet or args.kind == "count"  # those are only counted
    right: dict[str, int] = {}
    total: dict[str, int] = {}
    for path, gold_path in pairs(args.kind):
        gold = json.loads(gold_path.read_text("utf-8"))
        result = compare(json.loads(read_report(path).to_json()), gold)
        for name, fault in result.items():
            part = "narrative" if name.startswith("narrative") else "part" if "." in name else "box"
            part = "box" if name.endswith((".stated", ".none")) else part
            right[part] = right.get(part, 0) + (fault is None)
            total[part] = total.get(part, 0) + 1
            if fault is not None and not quiet:
                print(f"{path.name} {name}\n  read {json.dumps(fault[0], ensure_ascii=False)[:400]}")
                print(f"  gold {json.dumps(fault[1], ensure_ascii=False)[:400]}")
    words = ", ".join(f"{part} {right[part]} of {total[part]}" for part in sorted(total))
    print(f"{args.kind}: {sum(right.values())} of {sum(total.values())} right ({words})")


if __name__ == "__main__":
    main()
