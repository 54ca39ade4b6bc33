"""Score the reader on the development corpus: what it finds, what it misses, what changed since the committed score.

    python bench/score.py [--only PART] [--show NAME] [--update]

The corpus lies in ``$NIANBAO_SHARED/corpus`` (default ``../shared`` beside the checkout), our own annotated texts in
``tests/cases``. ``bench/score.json`` holds the figures and, for each document, the numbers of the items that are wrong
and in which field; it holds no text. Some documents are looked at while rules are written (``look``, ``own look``), the
others only counted (``count``, ``own count``): a rule that helps the one and not the other fits documents, not the
language. Of what is only counted no errors are shown. Our own sentences (``tests/cases/narrative.txt``) are a part of
their own, ``own sentences``.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SCORE = ROOT / "bench" / "score.json"
# Documents whose errors nobody looks at; all others are looked at.
COUNT_ONLY = {
    "county_library_2022",
    "guangdong_audit_2019",
    "hospital_2025",
    "jiangsu_12345_2024",
    "M23",
    "R22",
    "R24",
}
HALVES = ("look", "count", "own look", "own count", "own sentences")
CASES = ROOT / "tests" / "cases"
FIELDS = ("kind", "bound", "direction", "basis", "accumulation", "of", "part_of", "activity")


@dataclass
class Tally:
    """Counts for one half of the corpus."""

    counts: Counter[str] = field(default_factory=Counter)

    def f1(self, right: str, found: str, gold: str) -> tuple[float, int, int, int]:
        r, f, g = self.counts[right], self.counts[found], self.counts[gold]
        return (2 * r / (f + g) if f + g else 1.0), r, f, g

    def rate(self, name: str) -> tuple[float, int, int]:
        right, of = self.counts[f"{name}+"], self.counts[f"{name}="]
        return (right / of if of else 1.0), right, of


def documents(corpus: Path | None) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(half, name, text of the narrative, gold) of every passage and report, those of the corpus first."""
    paths = [("corpus", path) for path in sorted(corpus.glob("*/*.json"))] if corpus else []
    paths += [(f"own {half}", path) for half in ("look", "count") for path in sorted(CASES.glob(f"*/{half}/*.json"))]
    for half, path in paths:
        gold = json.loads(path.read_text("utf-8"), parse_float=Decimal)
        name = path.name.split(".")[0]
        text = (gold.get("narrative") or gold.get("text")) if isinstance(gold, dict) else None
        if text is None or "metrics" not in gold:
            continue  # no gold: a list of faults, a form without a narrative
        if half == "corpus":
            yield "count" if name in COUNT_ONLY else "look", name, text, gold
        else:
            yield half, f"own/{name}", text, gold


WORDS = {
    "up": ("direction", "increase"), "down": ("direction", "decrease"), "yoy": ("basis", "year-on-year"),
    "to-date": ("accumulation", "to-date"), "point": ("accumulation", "point"),
    ">": ("bound", "more-than"), "<": ("bound", "less-than"), "~": ("bound", "about"),
}  # fmt: skip


def own_cases(path: Path = ROOT / "tests" / "cases" / "narrative.txt") -> Iterator[tuple[str, dict[str, Any]]]:
    """(text, gold) of each of our own sentences, in the form of the corpus; the file tells its notation."""
    text, gold = "", {}  # type: str, dict[str, Any]
    for line in path.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] != " ":
            if text:
                yield text, gold
            text, at = line.replace("\\n", "\n"), 0
            gold = {"metrics": [], "events": [], "negatives": []}
            continue
        parts = [part.strip() for part in line.strip().split(" : ")]
        if parts[0].startswith("! "):
            name, recipient, by = (None if part == "-" else part for part in parts[1:4])
            event = {"kind": parts[0][2:], "name": name, "recipient": recipient, "by": by}
            gold["events"].append(event | {"start": 0, "end": len(text)})
            continue
        stated, _, rest = parts[0].partition(" = ")
        value, unit = rest.split()
        found = text.find(stated, at)
        start = found if found >= 0 else text.index(stated)
        at = start if unit in ("%", "元") else start + len(stated)
        heads = [head.strip() for head in parts[1].split(" / ")]
        want: dict[str, Any] = {
            "stated": stated, "value": Decimal(value), "unit": None if unit == "-" else unit, "start": start,
            "end": start + len(stated), "subject": heads[0], "head": heads[0], "head_alt": heads[1:],
            "kind": "level", "direction": None, "basis": None, "bound": "exact", "accumulation": "period",
            "of": None, "part_of": None, "activity": "1",
        }  # fmt: skip
        for word in " ".join(parts[2:]).split():
            key, _, number = word.partition("=")
            if number:
                want["of" if key == "of" else "part_of"] = int(number)
            elif word == "any":
                want["doubt"] = ["accumulation"]
            elif word != "period":
                want[WORDS[word][0]] = WORDS[word][1]
        if want["direction"]:
            want |= {"kind": "change", "basis": want["basis"] or "not-stated"}
        gold["metrics"].append(want)
    if text:
        yield text, gold


