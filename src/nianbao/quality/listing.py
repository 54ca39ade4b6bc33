"""The rules as lists: for a terminal, for programs, and as the page docs/rules.md."""

from __future__ import annotations

import json
from collections.abc import Iterable

from nianbao.quality.shapes import (
    DIMENSION_NAMES_ZH,
    FAULT_NAMES,
    SEVERITY_NAMES,
    Check,
    Rule,
    Text,
    rules,
    thresholds,
)


def format_rules(form: str = "text", lang: str = "zh", of: Iterable[Rule] | None = None) -> str:
    """The rules as text, or as JSON Lines (one shape a line). of: the shipped ones, unless given."""
    each = list(rules() if of is None else of)
    if form == "json":
        return "".join(json.dumps(_plain(check), ensure_ascii=False) + "\n" for rule in each for check in rule.checks)
    lines = []
    marks = (("跨报告", "across reports"), ("结果不公开", "findings not for publication"))
    for rule in each:
        grades = "/".join(SEVERITY_NAMES[lang][severity] for severity in rule.severities)
        said = [
            Text(*mark).in_(lang) for mark, is_so in zip(marks, (rule.across, rule.restricted), strict=True) if is_so
        ]
        lines.append(f"{rule.id:<5} [{'; '.join([grades, *said])}] {rule.label.in_(lang)}")
        lines += [f"      {message.in_(lang)}" for message in dict.fromkeys(rule.messages)]
        lines += [f"      {'说明：' if lang == 'zh' else 'Note: '}{note.in_(lang)}" for note in rule.notes]
        lines.append(f"      {'处理：' if lang == 'zh' else 'To do: '}{rule.remedy.in_(lang)}")
        lines += [
            f"      {'依据：' if lang == 'zh' else 'Basis: '}{basis.label.in_(lang)} [{basis.mark.in_(lang)}]"
            for basis in rule.bases
        ]
    return "\n".join(lines) + "\n"


def rules_page() -> str:
    """docs/rules.md: every rule with its shapes, in both languages."""
    parts = [
        "# 审核规则 · The audit rules\n",
        "<!-- Written by `nianbao.quality.listing.rules_page` from shapes/*.ttl; do not edit. -->\n",
        "每条规则是一个或几个 SHACL 形状（`shapes/`）。严重程度：违反、警告、提示。“{?…}”处填入报告的数据。\n",
        "Each rule is one SHACL shape or several (`shapes/`). Severities: violation, warning, info. "
        "`{?…}` stands for what the report says.\n",
        "“条文已核对”只写在见过原文的法规、标准和表样后面；“条文未核对”表示尚未见到原文，故不写条文号；地方做法和项目自定的检查没有法规条文。\n",
        "“Text verified” stands at laws, standards and the official form only, where the text has been seen; "
        "“text not verified”: it has not, so no article number is given. "
        "A local practice or a project check rests on no legal text.\n",
        "| 编号 | 规则 · Rule | 严重程度 · Severity | 维度 · Dimension | 依据 · Basis |",
        "|---|---|---|---|---|",
    ]
    for rule in rules():
        grades = "、".join(SEVERITY_NAMES["zh"][s] for s in rule.severities) + " · " + ", ".join(rule.severities)
        parts.append(
            f"| [{rule.id}](#{rule.id.lower()}) | {rule.label.zh} · {rule.label.en} | {grades} "
            f"| {DIMENSION_NAMES_ZH[rule.dimension]} · {rule.dimension} | {rule.basis.zh} |"
        )
    for rule in rules():
        parts.append(f"\n## {rule.id}\n\n{rule.label.zh} · {rule.label.en}\n")
        if rule.across:
            parts.append(
                "与其他报告比较，其他报告不在库中时不作判断。 · Compares with other reports; silent without them.\n"
            )
        if rule.restricted:
            parts.append(
                "结果只供登记管理机关核查，不公开。 · The findings are for the registrar only, not published.\n"
            )
        parts += [
            f"依据：{basis.label.zh}（{basis.mark.zh}） · Basis: {basis.label.en} ({basis.mark.en})\n"
            for basis in rule.bases
        ]
        parts += [f"说明：{note.zh} · Note: {note.en}\n" for note in rule.notes]
        parts.append(f"处理：{rule.remedy.zh} · To do: {rule.remedy.en}\n")
        for check in rule.checks:
            name = check.shape.rpartition("/")[2]
            grade = f"{SEVERITY_NAMES['zh'][check.severity]} · {check.severity}"
            fault = f"{FAULT_NAMES['zh'][check.fault]} · {FAULT_NAMES['en'][check.fault]}"
            parts.append(f"- `nbs:{name}` ({grade}; {fault}): {check.message.zh} · {check.message.en}")
    parts.append("\n## 阈值 · Thresholds\n")
    parts.append("在 `shapes/thresholds.ttl`；可用自己的 TOML 文件改（`名称 = 数`）。")
    parts.append("They are in `shapes/thresholds.ttl`; a TOML file of your own (`name = number`) changes them.\n")
    parts += ["| 名称 · Name | 值 · Value | 范围 · Range | 含义 · Meaning |", "|---|---|---|---|"]
    parts += [
        f"| `{each.name}` | {each.value:f} | {each.minimum:f}–{each.maximum:f} | {each.label.zh} · {each.label.en} |"
        for each in thresholds().values()
    ]
    return "\n".join(parts) + "\n"


def _plain(check: Check) -> dict[str, object]:
    return {
        "rule": check.rule,
        "shape": check.shape,
        "severity": check.severity,
        "label": check.label._asdict(),
        "message": check.message._asdict(),
        "basis": check.basis._asdict(),
        "verified": check.verified,
        "bases": [
            {"iri": basis.iri, "label": basis.label._asdict(), "kind": basis.kind, "verified": basis.seen}
            for basis in check.bases
        ],
        "dimension": check.dimension,
        "fault": check.fault,
        "remedy": check.remedy._asdict(),
        "across": check.across,
        "restricted": check.restricted,
    }
