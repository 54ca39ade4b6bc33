"""The algebra of a query, as rdflib reads it. Reading takes some 40 ms a query, all rules seconds, so what was read is
kept in the user's cache folder (``XDG_CACHE_HOME``, else ``~/.cache``); where that cannot be written, nothing is kept.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any


def algebra(text: str) -> Any:
    """The algebra of a query (rdflib's CompValue; its functions are left out). Raises what rdflib raises."""
    kept = _place(text)
    try:
        return pickle.loads(kept.read_bytes())
    except Exception:  # absent, of another version, or broken: it is read again
        pass
    from rdflib.plugins.sparql import prepareQuery  # heavy: only where a query is new

    found = prepareQuery(text).algebra
    _keep(kept, found)
    return found


def _place(text: str) -> Path:
    import rdflib

    version = f"{rdflib.__version__} {sys.version_info[:2]} 3"
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return folder / "nianbao" / "queries" / (sha256(f"{version}\n{text}".encode()).hexdigest() + ".pickle")


def _keep(place: Path, found: Any) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        written = io.BytesIO()
        _Pickler(written).dump(found)
        with NamedTemporaryFile(dir=place.parent, delete=False) as file:
            file.write(written.getvalue())
        Path(file.name).replace(place)  # whole or not at all, also where several processes do it at once
    except (OSError, pickle.PicklingError, TypeError, AttributeError, RecursionError):
        pass  # not kept: that must not make a rule one that cannot be compiled


class _Pickler(pickle.Pickler):
    def reducer_override(self, part: Any) -> Any:
        from rdflib.plugins.sparql.parserutils import CompValue

        if isinstance(part, CompValue):
            # What was translated is set as an attribute, beside the key that holds what was read first.
            attributes = {key: value for key, value in vars(part).items() if key not in ("name", "_evalfn", "ctx")}
            return _part, (part.name, dict(dict.items(part)), attributes)
        return NotImplemented


def _part(name: str, keys: dict[str, Any], attributes: dict[str, Any]) -> Any:
    from rdflib.plugins.sparql.parserutils import CompValue

    part = CompValue(name, **keys)
    vars(part).update(attributes)
    return part
