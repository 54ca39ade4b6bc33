"""Put lines whose glyphs were interleaved by an extractor back into reading order ("un-weaving").

A PDF can draw a printed line in several font runs; an extractor that keeps the drawing order prints run after run, and
blanks mark where the pen jumped over glyphs of other runs. docs/repair.md tells the rules, the method and its figures.
`repair` decides once for the document whether it is woven. One that is not comes back as it is; for one with few blanks
no model is loaded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nianbao.record import RepairStep
from nianbao.repair.contest import contest
from nianbao.repair.decoder import Chunk, Prices, Width
from nianbao.repair.language_model import CONTEXT, START, TOKEN, LanguageModel, load, number_class, push
from nianbao.repair.network import Network
from nianbao.repair.network import load as load_network
from nianbao.repair.ranking import DOCUMENT, DocumentModel, Rankings, Reading, Unit, load_weights, rank, search

HAN = r"[\u3400-\u9fff，。、；：“”《》（）]"
BLANK = re.compile(rf"(?<={HAN}) (?={HAN})")  # a jump is one blank; more of them part columns
BLANK_SHARE = (
    0.05  # blanks between Han characters, for each Han character: clean files reach .015, woven ones .12 and more
)
GAIN = 8.0  # nats a line that the repair gains: woven files 20 and more, others .1 at most, spaced-out ones included
SURE = 0.9  # a line whose probability of being right is less is doubtful
LOOK_AGAIN = math.log(0.8)  # chunks less certain than this are searched again, wider
STRANGE = -4.0  # and those whose glyphs have less log probability than this on average
HOPELESS = -12.0  # log probability; such readings are not ranked again
SHORT = 4.0  # cells
SHOWN_DROP = 12.0  # nats; worse alternatives are not shown
SHOWN = 3  # alternatives kept in a step

# The form's labels: their blanks are set by the printer of the form, they are no jumps. Fragments of them stay too.
LABELS = (
    "事业单位法人年度报告书",
    "国家事业单位登记管理局制",
    "《事业单位法人证书》登载事项",
    "单位名称",
    "住所",
    "法定代表人",
    "开办资金",
    "经费来源",
    "举办单位",
    "网上名称",
    "从业人数",
    "宗旨和业务范围",
    "资产损益情况",
    "净资产合计（所有者权益合计）",
    "对《条例》和实施细则有关变更登记规定的执行情况",
    "开展业务活动情况",
    "相关资质认可或执业许可证明文件及有效期",
    "绩效和受奖惩及诉讼投诉情况",
    "接受捐赠资助及其使用情况",
    "接受捐赠资助及使用情况",
    "事业单位委托意见",
    "举办单位意见（含保密审查意见）",
    "法定代表人：公章：",
    "法定代表人（签字）（公章）",
    "年月日",
)
# Lines that are kept as they stand: several boxes on one line, dates, signatures, the cover.
KEPT = re.compile(
    r"\s*(?:统\s*一\s*社\s*会|单\s*位\s*名\s*称\s*[^\s]|法\s*定\s*代\s*表\s*人|开\s*办\s*资\s*金|经\s*费\s*来\s*源|年\s*初\s*数|填\s*表\s*人"
    r"|联\s*系\s*电\s*话|报\s*送\s*日\s*期|从\s*业\s*人\s*数|公\s*章|（公章|[\d\s]*年[\d\s]*月[\d\s]*日\s*$|（?[\d\s]*年\s*度）?\s*$)"
)
# A label with its value on the same line: only the value may be woven.
LABELLED = re.compile(
    r"\s*(?:举\s*办\s*单\s*位|网\s*上\s*名\s*称|住\s*所|单\s*位\s*名\s*称"
    r"|宗\s*旨\s*和\s*业\s*务\s*范\s*围)[ \u3000：:]+"
)
TAIL = re.compile(r"[ \u3000]+从\s*业\s*人\s*数.*$")
# What parts the columns of a line: a jump of the pen is one blank. Of a line with columns the second may be woven.
COLUMN = re.compile(r"(?<=\S)(?:[ \u3000]*\t\s*|[ \u3000]{2,})(?=\S)")


@dataclass(frozen=True, slots=True)
class Settings:
    """Prices of the search, weights of the ranking, how wide the first and the later searches are."""

    prices: Prices = field(default_factory=Prices)
    weights: Rankings | None = None  # those that ship
    network: Network | None = None  # that which ships
    narrow: Width = field(default_factory=Width)
    wide: Width = field(default_factory=lambda: Width(beam=100, drop=18.0))
    passes: int = 2


SETTINGS = Settings()


@dataclass(frozen=True, slots=True)
class Look:
    """A line that was looked at, changed or not. chance: probability that it is right; loose: a rule was given up."""

    step: RepairStep
    chance: float = 1.0
    loose: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether a person should look at the line; what a person has pinned is not doubtful."""
        return not self.step.pinned and (self.chance < SURE or self.loose)


