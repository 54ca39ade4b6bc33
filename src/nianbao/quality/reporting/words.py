"""The words of the formats for people, in Chinese and English."""

from __future__ import annotations

from nianbao.quality.shapes import Check, Text, singular

WORDS = {
    "title": Text("数据质量审核报告", "Data-quality audit"),
    "subtitle": Text("事业单位法人年度报告书", "Annual reports of public institutions"),
    "made": Text("生成日期", "Made on"),
    "scope": Text("范围", "Scope"),
    "reports": Text("报告", "reports"),
    "all": Text("全部现行报告", "all current reports"),
    "findings": Text("发现", "Findings"),
    "counted": Text("{reports} 份报告，{n} 条发现：{counts}", "{n} findings in {reports} reports: {counts}"),
    "clean": Text("没有发现问题。", "No findings."),
    "waived": Text("豁免", "waived"),
    "waived-note": Text("另有 {n} 条已豁免，照列", "{n} more are waived, and listed"),
    "until": Text("至 {day}", "until {day}"),
    "unchecked": Text(
        "{n} 份报告未经现行规则审核，不能视为合格；请重新运行 nianbao build。",
        "{n} reports were not checked by the present rules and do not count as passed; run nianbao build again.",
    ),
    "dimensions": Text("维度与等级", "Dimensions and grades"),
    "dimension": Text("维度", "Dimension"),
    "grade": Text("等级", "Grade"),
    "rate": Text("通过率", "Passed"),
    "checked": Text("检查数 n", "Checks n"),
    "failed": Text("未通过", "Failed"),
    "all-dimensions": Text("合计", "All together"),
    "small": Text("样本小", "few checks"),
    "grades-note": Text(
        "一次检查是一条规则用于一份报告；等级按通过率：{grades}。检查数少于 {small} 的标“样本小”。豁免不改变等级。",
        "A check is one rule on one report. Grades are of the share passed: {grades}. Those of fewer than {small} "
        "checks are marked. Waivers change no grade.",
    ),
    "trend": Text("历年走势", "Over the years"),
    "severities": Text("严重程度", "Severity"),
    "by-rule": Text("按规则", "By rule"),
    "by-sponsor": Text("按举办单位", "By sponsor"),
    "by-division": Text("按行政区划", "By division"),
    "by-year": Text("按年度", "By year"),
    "by-report": Text("按报告", "By report"),
    "rule": Text("规则", "Rule"),
    "sponsor": Text("举办单位", "Sponsor"),
    "division": Text("行政区划", "Division"),
    "year": Text("年度", "Year"),
    "report": Text("报告", "Report"),
    "severity": Text("严重程度", "Severity"),
    "institution": Text("单位", "Institution"),
    "text": Text("原文", "Text"),
    "remedy": Text("处理", "To do"),
    "basis": Text("依据", "Basis"),
    "fault": Text("出自", "Lies in"),
    "per-report": Text("每份报告的发现", "Findings a report"),
    "notes": Text("说明", "Notes"),
    "gates": Text("批次门槛", "Batch gates"),
    "shown": Text(
        "此处列出前 {n} 条，共 {all} 条，{left} 条未列；全部请用 --format csv 或 json，"
        "或用 --report、--rule 等缩小范围。",
        "The first {n} of {all} are listed, {left} are left out; use --format csv or json for all, "
        "or --report, --rule … for fewer.",
    ),
    "left-out": Text("本组还有 {n} 条未列出。", "{n} more of this group are left out."),
    "groups-left-out": Text("另有 {groups} 组、{n} 条未列出。", "{groups} more groups with {n} findings are left out."),
    "groups-shown": Text("列出前 {n} 组，共 {all} 组。", "The first {n} of {all} groups are listed."),
    "colon": Text("：", ": "),
    "comma": Text("，", ", "),
}


def word(key: str, lang: str, **values: object) -> str:
    """The words for `key` in ``zh`` or ``en``; ``{name}`` is filled in."""
    words = WORDS[key].in_(lang).format(**values)
    return singular(words) if lang == "en" else words


def bases_in(check: Check | None, lang: str) -> str:
    """What a rule rests on, each with its mark: whether a legal text has been seen, or that there is none."""
    said = (f"{basis.label.in_(lang)} [{basis.mark.in_(lang)}]" for basis in check.bases) if check else ()
    return ("；" if lang == "zh" else "; ").join(said)
