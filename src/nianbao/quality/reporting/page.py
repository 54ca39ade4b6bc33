"""The audit as one HTML file: styles and charts inside it, no script, nothing fetched; made to be printed on A4 too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from pathlib import Path

from nianbao.quality.findings import Finding
from nianbao.quality.reporting import charts
from nianbao.quality.reporting.measures import Measure, dimension_name, grades, total
from nianbao.quality.reporting.outcome import By, Group, Outcome
from nianbao.quality.reporting.population import division_label
from nianbao.quality.reporting.words import bases_in, word
from nianbao.quality.shapes import FAULT_NAMES, SEVERITIES, SEVERITY_NAMES

FINDINGS = 3000
"""Findings that are listed; more would make a file that no browser opens with ease. The page says what it left out."""
GROUPS = 100
"""Rows of a table of sponsors, divisions or rules."""


def format_html(done: Outcome, lang: str = "zh", *, by: By = "report", today: date | None = None) -> str:
    """The whole file. by: under which headings the findings are listed. `today` is the date that it bears."""
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    title = word("title", lang)
    body = "\n".join(
        part
        for parts in (
            _header(done, lang, today or date.today()),
            _counts(done, lang),
            _dimensions(done, lang),
            _trends(done, lang),
            _tables(done, lang),
            _findings(done, lang, by),
        )
        for part in parts
    )
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _header(done: Outcome, lang: str, today: date) -> Iterator[str]:
    def say(key: str) -> str:
        return escape(word(key, lang))

    scope, colon = done.scope, word("colon", lang)
    asked = [
        ("report", scope.report),
        ("sponsor", scope.sponsor),
        ("division", division_label(scope.division, lang) if scope.division else None),
        ("year", scope.year),
        ("rule", done.rule),
        ("severity", SEVERITY_NAMES[lang][done.severity] if done.severity else None),
    ]
    words = [f"{say(key)}{colon}{escape(str(value))}" for key, value in asked if value is not None]
    yield f"<header><h1>{say('title')}</h1>"
    yield f'<p class="soft">{say("subtitle")} · {say("made")}{colon}{today.isoformat()}</p>'
    yield f'<p class="soft">{say("scope")}{colon}{word("comma", lang).join(words) or say("all")}</p></header>'
    if done.unchecked:
        yield f'<p class="alarm" role="alert">{escape(word("unchecked", lang, n=len(done.unchecked)))}</p>'
    for gate in done.gates:
        kind = "alarm" if gate.severity == "violation" else "remark"
        yield f'<p class="{kind}">{say("gates")}{colon}{escape(gate.message.in_(lang))}</p>'
    for note in done.notes:
        yield f'<p class="{"alarm" if note.fails else "remark"}">{escape(note.text.in_(lang))}</p>'


def _counts(done: Outcome, lang: str) -> Iterator[str]:
    cells = [("", word("reports", lang), len(done.reports))]
    cells += [(severity, SEVERITY_NAMES[lang][severity], done.counts[severity]) for severity in SEVERITIES]
    cells.append(("", word("waived", lang), sum(finding in done.waivers for finding in done.findings)))
    yield '<dl class="counts">'
    for name, label, number in cells:
        yield f'<div class="{name}"><dt>{escape(label[0].upper() + label[1:])}</dt><dd>{number:,}</dd></div>'
    yield "</dl>"


def _dimensions(done: Outcome, lang: str) -> Iterator[str]:
    if not done.measures:
        return
    yield f"<h2>{escape(word('dimensions', lang))}</h2>"
    heads = [("dimension", ""), ("grade", ""), ("", "wide"), ("rate", "num"), ("failed", "num"), ("checked", "num")]
    yield f"<table><thead><tr>{''.join(_head(key, kind, lang) for key, kind in heads)}</tr></thead><tbody>"
    for measure in (*done.measures, total(done.measures)):
        if measure is None:
            continue
        name = dimension_name(measure.dimension, lang) if measure.dimension else word("all-dimensions", lang)
        said = f"{measure.rate:.1%}"
        yield (
            f"<tr><th>{escape(name)}</th><td>{grade(measure, lang)}</td>"
            f'<td class="wide">{charts.bar([("good", measure.rate)], 1, said)}</td><td class="num">{said}</td>'
            f'<td class="num">{measure.failed:,}</td><td class="num">{measure.checked:,}</td></tr>'
        )
    yield "</tbody></table>"
    each, small = grades()
    bounds = [f"{one.letter} {one.name.in_(lang)}" + (f" ≥ {one.min:.0%}" if one.min else "") for one in each]
    note = word("grades-note", lang, grades=word("comma", lang).join(bounds), small=small)
    yield f'<p class="soft">{escape(note)}</p>'


def _head(key: str, kind: str, lang: str) -> str:
    return f'<th class="{kind}">{escape(word(key, lang)) if key else ""}</th>'


def grade(measure: Measure, lang: str) -> str:
    """A grade with its name, marked where it rests on few checks."""
    found = measure.grade
    name = escape(found.name.in_(lang))
    small = f' <span class="tag">{escape(word("small", lang))} n={measure.checked}</span>' if measure.small else ""
    return f'<span class="grade {found.letter}">{found.letter}</span> {name}{small}'


def trend_charts(trend: dict[str, tuple[Measure, ...]], lang: str) -> list[tuple[str, str]]:
    """A chart of the share passed over the years for each dimension, and for all together: (name, SVG)."""
    rows: dict[str, list[tuple[str, float, str]]] = {"": []}
    for year, measures in trend.items():
        for measure in (*measures, total(measures)):
            if measure is not None:
                label = f"{measure.grade.letter} {measure.rate:.0%}"
                rows.setdefault(measure.dimension, []).append((year, measure.rate, label))
    names = {key: dimension_name(key, lang) if key else word("all-dimensions", lang) for key in rows}
    return [(names[key], charts.trend(points, names[key])) for key, points in rows.items() if points]


def _trends(done: Outcome, lang: str) -> Iterator[str]:
    if len(done.trend) < 2:
        return
    sizes = word("comma", lang).join(f"{year} n={each[0].reports}" for year, each in done.trend.items())
    yield f'<h2>{escape(word("trend", lang))}</h2><p class="soft">{escape(word("rate", lang))} · {sizes}</p>'
    yield '<div class="trends">'
    for name, chart in trend_charts(done.trend, lang):
        yield f"<figure><figcaption>{escape(name)}</figcaption>{chart}</figure>"
    yield "</div>"


def _tables(done: Outcome, lang: str) -> Iterator[str]:
    tables: tuple[By, ...] = ("year", "rule", "division", "sponsor")
    for by in tables:
        groups = [group for group in done.groups(by, lang) if by == "year" or group.findings]
        if not groups or (by != "rule" and len(groups) < 2):
            continue
        yield f"<h2>{escape(word(f'by-{by}', lang))}</h2>"
        yield from _table(done, by, groups[:GROUPS], lang)
        if len(groups) > GROUPS:
            yield f'<p class="soft">{escape(word("groups-shown", lang, n=GROUPS, all=len(groups)))}</p>'


def _table(done: Outcome, by: By, groups: Sequence[Group], lang: str) -> Iterator[str]:
    severities = "".join(f'<th class="num">{escape(SEVERITY_NAMES[lang][name])}</th>' for name in SEVERITIES)
    reports = "" if by == "rule" else _head("reports", "num", lang)
    graded, bars = ("failed", "findings") if by == "rule" else ("grade", "per-report")
    yield (
        f"<table><thead><tr>{_head(by, '', lang)}{reports}{_head(graded, '', lang)}{_head(bars, 'wide', lang)}"
        f"{severities}{_head('waived', 'num', lang)}</tr></thead><tbody>"
    )
    largest = max(len(group.findings) / (1 if by == "rule" else len(group.reports)) for group in groups)
    for group in groups:
        counts = done.counted(group.findings)
        share = 1 if by == "rule" else len(group.reports)  # findings a report, or large groups look worse than small
        parts = [(severity, counts[severity] / share) for severity in SEVERITIES]
        said = word("comma", lang).join(f"{SEVERITY_NAMES[lang][name]} {counts[name]}" for name in SEVERITIES)
        numbers = "".join(f'<td class="num">{counts[severity] or "–"}</td>' for severity in SEVERITIES)
        whole = group.total
        graded = f"{whole.failed}/{whole.checked}" if whole else ""
        if whole and by != "rule":  # one rule has no grade: what it looks for may be common and slight
            small = f' <span class="tag">{escape(word("small", lang))}</span>' if whole.small else ""
            graded = f'<span class="grade {whole.grade.letter}">{whole.grade.letter}</span> {graded}{small}'
        number = "" if by == "rule" else f'<td class="num">{len(group.reports)}</td>'
        waived = sum(finding in done.waivers for finding in group.findings)
        yield (
            f'<tr><th>{escape(group.label)}</th>{number}<td class="tight">{graded}</td><td class="wide">'
            f'{charts.bar(parts, largest, said)}</td>{numbers}<td class="num">{waived or "–"}</td></tr>'
        )
    yield "</tbody></table>"


def _findings(done: Outcome, lang: str, by: By) -> Iterator[str]:
    yield f"<h2>{escape(word('findings', lang))}</h2>"
    if not (done.incomplete or done.unchecked or done.findings):
        yield f"<p>{escape(word('clean', lang))}</p>"
    for finding in (*done.incomplete, *done.unchecked)[:FINDINGS]:
        yield from _finding(done, finding, lang, named=True)
    groups = [group for group in done.groups(by, lang) if group.findings]
    total_, room = sum(len(group.findings) for group in groups), FINDINGS
    if total_ > room:
        note = word("shown", lang, n=f"{room:,}", all=f"{total_:,}", left=f"{total_ - room:,}")
        yield f'<p class="remark">{escape(note)}</p>'
    for number, group in enumerate(groups):
        if not room:
            left = sum(len(each.findings) for each in groups[number:])
            note = word("groups-left-out", lang, n=f"{left:,}", groups=f"{len(groups) - number:,}")
            yield f'<p class="remark">{escape(note)}</p>'
            return
        shown = group.findings[:room]
        room -= len(shown)
        counts = done.counted(group.findings)
        badges = " ".join(badge(name, lang, counts[name]) for name in SEVERITIES if counts[name])
        yield f"<section><h3>{escape(group.label)} {badges}</h3>"
        if by == "report":
            yield f'<p class="soft">&lt;{escape(group.key)}&gt;</p>'
        for finding in shown:
            yield from _finding(done, finding, lang, named=by != "report")
        if left := len(group.findings) - len(shown):
            yield f'<p class="remark">{escape(word("left-out", lang, n=f"{left:,}"))}</p>'
        yield "</section>"


def badge(severity: str, lang: str, number: int | None = None) -> str:
    """A severity in words, with a number."""
    words = SEVERITY_NAMES[lang][severity] + ("" if number is None else f" {number}")
    return f'<span class="badge {severity}">{escape(words)}</span>'


def _finding(done: Outcome, finding: Finding, lang: str, *, named: bool) -> Iterator[str]:
    """named: with the institution and the year that it is about."""

    def row(key: str, text: str) -> str:
        return f'<p class="soft">{escape(word(key, lang))}{word("colon", lang)}{text}</p>'

    waiver = done.waivers.get(finding)
    yield f'<div class="finding {finding.severity}{" waived" if waiver else ""}">'
    name = f"{finding.institution} {finding.year or ''} ".lstrip() if named else ""
    yield (
        f'<p>{badge(finding.severity, lang)} <span class="rule">{escape(finding.rule)}</span> '
        f"{escape(done.label(finding.rule).in_(lang))}</p><p>{escape(name + finding.message.in_(lang))}</p>"
    )
    if finding.evidence:
        yield f"<blockquote>{escape(finding.evidence.quote)}</blockquote>"
    if waiver:
        until = word("until", lang, day=waiver.until)
        words = f"{word('waived', lang)}{word('colon', lang)}{waiver.reason} ({waiver.who}, {until})"
        yield f'<p class="waiver">{escape(words)}</p>'
    yield row("remedy", escape(done.remedy(finding).in_(lang)))
    if basis := bases_in(done.rules.checks.get(finding.shape), lang):
        yield row("basis", escape(basis))
    if finding.fault != "source":
        yield row("fault", escape(FAULT_NAMES[lang][finding.fault]))
    yield "</div>"