def common(a: str, b: str) -> int:
    """Length of the longest stretch that both texts hold."""
    best, row = 0, [0] * (len(b) + 1)
    for x in a:
        row = [0, *(row[j] + 1 if x == y else 0 for j, y in enumerate(b))]
        best = max(best, *row)
    return best


def subject_right(subject: str, gold: dict[str, Any]) -> bool:
    """Passages: the subject holds the head. Reports: most of it. Never a whole sentence."""
    told = subject.replace(" ", "").replace("(", "（").replace(")", "）")
    if not told or len(told) > 40:
        return False
    heads = [gold["head"], *gold.get("head_alt", [])]
    heads = [h.replace(" ", "").replace("(", "（").replace(")", "）") for h in heads]
    if any(h in told for h in heads):
        return True
    return "subject_verbatim" in gold and any(common(h, told) * 3 >= len(h) * 2 for h in heads)


def pair(found: list[Any], gold: list[dict[str, Any]]) -> dict[int, int]:
    """Gold index → found index: same value, overlapping span, nearest first, one to one."""
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for g, want in enumerate(gold):
        near = [
            f
            for f, got in enumerate(found)
            if f not in used and got.value == want["value"] and got.start < want["end"] and want["start"] < got.end
        ]
        if near:
            # several metrics share one span (A率、B率均…): the one whose subject fits
            best = max(near, key=lambda f: (subject_right(found[f].subject, want), found[f].unit == want["unit"], -f))
            pairs[g] = best
            used.add(best)
    return pairs


def score_metrics(tally: Tally, found: list[Any], gold: dict[str, Any]) -> dict[str, str]:
    """Count one document; returns what is wrong, item by item."""
    wrong: dict[str, str] = {}
    neutral = [(n["start"], n["end"]) for n in gold["negatives"] if n.get("neutral") or n["why"] == "either"]
    wants = gold["metrics"]
    pairs = pair(found, wants)
    back = {f: g for g, f in pairs.items()}
    c = tally.counts
    for f, got in enumerate(found):
        if f in back:
            continue
        if any(a < got.end and got.start < b for a, b in neutral):
            continue
        c["found"] += 1
        wrong[f"+{got.start}"] = f"spurious {got.value} {got.unit}"
    c["gold"] += len(wants)
    c["found"] += len(pairs)
    for g, want in enumerate(wants):
        if g not in pairs:
            wrong[str(g)] = "missing"
            continue
        got, faults = found[pairs[g]], []
        doubt = set(want.get("doubt", ()))
        c["value"] += 1
        unit = got.unit == want["unit"] or got.unit in want.get("unit_ok", ()) or (not got.unit and not want["unit"])
        subject = subject_right(got.subject, want)
        c["unit"] += unit
        c["subject"] += unit and subject
        c["span="] += 1
        c["span+"] += (got.start, got.end) == (want["start"], want["end"])
        if not unit:
            faults.append(f"unit:{got.unit}")
        if not subject:
            faults.append("subject")
        for name in FIELDS:
            have, need = getattr(got, name), want[name]
            if name in ("of", "part_of"):
                have = back.get(have, -1) if have is not None else None
            if name == "activity" and gold.get("inline_enumeration") and have and need:
                have = need if have.startswith(need) else have
            c[f"{name}="] += 1
            c[f"{name}+"] += have == need
            if name not in doubt:
                c[f"{name} (no doubt)="] += 1
                c[f"{name} (no doubt)+"] += have == need
            if have != need:
                faults.append(name if name in ("of", "part_of") else f"{name}:{have}")
        right = not [f for f in faults if f != "subject" and f.split(":")[0] not in doubt]
        if got.confidence >= 0.9:
            c["confident="] += 1
            c["confident+"] += right and subject
        if faults:
            wrong[str(g)] = " ".join(faults)
    return wrong


