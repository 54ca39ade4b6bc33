"""Put lines whose glyphs were interleaved by an extractor back into reading order ("un-weaving").

A PDF can draw a printed line in several font runs; an extractor that keeps the drawing order prints run after run, and
blanks mark where the pen jumped over glyphs of other runs. docs/repair.md tells the rules, the method and its figures.
`repair` decides once for the document whether it is woven. One that is not comes back as it is, and no model is loaded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from nianbao.decoder import CLOSING, Chunk, Prices, State, Width, advance
from nianbao.language_model import END, START, TOKEN, LanguageModel, load, number_class, push
from nianbao.record import RepairStep

HAN = r"[\u3400-\u9fff，。、；：“”《》（）]"
BLANK = re.compile(rf"(?<={HAN})[ \u3000]+(?={HAN})")
BLANK_SHARE = (
    0.05  # blanks between Han characters, for each Han character: clean files reach .013, woven ones .24 and more
)
START_SHARE = 0.05  # lines that start with a closing mark: clean files 0, woven ones .22 and more
DOUBT = 2.0  # nats; below this margin a reading is doubtful
WORDS_WEIGHT = 0.4
READINGS = 24  # readings of a line that are ranked
CARRIED = 6  # readings carried on to the next line …
CARRIED_DROP = 8.0  # … if they are not more than so many nats worse than the best
PRICES, WIDTH = Prices(), Width()
SHORT = 4.0  # cells
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


@dataclass(frozen=True, slots=True)
class Repair:
    """The lines after repair, as many as before; ``steps`` and ``doubtful`` count lines from 1."""

    lines: tuple[str, ...]
    steps: tuple[RepairStep, ...] = ()
    doubtful: tuple[int, ...] = ()
    woven: bool = False


def replay(step: RepairStep) -> str:
    """Make the repaired line again from the raw line and the order of its characters."""
    return "".join(step.raw[place] for place in step.order)


def is_label(line: str) -> bool:
    """Whether a line is a label of the form, or a piece of one, or a line that is kept as it stands."""
    text = re.sub(r"[ \u3000]", "", line)
    return not text or KEPT.match(line) is not None or any(text in label for label in LABELS)


def is_woven(lines: Sequence[str]) -> bool:
    """The gate: many blanks between Chinese characters, and lines that start with a closing mark."""
    body = [line.strip() for line in lines if not is_label(line) and not LABELLED.match(line)]
    glyphs = sum(len(re.findall(r"[\u3400-\u9fff]", line)) for line in body)
    long = [line for line in body if len(line) > 8]
    if not glyphs or not long:
        return False
    blanks = sum(len(BLANK.findall(line)) for line in body)
    starts = sum(line[0] in CLOSING for line in long)
    return blanks / glyphs > BLANK_SHARE and starts / len(long) > START_SHARE


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
    readings: list[Reading] = field(default_factory=list)
    loose: bool = False  # whether the rules had to be relaxed


@dataclass(slots=True)
class Reading:
    """One order of a line: ``symbols`` numbers for the model, ``price`` what the order costs."""

    order: tuple[int, ...]
    text: str
    price: float
    symbols: list[int]
    words: float = 0.0
    score: float = 0.0  # nats, final


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


def woven_lines(lines: Sequence[str], frozen: Collection[int]) -> Iterator[list[Line]]:
    """The lines that may be woven, in blocks that nothing but white space interrupts."""
    block: list[Line] = []
    previous = -1
    for i, raw in enumerate(lines):
        if not raw.strip() or i in frozen or is_label(raw):
            continue
        label, tail = LABELLED.match(raw), TAIL.search(raw)
        start, stop = label.end() if label else 0, tail.start() if tail else len(raw)
        if block and (label or any(lines[k].strip() for k in range(previous + 1, i))):
            yield paragraphs(block)
            block = []
        block.append(Line(i, raw, parse(raw, start, stop), tuple(range(start)), tuple(range(stop, len(raw)))))
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


def joined_order(line: Line, state: State) -> tuple[int, ...]:
    """The places of a reading with what is kept: a blank between two tokens that would run together."""
    raw = line.raw
    order = list(line.before)
    for place in state.order:
        if (
            order
            and raw[order[-1]].isascii()
            and raw[place].isascii()
            and " " in raw[order[-1] + 1 : place]
            and (raw[order[-1]].isalnum() and raw[place].isalnum())
        ):
            order.append(order[-1] + 1)
        order.append(place)
    return (*order, *line.after)


def search(line: Line, starts: list[State], model: LanguageModel, prices: Prices, width: Width) -> list[State]:
    """The readings of a line behind each of ``starts``, best first."""
    states = starts
    for i, part in enumerate(line.parts):
        if isinstance(part, Chunk):
            first, last = i == 0 and not line.before, i == len(line.parts) - 1 and not line.after
            keep = states[: width.carried]
            states = advance(part, keep, model, prices, width, first=first, last=last)
            for edge, runs in ((True, 8), (False, 8)):  # the rules that may be relaxed
                if not states:
                    line.loose = True
                    states = advance(
                        part, keep, model, prices, width, first=first and edge, last=last and edge, most_runs=runs
                    )
            if not states:  # no order obeys the geometry: the chunk stays as it is
                states = [as_it_is(part, state, model) for state in keep]
        else:
            token = "".join(line.raw[place] for place in part)
            symbol = model.ids[number_class(token)]
            for state in states:
                state.score += model.score(state.context, symbol)
                state.context = push(state.context, symbol)
                state.order += part
    if line.closes:
        for state in states:
            state.score += model.score(state.context, END)
            if state.open:
                state.score -= prices.bracket
                state.price -= prices.bracket
                state.open = 0
    return sorted(states, key=lambda state: -state.score)


def as_it_is(chunk: Chunk, state: State, model: LanguageModel) -> State:
    """Carry a reading over a chunk in its raw order."""
    score, context = state.score, state.context
    for symbol in model.encode(chunk.glyphs):
        score += model.score(context, symbol)
        context = push(context, symbol)
    return State(score, context, state.open, state.cuts, state.price, state.order + chunk.places, state.origin)


def decode(block: list[Line], model: LanguageModel, prices: Prices, width: Width) -> None:
    """First pass: fill the readings of every line of a block."""
    states = [State(0.0, START, 0, 0, 0.0, ())]
    for line in block:
        if line.opens:
            states = [State(state.score, START, state.open, 0, 0.0, ()) for state in states[:1]]
        best = states[0].score
        starts = [State(state.score - best, state.context, state.open, 0, 0.0, ()) for state in states]
        found = search(line, starts, model, prices, width)
        seen: dict[str, Reading] = {}
        states = []
        contexts: set[tuple[int, int]] = set()
        for state in found:
            order = joined_order(line, state)
            text = "".join(line.raw[place] for place in order)
            if text not in seen and len(seen) < READINGS:
                inner = "".join(line.raw[place] for place in state.order)
                seen[text] = Reading(order, text, state.price, model.encode(inner), segment(inner, model))
            if (state.context, state.open) not in contexts and len(states) < CARRIED:
                if state.score < found[0].score - CARRIED_DROP:
                    continue
                contexts.add((state.context, state.open))
                states.append(state)
        line.readings = list(seen.values())


def segment(text: str, model: LanguageModel) -> float:
    """The score of the best segmentation into known words (nats); a character in no word costs 14."""
    ids = model.encode(text)
    words = model.words
    best = [0.0] * (len(ids) + 1)
    for end in range(1, len(ids) + 1):
        score = best[end - 1] + max(words.get(ids[end - 1], -14.0), -14.0)
        key = ids[end - 1]
        for size in range(2, min(4, end) + 1):
            key |= ids[end - size] << 14 * (size - 1)
            found = words.get(key)
            if found is not None and best[end - size] + found > score:
                score = best[end - size] + found
        best[end] = score
    return best[-1]


class DocumentModel:
    """The model mixed with the n-grams of the document itself, those of the line in question left out."""

    def __init__(self, model: LanguageModel, weight: float) -> None:
        self.model = model
        self.weight = weight
        self.counts: dict[int, float] = {}
        self.totals: dict[int, float] = {}

    def add(self, context: int, ids: Sequence[int], by: float = 1.0) -> None:
        """Count the n-grams of a line behind ``context``; ``by`` -1 takes them out again."""
        counts, totals = self.counts, self.totals
        for symbol in ids:
            short = context
            while short:
                key = short << 14 | symbol
                counts[key] = counts.get(key, 0.0) + by
                totals[short] = totals.get(short, 0.0) + by
                short = short & ((1 << 14 * (2 if short >> 28 else 1)) - 1) if short >> 14 else 0
            context = push(context, symbol)

    def score(self, context: int, symbol: int) -> float:
        """Log probability: each longer context of the document speaks the more the oftener it was seen."""
        base = self.model.score(context, symbol)
        seen = self.totals.get(context & 0x3FFF, 0.0)
        if seen < 0.5:
            return base
        p = math.exp(base)
        for mask in (0x3FFF, 0xFFFFFFF, 0x3FFFFFFFFFF):
            short = context & mask
            seen = self.totals.get(short, 0.0)
            if seen < 0.5:
                break
            share = self.weight * seen / (seen + 2.0)
            p = (1 - share) * p + share * self.counts.get(short << 14 | symbol, 0.0) / seen
        return math.log(p)


def rank(block: list[Line], scorer: LanguageModel | DocumentModel, prices: Prices) -> None:
    """Rank the readings of each line by all readings of its neighbours (forward and backward sums)."""
    forward: list[list[float]] = []
    arcs: list[list[list[float]]] = []
    previous: list[Reading] | None = None
    for line in block:
        if isinstance(scorer, DocumentModel):
            scorer.add(START, line.readings[0].symbols, -1.0)
        for reading in line.readings:
            reading.score = reading.price + WORDS_WEIGHT * reading.words + inner_score(reading, scorer, line.closes)
        if previous is None or line.opens:
            contexts = [START] * (len(previous) if previous else 1)
        else:
            contexts = [context_behind(reading) for reading in previous]
        heads = {
            context: [head_score(context, reading, scorer, line.closes) + reading.score for reading in line.readings]
            for context in set(contexts)
        }
        arcs.append([heads[context] for context in contexts])
        last = forward[-1] if forward else [0.0]
        forward.append(
            [log_sum([last[i] + row[k] for i, row in enumerate(arcs[-1])]) for k in range(len(line.readings))]
        )
        if isinstance(scorer, DocumentModel):
            scorer.add(START, line.readings[0].symbols)
        previous = line.readings
    backward = [0.0] * len(block[-1].readings)
    for at in range(len(block) - 1, -1, -1):
        line = block[at]
        total = [a + b for a, b in zip(forward[at], backward, strict=True)]
        for reading, value in zip(line.readings, total, strict=True):
            reading.score = value
        backward = [log_sum([row[k] + backward[k] for k in range(len(row))]) for row in arcs[at]]
        line.readings.sort(key=lambda reading: -reading.score)


def inner_score(reading: Reading, scorer: LanguageModel | DocumentModel, closes: bool) -> float:
    """What the symbols of a line score behind three symbols of the line itself."""
    context, total = 0, 0.0
    for i, symbol in enumerate(reading.symbols):
        if i >= 3:
            total += scorer.score(context, symbol)
        context = push(context, symbol)
    if closes and len(reading.symbols) >= 3:
        total += scorer.score(context, END)
    return total


def head_score(context: int, reading: Reading, scorer: LanguageModel | DocumentModel, closes: bool) -> float:
    """What the first three symbols of a line score behind ``context``."""
    total = 0.0
    for symbol in reading.symbols[:3]:
        total += scorer.score(context, symbol)
        context = push(context, symbol)
    if closes and len(reading.symbols) < 3:
        total += scorer.score(context, END)
    return total


def context_behind(reading: Reading) -> int:
    """The context that a line leaves."""
    context = START if len(reading.symbols) < 3 else 0
    for symbol in reading.symbols[-3:]:
        context = push(context, symbol)
    return context


def log_sum(values: Sequence[float]) -> float:
    """log of the sum of exponentials."""
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))


def repair(
    lines: Sequence[str],
    *,
    frozen: Collection[int] = (),
    model: LanguageModel | None = None,
    prices: Prices = PRICES,
    width: Width = WIDTH,
    passes: int = 2,
) -> Repair:
    """Put woven lines into reading order.

    lines: as extracted, without line ends; blank ones are layout. frozen: indexes from 0 of lines that stay (labels).
    A document that is not woven comes back unchanged.
    """
    if not is_woven(lines):
        return Repair(tuple(lines))
    model = model or load()
    blocks = list(woven_lines(lines, frozenset(frozen)))
    for block in blocks:
        decode(block, model, prices, width)
        rank(block, model, prices)
    if passes > 1:
        own = DocumentModel(model, 0.5)
        for block in blocks:
            for line in block:
                own.add(START, line.readings[0].symbols)
        for block in blocks:
            rank(block, own, prices)
    out = list(lines)
    steps: list[RepairStep] = []
    doubtful: list[int] = []
    for line in (line for block in blocks for line in block):
        best = line.readings[0]
        margin = best.score - line.readings[1].score if len(line.readings) > 1 else None
        out[line.number] = best.text
        if (margin is not None and margin < DOUBT) or line.loose:
            doubtful.append(line.number + 1)
        if best.text != line.raw:
            others = tuple(reading.text for reading in line.readings[1 : 1 + SHOWN])
            steps.append(
                RepairStep(
                    line=line.number + 1,
                    raw=line.raw,
                    repaired=best.text,
                    order=best.order,
                    margin=margin,
                    alternatives=others,
                )
            )
    return Repair(tuple(out), tuple(steps), tuple(doubtful), True)
