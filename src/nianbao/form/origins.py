"""Where the reading text came from: runs of its characters and their places in the lines of the file.

The parser only adds and drops blanks: the other characters of a box are, one for one and in order, those of its pieces
of lines. So the places are found by walking both at once, when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nianbao.form.labels import Piece, clean_columns

Run = tuple[int, int, int, int]
"""start, end, line, column: ``text[start:end] == lines[line][column : column + end - start]``; all from 0."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A stretch [start, end) of the reading text and the pieces of cleaned lines that it was written from."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


def runs(text: str, traces: Iterable[Trace], lines: Sequence[str]) -> tuple[Run, ...]:
    """The longest runs of ``text`` that stand in ``lines`` as they are, in the order of the text."""
    found: list[Run] = []
    for trace in traces:
        places = _places(trace.pieces, lines)
        begin = line = column = 0
        end = -1  # of the run at hand; none yet
        for here in range(trace.start, trace.end):
            if text[here].isspace():
                continue
            on, at = next(places)
            # Blanks between two characters belong to the run where they are those of the line.
            if end >= 0 and on == line and at - column == here - begin and lines[line][column:at] == text[begin:here]:
                end = here + 1
                continue
            if end >= 0:
                found.append((begin, end, line, column))
            begin, end, line, column = here, here + 1, on, at
        if end >= 0:
            found.append((begin, end, line, column))
    return tuple(found)


def _places(pieces: Sequence[Piece], lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(line, column) of each character of the pieces that is no blank; columns count in the line as it stands."""
    for piece in pieces:
        clean, columns = clean_columns(lines[piece.line])
        for at in range(piece.start, piece.end):
            if not clean[at].isspace():
                yield piece.line, columns[at]