@dataclass(frozen=True, slots=True)
class Gate:
    """The two signs of a woven document. blanks: those between Chinese characters, for each Chinese character; gain: by
    how many nats a line the model finds the repaired lines likelier than the raw ones, None where it was not asked."""

    blanks: float = 0.0
    gain: float | None = None

    @property
    def woven(self) -> bool:
        """Whether both signs are there."""
        return self.blanks > BLANK_SHARE and self.gain is not None and self.gain > GAIN


@dataclass(frozen=True, slots=True)
class Repair:
    """The lines after repair, as many as before; ``steps`` and ``doubtful`` count lines from 1.

    steps: of the lines that changed. looks: of all that were looked at, in order.
    """

    lines: tuple[str, ...]
    steps: tuple[RepairStep, ...] = ()
    doubtful: tuple[int, ...] = ()
    gate: Gate = field(default_factory=Gate)
    looks: tuple[Look, ...] = ()

    @property
    def woven(self) -> bool:
        """Whether the document was taken for woven, and so repaired."""
        return self.gate.woven


def replay(step: RepairStep) -> str:
    """Make the repaired line again from the raw line and the order of its characters."""
    return "".join(step.raw[place] for place in step.order)


def is_label(line: str) -> bool:
    """Whether a line is a label of the form, or a piece of one, or a line that is kept as it stands."""
    text = re.sub(r"[ \u3000]", "", line)
    return not text or KEPT.match(line) is not None or any(text in label for label in LABELS)


def blank_share(lines: Sequence[str]) -> float:
    """Blanks between Chinese characters for each Chinese character; labels of the form do not count."""
    body = [line.strip() for line in lines if not is_label(line) and not LABELLED.match(line)]
    glyphs = sum(len(re.findall(r"[\u3400-\u9fff]", line)) for line in body)
    return sum(len(BLANK.findall(line)) for line in body) / max(glyphs, 1)


@dataclass(slots=True)
class Line:
    """A line that may be woven. ``parts``: chunks, and tokens as the places of their characters."""

    number: int
    raw: str
    parts: list[Chunk | tuple[int, ...]]
    before: tuple[int, ...]  # places of a label before the value, kept
    after: tuple[int, ...]
    opens: bool = True  # whether a paragraph starts here
    closes: bool = True  # whether a paragraph ends here
    units: list[Unit] = field(default_factory=list)
    pinned: tuple[int, ...] | None = None  # places of all characters in the order that a person has pinned


def parse(raw: str, start: int, stop: int) -> list[Chunk | tuple[int, ...]]:
    """Cut ``raw[start:stop]`` into chunks and tokens, in order."""
    parts: list[Chunk | tuple[int, ...]] = []

    def chunk(begin: int, end: int) -> None:
        places = [i for i in range(begin, end) if not raw[i].isspace()]
        if places:
            gaps = [False] + [b > a + 1 for a, b in zip(places, places[1:], strict=False)]
            parts.append(Chunk("".join(raw[i] for i in places), tuple(places), tuple(gaps)))

    end = start
    for match in TOKEN.finditer(raw, start, stop):
        chunk(end, match.start())
        parts.append(tuple(i for i in range(*match.span()) if not raw[i].isspace()))
        end = match.end()
    chunk(end, stop)
    return parts


def cells(text: str) -> float:
    """The width of a line in full-width cells, blanks left out."""
    return sum(0.5 if ord(c) < 128 else 1.0 for c in text if not c.isspace())


