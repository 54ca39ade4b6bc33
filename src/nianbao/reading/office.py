"""Old Word files, RTF and OpenDocument: LibreOffice turns them into .docx, where it is installed.

It runs with a profile of its own in a temporary folder, within limits and without a network, one run a file.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from nianbao.confinement import Scratch
from nianbao.errors import ReadError
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.sandbox import read_apart
from nianbao.reading.sniff import ARCHIVE, Kind
from nianbao.reading.wire import Member

_PROGRAMS = ("soffice", "libreoffice")
# Its import filters, named so that it does not take what it cannot read for plain text.
_FILTERS = {
    "a Word 2003 XML file": "MS Word 2003 XML",
    "an OpenDocument text (.odt)": "writer8",
    "a flat OpenDocument text (.fodt)": "OpenDocument Text Flat XML",
    "an RTF file": "Rich Text Format",
    "an old Word file (.doc)": "MS Word 97",
}
_XML = ("a Word 2003 XML file", "a flat OpenDocument text (.fodt)")
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
 oor:op="fuse"><value>3</value></prop><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
</item></oor:items>
"""


def program() -> str | None:
    """The path of LibreOffice, or None where it is not installed."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def as_docx(data: bytes, kind: Kind, limits: Limits = DEFAULT) -> bytes:
    """The file as .docx. Raises ReadError: LibreOffice is missing, takes too long, cannot read it."""
    found = program()
    if found is None:
        raise ReadError(
            f"this is {kind.name}, which needs LibreOffice to be read (需要安装 LibreOffice)",
            remedy="install LibreOffice, or save the file as .docx, .pdf or text",
            code="NB-READ-OFFICE",
        )
    _looked_at(data, kind, limits)
    with Scratch() as folder:
        name = str(folder)
        # The name is ours; what the file is, LibreOffice finds by itself.
        source, out, profile = folder / "report.doc", folder / "out", folder / "profile"
        source.write_bytes(data)
        (profile / "user").mkdir(parents=True)
        (profile / "user/registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        bounds = (limits.office_memory, limits.office, limits.office, 2 * limits.unzipped)
        command = [
            *(sys.executable, "-P", "-m", "nianbao.confinement", *map(str, bounds)),
            *(found, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
            *(f"-env:UserInstallation={profile.as_uri()}", f"--infilter={_FILTERS[kind.name]}"),
            *("--convert-to", "docx", "--outdir", str(out), str(source)),
        ]
        environment = {
            "HOME": name,
            "TMPDIR": name,
            "PATH": os.defpath,
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
            "LANG": "C.UTF-8",
        }
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=name,
            process_group=0,
        ) as process:
            try:
                process.wait(limits.office)
            except subprocess.TimeoutExpired:
                raise ReadError(
                    f"LibreOffice took longer than {limits.office} s (转换超时)",
                    remedy="save the file as .docx yourself, or raise the limit office",
                    code="NB-READ-TIMEOUT",
                ) from None
            finally:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)  # it leaves children behind when it fails
        made = list(out.glob("*.docx")) if out.is_dir() else []
        if not made:
            raise ReadError(
                f"LibreOffice cannot read {kind.name.removeprefix('a ').removeprefix('an ')} (文件无法转换)",
                remedy="the file may be damaged; open it in its own program and save it as .docx",
                code="NB-READ-DAMAGED",
            )
        return made[0].read_bytes()


def _looked_at(data: bytes, kind: Kind, limits: Limits) -> None:
    """Raise ReadError for what LibreOffice should not see: bombs, and XML that declares entities."""
    parts = {"": data} if kind.name in _XML else {}
    if data.startswith(ARCHIVE):
        members = (message for message in read_apart("archive", data, limits) if isinstance(message, Member))
        parts = {member.name: member.data for member in members if member.name.endswith((".xml", ".rdf"))}
    for name, part in parts.items():
        if b"<!ENTITY" in part.replace(b"\0", b""):  # in UTF-16 too
            raise ReadError(
                f"{kind.name} declares entities (文档含外部实体或类型声明)",
                remedy="no such file has them; do not trust this file",
                place=name,
                code="NB-READ-ENTITIES",
            )
