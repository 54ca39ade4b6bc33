"""Boxes of free text → opinions with their date and secrecy review, and plain sections. Pure functions on text.

Each takes the whole reading text and the span of a box; what it quotes is in that span.
"""

from __future__ import annotations

import re

from nianbao.form.values import denies, parse_date, says_nothing
from nianbao.record import OpinionSection, Section, SponsorOpinionSection

# ---------------------------------------------------------------- opinions, plain sections

# Wordings seen: 情况属实，并经保密审查，可以向社会公示; 情况属实。…已经保密审查，可以…; 经保密审查，予以公开.
_NO_SECRET = r"(?:不|未|无)(?:涉及?|含|存在|发现)?[^，。；]{0,6}(?:涉?密|秘密)(?!审)"
_REVIEWED = re.compile(
    rf"保密[^，。；]{{0,6}}(?:审查|审核|审批|检查)|涉密(?:审查|审核)|审[查核][^。；]{{0,10}}{_NO_SECRET}"
)
_PUBLISH = re.compile(
    r"(?:可以?|同意|准予|准许|予以|允许|可予|拟予)[^。；]{0,10}公[示开布]"
    rf"|(?:审查|审核)(?:已|均)?(?:合格|通过|无异议|无问题)|通过(?:了)?保密|保密[^。；]{{0,8}}{_NO_SECRET}"
)
_REFUSED = re.compile(
    r"(?:未(?!发现|见|涉)|没|尚|待|须|需|请先|有待)[^，。；]{0,8}保密(?:性|工作)?(?:审|检)"
    r"|保密性?(?:审查|审核)(?:未|不|没|后(?!，?(?:可|同)))|保密(?:审查|审核)(?:后)?(?:方|再)"
    r"|(?<!异议，)(?:不|未|暂缓|暂不)(?:同意|予|得|宜|可|能)?以?[^，。；]{0,6}公[示开布]"
)


def is_secrecy_reviewed(words: str | None) -> bool:
    """Whether a sponsor's opinion says that the report passed the secrecy review and may be published."""
    plain = re.sub(r"\s", "", words or "").replace("査", "查").replace(",", "，").replace(";", "；")
    return bool(_REVIEWED.search(plain) and _PUBLISH.search(plain)) and not _REFUSED.search(plain)


def institution_opinion(text: str, start: int, end: int, signature: str) -> OpinionSection:
    """事业单位委托意见; ``signature`` is what stands behind its words: who signs, seal, date."""
    stated = text[start:end] or None
    return OpinionSection(
        stated=stated, none=bool(stated and says_nothing(stated)), start=start, end=end, date=_signed(signature)
    )


def sponsor_opinion(text: str, start: int, end: int, signature: str) -> SponsorOpinionSection:
    """举办单位意见（含保密审查意见）."""
    stated = text[start:end] or None
    return SponsorOpinionSection(
        stated=stated,
        none=bool(stated and says_nothing(stated)),
        start=start,
        end=end,
        date=_signed(signature),
        secrecy_reviewed=is_secrecy_reviewed(stated),
    )


def _signed(signature: str) -> str | None:
    return parse_date(signature)


def section(text: str, start: int, end: int) -> Section:
    """A box of free text."""
    stated = text[start:end]
    if not stated.strip():
        return Section(start=start, end=end)
    return Section(stated=stated, none=denies(stated), start=start, end=end)