def woven_lines(
    lines: Sequence[str], frozen: Collection[int], pins: Mapping[int, tuple[int, ...]]
) -> Iterator[list[Line]]:
    """The lines that may be woven, in blocks that nothing but white space interrupts."""
    block: list[Line] = []
    previous = -1
    for i, raw in enumerate(lines):
        if not raw.strip() or (i in frozen or is_label(raw)) and i not in pins:
            continue
        columns = list(COLUMN.finditer(raw))
        label, tail = columns[0] if columns else LABELLED.match(raw), TAIL.search(raw)
        if len(columns) > 1:
            tail = columns[1]
        start, stop = label.end() if label else 0, tail.start() if tail else len(raw)
        if block and (label or any(lines[k].strip() for k in range(previous + 1, i))):
            yield paragraphs(block)
            block = []
        line = Line(i, raw, parse(raw, start, stop), tuple(range(start)), tuple(range(stop, len(raw))))
        line.pinned = pins.get(i)
        block.append(line)
        previous = i
    if block:
        yield paragraphs(block)


def paragraphs(block: list[Line]) -> list[Line]:
    """Mark where paragraphs end: a line that leaves room for a word or a number is the last of its paragraph."""
    usual = max(cells(line.raw) for line in block)
    for line in block:
        line.closes = cells(line.raw) < usual - SHORT
    block[-1].closes = True
    for before, line in zip([None, *block], block, strict=False):
        line.opens = before is None or before.closes
    return block


def units_of(block: list[Line], model: LanguageModel) -> list[Unit]:
    """The units of a block, tokens with their one reading."""
    units: list[Unit] = []
    for line in block:
        if line.pinned is not None:
            units += pinned_units(line, model)
            continue
        for i, part in enumerate(line.parts):
            first, last = i == 0, i == len(line.parts) - 1
            unit = Unit(line.number, part if isinstance(part, Chunk) else None)
            unit.opens, unit.closes = first and line.opens, last and line.closes
            unit.first, unit.last = first and not line.before, last and not line.after
            if not isinstance(part, Chunk):
                token = "".join(line.raw[place] for place in part)
                unit.readings = [Reading(tuple(range(len(part))), token, (model.ids[number_class(token)],))]
            units.append(unit)
            line.units.append(unit)
    return units


def pinned_units(line: Line, model: LanguageModel) -> list[Unit]:
    """A pinned line as units of one reading each: its neighbours are read beside it, nothing in it is searched."""
    assert line.pinned is not None
    text = "".join(line.raw[place] for place in line.pinned if not line.raw[place].isspace())
    pieces = [piece for piece in re.split(f"({TOKEN.pattern})", text) if piece]
    units = [Unit(line.number, None) for _ in pieces]
    for unit, piece in zip(units, pieces, strict=True):
        unit.readings = [Reading(tuple(range(len(piece))), piece, tuple(model.encode(piece)))]
    units[0].opens, units[-1].closes = line.opens, line.closes
    return units


def written(line: Line, choice: dict[int, Reading] | None = None) -> tuple[int, ...]:
    """The places of a line's characters in reading order; ``choice``: other readings for some of its units."""
    order = list(line.before)
    for i, (part, unit) in enumerate(zip(line.parts, line.units, strict=True)):
        reading = choice[i] if choice and i in choice else unit.readings[0]
        places = part.places if isinstance(part, Chunk) else part
        gap = order and places[0] > order[-1] + 1 and unit.chunk is None and i and line.units[i - 1].chunk is None
        if gap:  # a blank between two tokens keeps them apart
            order.append(order[-1] + 1)
        order += [places[k] for k in reading.order]
    return (*order, *line.after)


def pinned_look(number: int, raw: str, order: tuple[int, ...]) -> Look:
    """The step of a pinned line; number: from 0."""
    text = "".join(raw[place] for place in order)
    return Look(RepairStep(line=number + 1, raw=raw, repaired=text, order=order, pinned=True))