def score_outline(tally: Tally, text: str, found: list[Any], gold: dict[str, Any]) -> dict[str, str]:
    def key(number: Any, heading: Any, start: int, end: int) -> tuple[Any, ...]:
        return number, "".join((heading or "").split()), start, start + len(text[start:end].rstrip())

    have = [key(a.number, a.heading, a.start, a.end) for a in found]
    need = [key(a["number"], a["heading"], a["start"], a["end"]) for a in gold["activities"]]
    c = tally.counts
    c["outline found"] += len(have)
    c["outline gold"] += len(need)
    c["outline right"] += len(set(have) & set(need))
    c["outline document="] += 1
    c["outline document+"] += have == need
    return {f"a{i}": "outline" for i, item in enumerate(need) if item not in have} | {
        f"a+{item[2]}": "spurious" for item in have if item not in need
    }


def score_events(tally: Tally, found: list[Any], gold: dict[str, Any]) -> dict[str, str]:
    c, wrong, used = tally.counts, {}, set()
    c["event found"] += len(found)
    c["event gold"] += len(gold["events"])
    for i, want in enumerate(gold["events"]):
        plain = "".join(want["name"].split()).strip("“”")
        hit = next(
            (
                f
                for f, got in enumerate(found)
                if f not in used
                and got.kind == want["kind"]
                and ("".join(got.name.split()).strip("“”") in plain or plain in got.name)
                and got.start < want["end"]
                and want["start"] < got.end
            ),
            None,
        )
        if hit is None:
            wrong[f"e{i}"] = "missing"
            continue
        used.add(hit)
        c["event right"] += 1
        for name in ("recipient", "by"):
            c[f"event {name}="] += 1
            same = getattr(found[hit], name) == want[name]
            c[f"event {name}+"] += same
            if not same:
                wrong[f"e{i}"] = wrong.get(f"e{i}", "") + f"{name} "
    return wrong | {f"e+{got.start}": f"spurious {got.kind}" for f, got in enumerate(found) if f not in used}


F1 = {
    "value F1": ("value", "found", "gold"),
    "value+unit F1": ("unit", "found", "gold"),
    "value+unit+subject F1": ("subject", "found", "gold"),
    "events F1": ("event right", "event found", "event gold"),
    "outline entries F1": ("outline right", "outline found", "outline gold"),
}
TARGETS = {
    "value F1": 0.98, "value+unit F1": 0.97, "value+unit+subject F1": 0.90, "events F1": 0.90, "kind": 0.98,
    "bound": 0.98, "direction": 0.98, "basis": 0.95, "accumulation": 0.95, "of": 0.95, "outline document": 0.98,
    "confident": 0.99,
}  # fmt: skip


def figures_of(tally: Tally) -> tuple[dict[str, float], dict[str, int]]:
    """The figures of one half, and of how many items each is a figure."""
    figures: dict[str, float] = {}
    items: dict[str, int] = {}
    for name, keys in F1.items():
        f1, _, _, items[name] = tally.f1(*keys)
        figures[name] = round(f1, 4)
    doubts = [f"{name} (no doubt)" for name in FIELDS]
    for name in ("span", *FIELDS, *doubts, "outline document", "event recipient", "event by", "confident"):
        rate, _, items[name] = tally.rate(name)
        figures[name] = round(rate, 4)
    return figures, items


