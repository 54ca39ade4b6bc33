"""The files that a store was built from, found again by the hash of their bytes, and their pages as pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from nianbao.errors import ReadError
from nianbao.reading.layout import Box
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.picture import page_picture

_AT_ONCE = 2
"""Pictures that are drawn at the same time: each is a process of its own."""


class Originals:
    """A folder of report files. Files that came or changed since are found: a look at the folder costs no reading of
    files that were hashed before. Members of ZIP archives are not found."""

    def __init__(self, folder: str | Path, limits: Limits = DEFAULT) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise ReadError(
                "there is no such folder (文件夹不存在)",
                remedy="name the folder that the store was built from",
                where=str(folder),
                code="NB-READ-ABSENT",
            )
        self._limits = limits
        self._hashes: dict[tuple[Path, int, int], str] = {}
        self._paths: dict[str, Path] = {}
        self._lock = Lock()
        self._drawing = 0

    def path(self, sha256: str) -> Path | None:
        """The file whose bytes have this hash (in hexadecimal), or None."""
        with self._lock:
            known = self._paths.get(sha256)
            if known is None or not known.is_file():
                self._look()
                known = self._paths.get(sha256)
        return known

    def picture(self, sha256: str, page: int, marks: Sequence[Box] = ()) -> bytes | None:
        """A page of a file as PNG with places marked, None where the file is not here.

        Raises ReadError as ``page_picture``, and NB-READ-BUSY where too many are being drawn.
        """
        path = self.path(sha256)
        if path is None:
            return None
        with self._lock:
            if self._drawing >= _AT_ONCE:
                raise ReadError(
                    "too many pages are being drawn (正在绘制的页面过多)",
                    remedy="try again in a moment",
                    where=path.name,
                    code="NB-READ-BUSY",
                )
            self._drawing += 1
        try:
            return page_picture(path, page, marks=marks, limits=self._limits)
        finally:
            with self._lock:
                self._drawing -= 1

    def _look(self) -> None:
        found: dict[str, Path] = {}
        hashes: dict[tuple[Path, int, int], str] = {}
        for path in self.folder.rglob("*"):
            try:
                if not path.is_file() or path.stat().st_size > self._limits.file:
                    continue
                key = (path, path.stat().st_size, path.stat().st_mtime_ns)
                hashes[key] = self._hashes.get(key) or _sha256(path)
            except OSError:
                continue  # it went away, or may not be read: then it is not here
            found[hashes[key]] = path
        self._hashes, self._paths = hashes, found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