def look_at(line: Line) -> Look:
    """What was done to a line, and how sure that is."""
    if line.pinned is not None:
        return pinned_look(line.number, line.raw, line.pinned)
    order = written(line)
    others: list[tuple[float, str]] = []
    certain = 0.0
    for i, unit in enumerate(line.units):
        certain += unit.readings[0].chance
        for reading in unit.readings[1 : 1 + SHOWN]:
            text = "".join(line.raw[place] for place in written(line, {i: reading}))
            others.append((unit.readings[0].chance - reading.chance, text))
    others.sort()
    repaired = "".join(line.raw[place] for place in order)
    step = RepairStep(
        line=line.number + 1,
        raw=line.raw,
        repaired=repaired,
        order=order,
        margin=round(others[0][0], 2) if others else None,
        alternatives=tuple(text for margin, text in others[:SHOWN] if margin < SHOWN_DROP),
    )
    return Look(step, math.exp(certain), any(unit.loose for unit in line.units))


def repair(
    lines: Sequence[str],
    *,
    frozen: Collection[int] = (),
    pins: Mapping[int, tuple[int, ...]] | None = None,
    model: LanguageModel | None = None,
    settings: Settings = SETTINGS,
) -> Repair:
    """Put woven lines into reading order.

    lines: as extracted, without line ends; blank ones are layout. frozen: indexes from 0 of lines that stay (labels).
    pins: index from 0 → order of the line's characters that a person has pinned (``corrections.fit``): it is taken, and
    the lines beside it are read beside it. A document that is not woven comes back unchanged, but for pinned lines.
    """
    pins = pins or {}
    signs = Gate(blank_share(lines))
    if signs.blanks > BLANK_SHARE:
        model = model or load()
        blocks = list(woven_lines(lines, frozenset(frozen), pins))
        read(blocks, model, settings)
        looks = [look_at(line) for block in blocks for line in block]
        signs = Gate(signs.blanks, gain(looks, model))
    if not signs.woven:
        looks = [pinned_look(i, lines[i], order) for i, order in sorted(pins.items())]
    out = list(lines)
    for look in looks:
        out[look.step.line - 1] = look.step.repaired
    return Repair(
        lines=tuple(out),
        steps=tuple(look.step for look in looks if look.step.repaired != look.step.raw),
        doubtful=tuple(look.step.line for look in looks if look.doubtful),
        gate=signs,
        looks=tuple(looks),
    )


def gain(looks: Iterable[Look], model: LanguageModel) -> float:
    """By how many nats a line the model finds the repaired lines likelier than the raw ones, blanks left out."""

    def likelihood(text: str) -> float:
        context, total = START, 0.0
        for symbol in model.encode(text):
            total += model.score(context, symbol)
            context = push(context, symbol)
        return total

    gains = [
        likelihood(look.step.repaired) - likelihood(look.step.raw)
        for look in looks
        if BLANK.search(look.step.raw) and not look.step.pinned
    ]
    return sum(gains) / len(gains) if gains else 0.0


def read(blocks: list[list[Line]], model: LanguageModel, settings: Settings) -> None:
    """Fill in and rank the readings of all lines."""
    prices, weights = settings.prices, settings.weights or load_weights()
    network = settings.network or load_network()
    model.cover("".join(line.raw for block in blocks for line in block))
    rows = [units_of(block, model) for block in blocks]
    for units in rows:
        search(units, model, prices, settings.narrow)
        rank(units, model, model, weights.first)
    own: DocumentModel | None = None
    for _ in range(settings.passes - 1):
        own = DocumentModel(model, DOCUMENT)
        for units in rows:
            own.learn(units)
        for units in rows:
            for unit in units:
                unit.readings = [one for one in unit.readings if one.chance > HOPELESS] or unit.readings[:1]
            doubt = frozenset(i for i, unit in enumerate(units) if look_again(unit))
            if doubt:
                search(units, model, prices, settings.wide, doubt, own)
            rank(units, own, model, weights.first)
            contest(units, own, model, weights.last, network)
        own.without(None)


def look_again(unit: Unit) -> bool:
    """Whether a chunk is to be searched more widely: its readings lie close, or even the best one is hardly Chinese."""
    best = unit.readings[0]
    glyphs = len(best.symbols)
    return (
        unit.chunk is not None
        and glyphs > CONTEXT
        and (best.chance < LOOK_AGAIN or best.inner < STRANGE * (glyphs - CONTEXT))
    )