def print_figures(halves: dict[str, Tally]) -> dict[str, dict[str, float]]:
    """The figures of all halves side by side, each with its number of items; a star marks one below the target."""
    table = {half: figures_of(tally) for half, tally in halves.items()}
    print(f"{'':27}{'target':>7}" + "".join(f"{half:>16}" for half in table))
    for name in next(iter(table.values()))[0]:
        if name.endswith("(no doubt)") and all(
            figures[name] == figures[name.removesuffix(" (no doubt)")] for figures, _ in table.values()
        ):
            continue
        target = TARGETS.get(name, 0.0)
        row = f"{name:27}{target or '':>7}"
        for figures, items in table.values():
            low = "*" if items[name] and figures[name] < target else " "
            row += f"{figures[name]:9.3f}{low}{items[name]:6}" if items[name] else f"{'–':>16}"
        print(row)
    return {half: figures for half, (figures, _) in table.items()}


def score_forms(corpus: Path) -> dict[str, Any] | None:
    """Whole reports through ``nianbao.report.read_report``, clean and scrambled: boxes right, metrics matched."""
    with contextlib.suppress(ImportError):
        module = importlib.import_module("nianbao.report")
        if hasattr(module, "read_report"):
            return _score_forms(corpus, module.read_report)
    print("whole reports: no reader yet (nianbao.report.read_report)")
    return None


BOXES = (
    "year", "uscc", "name", "other_names", "purpose", "address", "legal_representative", "initial_capital",
    "funding_source", "sponsors", "net_assets_opening", "net_assets_closing", "online_name", "staff",
    "registration_changes", "qualifications", "performance", "donations", "institution_opinion", "sponsor_opinion",
    "form_filler", "phone", "filing_date",
)  # fmt: skip


