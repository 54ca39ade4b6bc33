"""A page of an OFD as the reader of pages wants it: its characters, rules and images by their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, radians, sin

from nianbao.reading.ofd.drawing import Drawing, Image, points, segments
from nianbao.reading.ofd.text import Run
from nianbao.reading.pdf import page
from nianbao.reading.pdf.glyphs import FAR, Glyph, Glyphs, Look, Shown, looking, meaning, parted
from nianbao.reading.pdf.rules import MOST, Drawn, Matrix, Segment, add_dotted, add_path
from nianbao.reading.pdf.verdict import BAD_SHARE

_LOST = "\ufffd"
_TINY = 0.5  # points: nobody can read it
_COVERS = 0.5  # share of a page that an image on top of its text must cover to hide it


@dataclass(slots=True)
class Content:
    """What a page shows, in the order in which it is drawn; width and height in points."""

    width: float
    height: float
    items: list[Run | Drawing | Image] = field(default_factory=list)

    @property
    def otherwise(self) -> list[tuple[str, str]]:
        """The characters that its fonts show as others: what the file says, what is seen."""
        return [(one.char, one.shown) for run in self.items if isinstance(run, Run) for one in run.chars if one.shown]

    @property
    def spoilt(self) -> bool:
        """Whether these are so many that its text is not to be believed."""
        count = sum(len(run.chars) for run in self.items if isinstance(run, Run))
        return len(self.otherwise) > BAD_SHARE * count

    @property
    def place(self) -> Shown:
        """How it is shown: as it lies."""
        return Shown(0.0, 0.0, self.width, self.height, 0)


class Sheet(page.Sheet):
    """A page for ``read_sheet``. opaque: whether the image at a path hides what lies under it. look: at the ink of
    the page that no character or rule explains."""

    def __init__(
        self,
        content: Content,
        opaque: Callable[[str], bool],
        look: Callable[[Content, Sequence[Glyph], Drawn], float],
    ) -> None:
        self.content = content
        self._opaque = opaque
        self._look = look

    def drawn(self, place: Shown) -> Drawn:
        result = Drawn()
        for item in self.content.items:
            if isinstance(item, Drawing) and not item.aside and result.segments < MOST:
                _add(result, item, place)
            elif isinstance(item, Image) and not item.aside:
                result.images.append(self._share(item))
        add_dotted(result)
        return result

    def glyphs(self, place: Shown, limit: int, lined: Drawn) -> Glyphs:
        found: list[tuple[Glyph, Look]] = []
        covered = self._covered()
        spoilt = self.content.spoilt
        for run in self.content.items:
            if isinstance(run, Run) and len(found) < limit:
                found += _glyphs(run, place, run.hidden or run.index < covered, spoilt)
        return parted(found[:limit], lined.seals, lined.dark)

    def ink(self, text: Sequence[Glyph], lined: Drawn, size: tuple[float, float]) -> float:
        return self._look(self.content, text, lined)

    def _share(self, image: Image) -> float:
        a, b, c, d, _, _ = image.matrix
        return abs(a * d - b * c) / max(1.0, self.content.width * self.content.height)

    def _covered(self) -> int:
        """The index of the first character that no scan lies upon."""
        images = [item for item in self.content.items if isinstance(item, Image) and not item.aside]
        return max(
            (item.index for item in images if self._share(item) > _COVERS and item.alpha == 255 and self._covers(item)),
            default=0,
        )

    def _covers(self, image: Image) -> bool:
        return bool(image.path) and self._opaque(image.path)


def _glyphs(run: Run, place: Shown, hidden: bool, spoilt: bool) -> Iterator[tuple[Glyph, Look]]:
    a, b, c, d, e, f = run.matrix
    turned = cos(radians(run.turn)), sin(radians(run.turn))
    # The base line of its characters, and the way up from it, on the page.
    along = a * turned[0] + c * turned[1], b * turned[0] + d * turned[1]
    up = a * turned[1] - c * turned[0], b * turned[1] - d * turned[0]
    length, em = hypot(*along), run.size * hypot(*up)
    across = run.size * run.stretch * length
    if not (length > 0 and _TINY <= em < FAR and across < FAR):
        return
    direction = place.direction(along[0] / length, along[1] / length)
    look = looking(em, across, direction, run.colour, run.alpha, hidden, aside=run.aside)
    for number, one in enumerate(run.chars):
        if one.char.isspace():
            continue
        x, y = place.point(a * one.x + c * one.y + e, b * one.x + d * one.y + f)
        if not (abs(x) < FAR and abs(y) < FAR):
            continue
        for part in _LOST if spoilt and one.shown else meaning(ord(one.char)):
            yield Glyph(part, x, y, x + one.width * across, em, run.index + number, look.turn), look


def _add(result: Drawn, item: Drawing, place: Shown) -> None:
    def on_page(x: float, y: float, matrix: Matrix = item.matrix) -> tuple[float, float]:
        a, b, c, d, e, f = matrix
        return place.point(a * x + c * y + e, b * x + d * y + f)

    def straight() -> Iterator[Segment]:
        for start, end in segments(item.steps):
            yield on_page(*start), on_page(*end)

    result.segments += len(item.steps)
    spots = [on_page(x, y) for x, y in points(item.steps)]
    colour = item.stroke or item.fill
    if spots and colour:
        xs, ys = [x for x, _ in spots], [y for _, y in spots]
        box = min(xs), min(ys), max(xs), max(ys)
        add_path(result, straight(), box, (*colour, item.alpha), stroked=item.stroke is not None)
