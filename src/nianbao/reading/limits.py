"""How much one file may cost: the limits of reading, with the measured defaults (docs/reading.md).

The text form is ``NAME=VALUE`` with the names below: ``--limit pages=500`` or the table ``[limits]`` of nianbao.toml.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from nianbao.errors import ReadError

_SCALE = {"": 1, "K": 1_000, "M": 1_000_000, "G": 1_000_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes are bytes unless the name says otherwise; times are seconds.

    file: of the file. pages: a document. cpu, wall, memory: the process that reads a file. report_cpu: what comes
    behind, repair, form and narrative of one report. characters: that a file may give.
    ocr_memory: address space of OCR. ocr_page: CPU a page. ocr_pages: pages of a file that OCR reads.
    page_side: points of a page that is rendered. image_pixels: of an image that is decoded.
    unzipped, members: of a ZIP archive, a Word file being one. ratio: by which a member may be compressed.
    office, office_memory: wall clock and address space of LibreOffice, which converts a file.
    """

    file: int = 50_000_000
    pages: int = 200
    cpu: int = 20
    wall: int = 60
    memory: int = 1_000_000_000
    report_cpu: int = 60
    characters: int = 2_000_000
    ocr_memory: int = 2_000_000_000
    ocr_page: int = 60
    ocr_pages: int = 30
    page_side: int = 5_000
    image_pixels: int = 100_000_000
    unzipped: int = 100_000_000
    members: int = 2_000
    ratio: int = 500
    office: int = 90
    office_memory: int = 4_000_000_000

    def changed(self, settings: Iterable[str] | Mapping[str, object]) -> Self:
        """These limits with others in place: ``["pages=500", "memory=2G"]`` or ``{"pages": 500}``.

        K, M and G stand for thousands, millions and thousand millions. Raises ReadError (NB-READ-LIMIT).
        """
        if not isinstance(settings, Mapping):
            settings = dict(word.partition("=")[::2] for word in settings)
        names = [field.name for field in dataclasses.fields(self)]
        found: dict[str, int] = {}
        for name, value in settings.items():
            name = name.strip().replace("-", "_")
            number = re.fullmatch(r"(\d+)([KMG]?)", str(value).strip())
            if name not in names or not number or not int(number[1]):
                raise ReadError(
                    f"{name}={value} is no limit (限制设置有误)",
                    remedy=f"write NAME=NUMBER with one of {', '.join(names)}",
                    code="NB-READ-LIMIT",
                )
            found[name] = int(number[1]) * _SCALE[number[2]]
        return dataclasses.replace(self, **found)

    def report_time(self, where: str) -> ReadError:
        """What to say when repair, form and narrative of one report take too long."""
        return ReadError(
            f"making a record of it took longer than {self.report_cpu} s of CPU (超出时间限制)",
            remedy="look whether it is a report; otherwise raise the limit report_cpu",
            where=where,
            code="NB-READ-TIMEOUT",
        )


DEFAULT = Limits()