def _plain(value: Any) -> Any:
    """A box without blanks and offsets, to compare."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k not in ("start", "end", "stated", "rest")} | (
            {"stated": _plain(value["stated"])} if value.get("stated") else {}
        )
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, str):
        return "".join(value.split()).rstrip("。")
    return float(value) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value


def _core(name: str, value: Any) -> Any:
    """What of a box is compared: an amount, a code, the words of a section."""
    plain = _plain(value)
    if not isinstance(plain, dict):
        return plain
    keys = {"initial_capital": ("value",), "net_assets_opening": ("value",), "net_assets_closing": ("value",)}
    return {k: plain.get(k) for k in keys.get(name, ("stated", "none", "code", "changes", "date")) if k in plain}


def _score_forms(corpus: Path, read: Any) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for variant in ("clean", "scrambled"):
        right = total = value = found = gold_count = 0
        spent = 0.0
        wrong: dict[str, list[str]] = {}
        paths = sorted((corpus / "reports").glob(f"*.{variant}.txt"))
        for path in paths[:1]:
            read(path)  # patterns compiled, models loaded: not what is timed
        for path in paths:
            name = path.name.split(".")[0]
            gold = json.loads(path.with_name(f"{name}.gold.json").read_text("utf-8"))
            began = time.process_time()
            record = read(path)
            spent += time.process_time() - began
            have = json.loads(record.to_json())
            faults = [b for b in BOXES if _core(b, have.get(b)) != _core(b, gold.get(b))]
            right, total = right + len(BOXES) - len(faults), total + len(BOXES)
            if faults:
                wrong[name] = faults
            a = Counter((float(m["value"]), m["unit"] or None) for m in have["metrics"])
            b = Counter((float(m["value"]), m["unit"] or None) for m in gold["metrics"])
            value, found, gold_count = value + (a & b).total(), found + a.total(), gold_count + b.total()
        f1 = 2 * value / (found + gold_count) if found + gold_count else 1.0
        print(f"whole reports, {variant}: boxes {right} of {total} = {right / max(total, 1):.3f}; "
              f"value+unit F1 {f1:.3f} ({value}, {found}, {gold_count}); "
              f"{total / len(BOXES) / max(spent, 1e-9):.0f} reports a second of one core")  # fmt: skip
        for name, faults in wrong.items():
            print(f"  {name}: {', '.join(faults)}")
        figures[variant] = {"boxes": round(right / max(total, 1), 4), "value+unit F1": round(f1, 4), "wrong": wrong}
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="append", default=[], help="print the errors of this document (look half)")
    parser.add_argument("--update", action="store_true", help="write bench/score.json")
    parser.add_argument("--only", choices=("narrative", "forms"))
    options = parser.parse_args()
    corpus = Path(os.environ.get("NIANBAO_SHARED", ROOT.parent / "shared")) / "corpus"
    if not corpus.is_dir():
        print(f"no corpus at {corpus}: set NIANBAO_SHARED", file=sys.stderr)
        return 1
    sys.path.insert(0, str(ROOT / "src"))
    old = json.loads(SCORE.read_text("utf-8")) if SCORE.exists() else {"wrong": {}}
    new: dict[str, Any] = {"count_only": sorted(COUNT_ONLY), "figures": {}, "wrong": dict(old["wrong"])}
    if options.only != "forms":
        narrative(corpus, options.show, new)
        compare(old["wrong"], new["wrong"])
    new["forms"] = score_forms(corpus) if options.only != "narrative" else old.get("forms")
    if options.update:
        SCORE.write_text(json.dumps(new, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def narrative(corpus: Path, show: list[str], new: dict[str, Any]) -> None:
    from nianbao.narrative.events import events
    from nianbao.narrative.outline import outline
    from nianbao.narrative.quantities import metrics

    warm = "全年服务读者12万人次，同比增长5%。"
    events(warm, outline(warm))
    metrics(warm, outline(warm))
    halves = {half: Tally() for half in HALVES}
    for text, gold in own_cases():
        items = outline(text)
        score_metrics(halves["own sentences"], list(metrics(text, items)), gold)
        score_events(halves["own sentences"], list(events(text, items)), gold)
    spent = length = 0.0
    for half, name, text, gold in documents(corpus):
        began = time.process_time()
        items = outline(text)
        found = metrics(text, items)
        sponsors = tuple(gold.get("sponsors") or ())
        told = events(text, items, institution=gold.get("name"), sponsors=sponsors)
        spent, length = spent + time.process_time() - began, length + len(text)
        tally = halves[half]
        wrong = score_outline(tally, text, list(items), gold)
        wrong |= score_metrics(tally, list(found), gold)
        wrong |= score_events(tally, list(told), gold)
        new["wrong"][name] = wrong
        if (name in show or "all" in show) and "look" in half:
            show_errors(name, gold, wrong, list(found), list(told), list(items), text)
    new["figures"] = print_figures(halves)
    print(f"speed: {1000 * spent / length * 3000:.2f} ms a narrative of 3,000 characters")


def show_errors(name: str, gold: Any, wrong: dict[str, str], found: Any, told: Any, items: Any, text: str) -> None:
    print(f"--- {name}")
    pairs = pair(found, gold["metrics"])
    for key, fault in wrong.items():
        if key.isdigit():
            want = gold["metrics"][int(key)]
            got = found[pairs[int(key)]] if int(key) in pairs else None
            extra = f" | {got.subject!r} of={got.of} part={got.part_of}" if got else ""
            print(f"  {key} {want['stated']} want {want['subject']!r} [{want['head']}] of={want['of']} "
                  f"part={want['part_of']} — {fault}{extra}")  # fmt: skip
        else:
            print(f"  {key} {fault}")
    for event in told:
        print("  ", event)
    if any(key.startswith("a") for key in wrong):
        for item in items:
            print("  ", item.number, item.heading, item.start, item.end)


def compare(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Gains and losses against the committed score, item by item."""
    gains, losses = [], []
    for name, wrong in new.items():
        before = old.get(name)
        if before is None:
            continue
        gains += [f"{name}:{key} ({before[key]})" for key in before if key not in wrong]
        losses += [f"{name}:{key} ({wrong[key]})" for key in wrong if key not in before]
        for k in wrong:
            if k in before and wrong[k] != before[k]:
                better = len(wrong[k].split()) < len(before[k].split())
                (gains if better else losses).append(f"{name}:{k} ({before[k]} → {wrong[k]})")
    print(f"against the committed score: {len(gains)} gains, {len(losses)} losses")
    for sign, items in (("+", gains), ("-", losses)):
        for item in items:
            print(f"  {sign} {item}")


if __name__ == "__main__":
    sys.exit(main())
