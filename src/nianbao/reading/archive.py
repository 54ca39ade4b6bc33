"""ZIP archives: checked before they are opened, and unpacked within limits.

Word files are archives too, so their reader takes their parts from here. The sizes that an archive states are not
believed: what is unpacked is counted.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator

from nianbao.errors import ReadError
from nianbao.reading.filing import noise
from nianbao.reading.limits import Limits
from nianbao.reading.wire import Member

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others need memory as they please
_CHUNK = 1 << 16


class Archive:
    """An archive that has passed the checks. Raises ReadError where it does not."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.limits = limits
        self.unpacked = 0
        try:
            self.file = zipfile.ZipFile(io.BytesIO(data))
            self.members = [info for info in self.file.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise _damaged(error) from error
        if len(self.members) > limits.members:
            raise _refused(f"it has {len(self.members):,} members, more than {limits.members:,}", "members")
        stated = sum(info.file_size for info in self.members)
        if stated > limits.unzipped:
            raise _refused(f"it unpacks to {stated:,} bytes, more than {limits.unzipped:,}", "unzipped")
        for info in self.members:
            if info.file_size > 1_000_000 and info.file_size > limits.ratio * info.compress_size:
                raise _refused(f"a member is compressed more than {limits.ratio}-fold", "ratio")
        self.names = {info.filename: info for info in self.members}
        if len(self.names) < len(self.members):
            raise _refused("two members have one name", "members", "unpack it, look which is meant, and give that")
        ends = 0
        for info in sorted(self.members, key=lambda info: info.header_offset):
            if info.header_offset < ends:
                raise _refused("its members overlap", "members", "no program packs files so; do not trust it")
            ends = info.header_offset + 30 + info.compress_size
        self.alike = {_alike(name): name for name in reversed(self.names)}

    def named(self, name: str) -> str:
        """The member that a name means, whatever the case of letters and the slashes; itself where there is none."""
        return name if name in self.names else self.alike.get(_alike(name), name)

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises KeyError where there is none, ReadError where it cannot be unpacked."""
        info = self.names[name]
        if info.flag_bits & 1:
            raise ReadError(
                "the archive needs a password (压缩包已加密)",
                remedy="unpack it with the password and give what it holds",
                place=_shown(name),
                code="NB-READ-ENCRYPTED",
            )
        if info.compress_type not in _METHODS:
            raise _refused("a member is neither stored nor deflated", "unzipped", "pack it again as an ordinary ZIP")
        parts = []
        try:
            with self.file.open(info) as file:
                while chunk := file.read(_CHUNK):
                    self.unpacked += len(chunk)
                    if self.unpacked > self.limits.unzipped:
                        raise _refused(f"it unpacks to more than {self.limits.unzipped:,} bytes", "unzipped")
                    parts.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise _damaged(error, _shown(name)) from error
        return b"".join(parts)


def read(data: bytes, limits: Limits) -> Iterator[Member]:
    """The files of an archive, in the order of their names; one that cannot be unpacked with the reason.

    Left out are hidden files and what systems put beside files. The names are for people: nothing is written.
    """
    archive = Archive(data, limits)
    for name, kept in sorted((decoded(info).replace("\\", "/"), info.filename) for info in archive.members):
        parts = [part for part in name.split("/") if part not in ("", ".", "..")]
        if any(noise(part) for part in parts):
            continue
        try:
            yield Member(name=_shown(name), data=archive.read(kept))
        except ReadError as error:
            if archive.unpacked > limits.unzipped:
                raise
            yield Member(name=_shown(name), fault=(error.reason, error.remedy, error.code))


def _alike(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def decoded(info: zipfile.ZipInfo) -> str:
    """A member's name: names that are not marked as UTF-8 are GBK in practice, which zipfile takes for CP437."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    decoders: tuple[Callable[[], str], ...] = (lambda: raw.decode("utf-8"), lambda: raw.decode("gb18030"))
    for decoder in decoders:
        try:
            return decoder()
        except UnicodeDecodeError:
            continue
    return info.filename


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)[-200:]


def _refused(reason: str, limit: str, remedy: str = "") -> ReadError:
    return ReadError(
        f"the archive is refused: {reason} (压缩包超出限制)",
        remedy=remedy or f"it may be made to do harm; otherwise raise the limit {limit}",
        code="NB-READ-ARCHIVE",
    )


def _damaged(error: Exception, place: str = "") -> ReadError:
    return ReadError(
        f"the archive is damaged: {error} (压缩包损坏)".replace("\n", " "),
        remedy="get the file again, or open it in its own program and save it",
        place=place,
        code="NB-READ-DAMAGED",
    )
