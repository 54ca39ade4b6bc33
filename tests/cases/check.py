"""Check the annotated texts beside this file: offsets, values, indexes, outline numbers, every digit accounted for.

    python tests/cases/check.py

It reads the numerals with a grammar of its own and knows nothing of the reader that is measured on these texts.
Prints what is wrong and the counts; exit status 1 when anything is wrong.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "双": 2}
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
BOUNDS = {
    "more-than": ("超过", "超", "逾", "不少于", "不低于", "至少", "上"),
    "less-than": ("不足", "不到", "不超过", "低于"),
    "about": ("将近", "接近", "近", "大约", "约"),
}
TAILS = {"more-than": ("以上",), "less-than": ("以内", "以下"), "about": ("左右", "上下")}
# 千 and 百 that open a unit are no scale: 千克, 千米, 百分点.
NUMERAL = re.compile(
    r"(?:[0-9.,]+|[零〇一二两三四五六七八九十点]|百(?!分)|千(?!克|米|瓦|字|伏)|万|亿)+(?:[余多](?:百|千|万|亿)*)?"
)


def plain(text: str) -> str:
    """Wide digits, commas, points and percent signs narrow; as many characters as before."""
    return text.translate({ord(a): b for a, b in zip("０１２３４５６７８９，．％", "0123456789,.%", strict=True)})


def numeral(words: str) -> Decimal:
    """The value of 2万6千, 1,204, 三十, 二点五万: plain numbers times their scales, added up."""
    words = re.sub("[余多,]", "", words)
    total = section = Decimal(0)
    number: Decimal | None = None
    for part in re.findall(r"[0-9.]+|点[零一二三四五六七八九]+|.", words):
        if part[0].isascii():
            number = Decimal(part)
        elif part[0] == "点":
            number = (number or 0) + Decimal("0." + "".join(str(DIGITS[c]) for c in part[1:]))
        elif part in DIGITS:
            number = Decimal(DIGITS[part])
        elif SCALES[part] >= 10**4:
            base = section + (number or 0)
            total = (total + base) * SCALES[part] if part == "亿" else total + base * SCALES[part]
            total = total or Decimal(SCALES[part])  # 亿元, 万人: the bare word is one of it
            section, number = Decimal(0), None
        else:
            section += (1 if number is None else number) * SCALES[part]
            number = None
    return total + section + (number or 0)


def read(stated: str) -> tuple[list[Decimal], str | None, str]:
    """Values, unit and bound of the words of one metric; a range has two values."""
    words, bound = plain(stated), "exact"
    for name, heads in BOUNDS.items():
        for head in heads:
            if words.startswith(head):
                words, bound = words.removeprefix(head), name
    for name, tails in TAILS.items():
        for tail in tails:
            if words.endswith(tail):
                words, bound = words.removesuffix(tail), name
    words = words.strip()
    if found := re.fullmatch(r"百分之([零一二三四五六七八九十百点]+)", words):
        return [numeral(found[1])], "%", bound
    if found := re.fullmatch(r"([一二两三四五六七八九])成([一二三四五六七八九半])?(多)?", words):
        tens = DIGITS[found[1]] * 10 + (0 if not found[2] else 5 if found[2] == "半" else DIGITS[found[2]])
        return [Decimal(tens)], "%", "more-than" if found[3] else bound
    if found := re.fullmatch(r"([二三四五六七八九十])分之([一二三四五六七八九])", words):
        return [numeral(found[2]) / numeral(found[1])], None, bound
    if found := re.fullmatch(r"翻(?:了)?一番", words):
        return [Decimal(100)], "%", bound
    if found := re.fullmatch(r"(.+?)(半)", words):
        values, unit, _ = read(found[1])
        return [values[0] + Decimal("0.5")], unit, bound
    sign = -1 if words.startswith("-") else 1
    words = words.removeprefix("-")
    values = []
    while found := NUMERAL.match(words):
        token = found[0]
        if re.search("[余多]", token):
            bound = "more-than"
        if bound == "exact" and re.fullmatch("[百千万]", token):
            bound = "about"
        values.append(sign * numeral(token))
        words = words[found.end() :].lstrip()
        if words[:1] in ("至", "—", "-", "~", "～"):
            words = words[1:]
            continue
        break
    unit = words
    if unit[:2] in ("个多", "个余"):  # 4个多百分点
        unit, bound = "个" + unit[2:], "more-than"
    if unit[:1] == "来":  # 六百来件
        unit, bound = unit[1:], "about"
    if unit[:1] in ("多", "余"):
        unit, bound = unit[1:], "more-than"
    if re.match("个(?:百分点|工作日|工日|小时|月|学时|标准件)", unit):
        unit = unit[1:]
    return values, unit or None, bound


def documents() -> Iterator[tuple[Path, str, dict[str, Any]]]:
    """(path, text the offsets point into, gold) of every annotated text."""
    for kind in ("passages", "reports"):
        for path in sorted((HERE / kind).glob("*/*.json")):
            gold = json.loads(path.read_text("utf-8"), parse_float=Decimal)
            yield path, gold["text"] if kind == "passages" else gold["narrative"], gold


def faults(text: str, gold: dict[str, Any]) -> Iterator[str]:
    """What is wrong in one gold record."""
    metrics, acts = gold["metrics"], gold["activities"]
    covered = [False] * len(text)
    for item in [*metrics, *gold["negatives"]]:
        if text[item["start"] : item["end"]] != item["quote"]:
            yield f"quote {item['quote']} at {item['start']}"
        covered[item["start"] : item["end"]] = [True] * (item["end"] - item["start"])
    for act in acts:
        covered[act["start"] : act["start"] + len(act.get("mark") or "")] = [True] * len(act.get("mark") or "")
    for found in re.finditer("[0-9０-９]+", text):
        if not all(covered[found.start() : found.end()]):
            yield f"digits {found[0]} at {found.start()} are neither metric nor negative"
    for i, m in enumerate(metrics):
        where = f"metric {i} {m['stated']}"
        values, unit, bound = read(m["stated"])
        printed_before = not unit and m["unit"] and text[: m["start"]].rstrip("达为约超近逾共").endswith(m["unit"])
        if not any(abs(v - Decimal(m["value"])) < Decimal("1e-9") for v in values):
            yield f"{where}: value {m['value']}, read {values}"
        if unit != m["unit"] and not printed_before and "unit" not in m.get("doubt", ()):
            yield f"{where}: unit {m['unit']}, read {unit}"
        if bound != m["bound"] and "bound" not in m.get("doubt", ()):
            yield f"{where}: bound {m['bound']}, read {bound}"
        for key in ("of", "part_of"):
            if m[key] is not None and not (0 <= m[key] < len(metrics) and m[key] != i):
                yield f"{where}: {key} {m[key]}"
        if m["of"] is not None and metrics[m["of"]]["kind"] != "level":
            yield f"{where}: of points to a change"
        if (m["kind"] == "change") != (m["direction"] is not None) or (m["kind"] == "change") != (
            m["basis"] is not None
        ):
            yield f"{where}: kind, direction and basis disagree"
        if m["kind"] == "change" and m["accumulation"] != "period":
            yield f"{where}: a change is of the period"
        spans = [a for a in acts if a["start"] <= m["start"] < a["end"]]
        if m["activity"] != (spans[-1]["number"] if spans else None):
            yield f"{where}: activity {m['activity']}"
        if m["head"] not in m["subject"].replace(" ", "") and not m.get("head_alt"):
            yield f"{where}: head {m['head']} not in subject {m['subject']}"
        if len(m["subject"]) > 40:
            yield f"{where}: subject too long"
    order = [m["start"] for m in metrics]
    if order != sorted(order):
        yield "metrics out of order"
    for event in gold["events"]:
        quote = text[event["start"] : event["end"]]
        if event["quote"] != quote or event["name"].strip("“”") not in quote:
            yield f"event {event['name']}"
        for key in ("recipient", "by"):
            if event[key] and event[key] not in text:
                yield f"event {event['name']}: {key} {event[key]} is not printed"
    for i, act in enumerate(acts):
        later = [b["start"] for b in acts[i + 1 :] if b["number"].count(".") <= act["number"].count(".")]
        if act["end"] != len(text[: min(later, default=len(text))].rstrip()):
            yield f"activity {act['number']}: end {act['end']}"
        if act.get("mark") and not text.startswith(act["mark"], act["start"]):
            yield f"activity {act['number']}: mark"
        if act["heading"] and act["heading"] not in text[act["start"] : act["end"]]:
            yield f"activity {act['number']}: heading"


def columns(shown: str) -> str:
    """The text without blanks, page numbers and what stands left of the last column."""
    lines = [line for line in shown.splitlines() if not re.fullmatch(r"\s*- \d+ -\s*", line)]
    return "".join("".join(re.split(r"\s{2,}", line.strip())[-1].split()) for line in lines)


def printed(shown: str, gold: dict[str, Any]) -> Iterator[str]:
    """Words of the record that the text of the report does not hold (blanks and wide characters apart)."""
    wide = (
        {ord("　"): None} | {0xFF10 + i: str(i) for i in range(10)} | {ord("，"): ",", ord("．"): ".", ord("－"): "-"}
    )
    held = ("".join(shown.split()) + "\n" + columns(shown)).translate(wide)
    words = [
        gold[key] for key in ("uscc", "name", "purpose", "address", "legal_representative", "online_name", "phone")
    ]
    words += [gold[key]["stated"] for key in ("initial_capital", "funding_source", "performance", "qualifications")]
    words += [gold[key]["stated"] for key in ("net_assets_opening", "net_assets_closing", "donations")]
    words += [gold[key]["stated"] for key in ("registration_changes", "institution_opinion", "sponsor_opinion")]
    words += [*gold["sponsors"], *gold["other_names"], gold["form_filler"]]
    words += [c[key] for c in gold["registration_changes"]["changes"] for key in ("item", "from", "to")]
    words += [n[key] for n in gold["qualifications"]["licences"] for key in ("name", "number")]
    words += [gift["donor"] for gift in gold["donations"]["gifts"]]
    for word in words:
        if word and "".join(word.split()).translate(wide) not in held:
            yield f"not printed: {word}"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> int:
    wrong, counts = 0, Counter[str]()
    for path, text, gold in documents():
        half, kind = path.parent.name, path.parent.parent.name
        shown = path.with_suffix(".txt").read_text("utf-8")
        found = list(faults(text, gold))
        if kind == "passages" and shown.removesuffix("\n") != text:
            found.append("text and gold differ")
        if kind == "reports" and "".join(text.split()) not in "".join(shown.split()) + "\n" + columns(shown):
            found.append("narrative is not in the text as printed")
        if kind == "reports":
            found += printed(shown, gold)
        for fault in found:
            say(f"{path.relative_to(HERE)}: {fault}")
        wrong += len(found)
        for name, number in {
            "texts": 1,
            "metrics": len(gold["metrics"]),
            "events": len(gold["events"]),
            "activities": len(gold["activities"]),
            "negatives": len(gold["negatives"]),
        }.items():
            counts[f"{kind}/{half} {name}"] += number
    for key, number in sorted(counts.items()):
        say(f"{key}: {number}")
    say(f"{wrong} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
