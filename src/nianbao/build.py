"""From a folder of reports to a store: read, map, audit and load, whole filings or nothing.

Workers turn one file into quads and findings; one writer puts each filing into the store in one transaction, together
with what it changes in the registry and in the journal. So a build may be stopped at any moment and started again:
the journal (a named graph of the store) says which files are done, by the hash of their bytes.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

from nianbao.confinement import cpu_time
from nianbao.errors import NianbaoError, ReadError, internal_error
from nianbao.mapping import rdf
from nianbao.quality import audit, idle, kept
from nianbao.quality.rulebook import rulebook
from nianbao.reading import DEFAULT, Limits, printable, skipped, walk
from nianbao.reaudit import TOGETHER, audit_again
from nianbao.record import Issue, Record
from nianbao.repair.corrections import NONE, Corrections
from nianbao.report import read_report
from nianbao.resources import SHAPES
from nianbao.restricted import HOLDS_PERSONS, holds_persons
from nianbao.storage.store import Store
from nianbao.vocabulary import DATA
from nianbao.writer import Filed, Writer


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read: where it lies, its name under its source folder, the hash of its bytes, its pins.

    named: the file itself was named, not a folder that holds it. shipped: the folder of the
    shipped rules, or one with other thresholds; own: folders of SHACL files beside these.
    beside: the code and the words of why it is no report but lies beside one, where the journal says so.
    """

    path: Path
    name: str
    sha256: str
    corrections: Corrections = NONE
    limits: Limits = DEFAULT
    named: bool = False
    shipped: Path = SHAPES
    own: tuple[Path, ...] = ()
    beside: tuple[str, str] | None = None

    @property
    def key(self) -> str:
        """What the journal calls the file: its name, and a digest of its place, which is nobody else's business.

        The name alone would not do: two folders may each hold a ``2024/report.txt``.
        """
        return journal_key(self.path, self.name)


def journal_key(path: Path, name: str) -> str:
    place = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()
    return f"{name} ({place[:12]})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker made of a file: the record as JSON and its findings, or the reason why not, with its code."""

    task: Task
    record: str = ""
    findings: tuple[audit.Finding, ...] = ()
    doubts: tuple[Issue, ...] = ()
    error: str = ""
    code: str = ""


@dataclass(slots=True)
class Summary:
    """What a build did."""

    read: int = 0
    unchanged: int = 0
    replaced: int = 0
    removed: int = 0
    attachments: int = 0
    audited_again: int = 0
    failed: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether every file was read and every form was complete."""
        return not self.failed and not self.incomplete

    def text(self) -> str:
        """The summary for people, Chinese and English."""
        done = self.read + self.replaced + self.audited_again
        rate = f", {done / self.seconds:.1f} 份/秒 reports per second" if self.seconds and done else ""
        findings = ", ".join(
            f"{zh} {en} {self.findings.get(en, 0)}"
            for zh, en in (("违反", "violation"), ("警告", "warning"), ("提示", "info"))
        )
        return (
            f"新读 read {self.read}, 未变 unchanged {self.unchanged}, 替换 replaced {self.replaced}, "
            f"移除 removed {self.removed}, "
            + (f"附件 attachments {self.attachments}, " if self.attachments else "")
            + (f"按新规则重审 audited again {self.audited_again}, " if self.audited_again else "")
            + f"失败 failed {len(self.failed)}, 表单不全 form incomplete {len(self.incomplete)}\n"
            f"发现 findings: {findings}\n"
            f"用时 {self.seconds:.1f} s{rate}"
        )


def build(
    sources: Iterable[Path],
    store: Store,
    *,
    jobs: int | None = None,
    again: bool = False,
    prune: bool = False,
    base: str = DATA,
    corrections: Corrections = NONE,
    limits: Limits = DEFAULT,
    shipped: Path = SHAPES,
    own: tuple[Path, ...] = (),
    persons: Store | None = None,
    say: Callable[[str], None] = lambda line: None,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Summary:
    """Bring `store` up to date with the reports in `sources` (folders or files); `say` gets a line a failure,
    `progress` (files done, files to do) after each file.

    `again` reads unchanged files too; a file whose `corrections` changed is not unchanged. `prune` removes
    filings whose file is gone from its folder. `shipped`: the folder of the rules; `own`: folders of
    SHACL files beside these. `persons`: a store that form fillers and telephones are written to; a file that was
    read without it is not unchanged.
    Errors of single files are counted, not raised; `StoreError` is, and `ShapesError` before anything is read.
    """
    started = time.monotonic()
    summary = Summary()
    rules = rulebook(shipped, own)
    for note in audit.handed_on(rules):
        say(note.text.en)
    if store.ask(HOLDS_PERSONS):
        raise holds_persons(store.location, "takes no reports")
    writer = Writer(store, base, rules, persons)
    if number := writer.without_persons():
        say(f"{number} 份须重读以另存填表人和电话; filings are not in the store of personal data yet: read again")
    kept.keep(store, rules, base)
    writer.load_ontology()
    sources = list(sources)
    tasks: dict[str, Task] = {}
    audited_by_others: dict[str, Task] = {}  # by the IRI of the filing
    seen: set[str] = set()
    known: Counter[Path] = Counter()  # reports of a folder that need not be read again
    for task in find(sources, summary, say, corrections, limits):
        seen.add(task.sha256)
        if task.sha256 in tasks:
            say(f"{task.path}: the same content as {tasks[task.sha256].path}; read once")
            summary.unchanged += 1
        elif not again and writer.knows(task.sha256, task.corrections.digest()):
            summary.unchanged += 1
            known[task.path.parent] += 1
        elif not again and (line := writer.read_before(task.sha256, task.corrections.digest())):
            audited_by_others[line.filing] = task
        else:
            beside = None if again else writer.attachment(task.sha256)
            tasks[task.sha256] = replace(task, shipped=shipped, own=own, beside=beside)
    # Other rules, the same files: the findings are made again from what is in the store.
    count, lost = len(audited_by_others), set[str]()
    for done, missing in enumerate(audit_again(writer, [writer.filed[filing] for filing in audited_by_others]), 1):
        lost |= {line.filing for line in missing}
        progress(min(done * TOGETHER, count), count)
    for filing, task in audited_by_others.items():
        if filing in lost:
            tasks[task.sha256] = replace(task, shipped=shipped, own=own)
        else:
            summary.unchanged += 1
            summary.audited_again += 1
            known[task.path.parent] += 1
    to_read = [task for task in tasks.values() if task.beside is None]
    outcomes = counted(work(to_read, jobs or os.cpu_count() or 1, base), len(to_read), progress)
    for outcome in filings(with_known(tasks.values(), outcomes), known, summary, writer.note_attachment):
        if outcome.error:
            summary.failed.append(outcome.task.name)
            say(outcome.error)
            continue
        for doubt in outcome.doubts:
            say(doubt.told(outcome.task.path))
        if any(doubt.breaks_form for doubt in outcome.doubts):
            summary.incomplete.append(outcome.task.name)
        try:
            replaced = writer.put(
                Record.from_json(outcome.record),
                outcome.findings,
                name=outcome.task.key,
                sha256=outcome.task.sha256,
                corrections=outcome.task.corrections.digest(),
            )
        except NianbaoError as error:
            summary.failed.append(outcome.task.name)
            say(f"{outcome.task.path}: {error}")
            continue
        if replaced:
            summary.replaced += 1
        else:
            summary.read += 1
    for path, line in gone(sources, writer, seen):
        if prune:
            writer.remove(line)
            summary.removed += 1
        else:
            reason = "the file is gone, what was read from it stays in the store"
            say(f"{printable(path)}: {reason}; put it back, or build with --prune [NB-BUILD-GONE]")
    if summary.replaced or summary.removed:
        writer.drop_orphans()
    writer.check_across()
    if persons and (number := writer.without_persons()):
        reason = f"{number} filings are not in this store of personal data, their files were not read (未另存)"
        say(f"{persons.location}: {reason}; name their folders too [NB-BUILD-PERSONS-MISSING]")
    for note in idle.notes(rules, idle.looked_at_in_store(store, rules)):
        say(note.text.en)
    summary.findings = audit.count_by_severity(store)
    summary.seconds = time.monotonic() - started
    return summary


def counted(outcomes: Iterable[Outcome], count: int, progress: Callable[[int, int], None]) -> Iterator[Outcome]:
    for done, outcome in enumerate(outcomes, 1):
        yield outcome
        progress(done, count)


def with_known(tasks: Iterable[Task], outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """The outcomes in the order of the tasks, with those of files that the journal knows to lie beside a report."""
    for task in tasks:
        if task.beside is None:
            yield next(outcomes)
        else:
            code, reason = task.beside
            yield Outcome(task, error=reason.replace(_HERE, printable(task.path)), code=code)


_HERE = "{file}"  # stands for the place of a file, which is not kept

# What a file beside a report may be without being a fault: readable and no report, or of a kind that is not read.
_BESIDE = frozenset(("NB-FORM-NOT-A-REPORT", "NB-READ-KIND", "NB-READ-OCR", "NB-READ-OFFICE"))


_INSTALLED = frozenset(("NB-READ-OCR", "NB-READ-OFFICE"))
"""Of these, the ones that another program on this machine may take away: they are looked at again each time."""


def filings(
    outcomes: Iterable[Outcome],
    known: Counter[Path],
    summary: Summary,
    note: Callable[[str, str, str, str], None] = lambda name, sha256, code, reason: None,
) -> Iterator[Outcome]:
    """Joins what belongs together: a folder with one report takes its other files as attachments of that report.

    A folder with several reports holds several filings, and its other files are failures, as are files that were named
    themselves and those that could not be read. known: how many reports of a folder are in the store already.
    Outcomes of one folder come one after another; at most one report is held back.
    note: gets name, hash, code and reason of each attachment that was read.
    """
    folder: Path | None = None
    reports = 0
    held: Outcome | None = None
    others: list[Outcome] = []

    def settle() -> Iterator[Outcome]:
        if reports != 1:
            yield from others
        else:
            summary.attachments += len(others)
            for other in others:
                if other.task.beside is None and other.code not in _INSTALLED:
                    reason = other.error.replace(printable(other.task.path), _HERE)
                    note(other.task.key, other.task.sha256, other.code, reason)
        if held and others:
            names = ", ".join(other.task.path.name for other in others[:30])
            message = f"its attachments were not read: {printable(names)} (同文件夹的附件未读取)"
            doubt = Issue(code="NB-READ-ATTACHMENT", message=message, remedy="look whether they hold what it lacks")
            record = Record.from_json(held.record)
            record = replace(record, issues=(*record.issues, doubt))
            yield replace(held, record=record.to_json(), doubts=record.issues)
        elif held:
            yield held

    for outcome in outcomes:
        if outcome.task.named:
            yield outcome
            continue
        if outcome.task.path.parent != folder:
            yield from settle()
            folder, held, others = outcome.task.path.parent, None, []
            reports = known[folder]
        if outcome.error and outcome.code in _BESIDE and reports < 2:
            others.append(outcome)
        elif outcome.error:
            yield outcome
        else:
            reports += 1
            if reports == 1:
                held = outcome
                continue
            if held:
                yield held
            yield from others
            held, others = None, []
            yield outcome
    yield from settle()


def find(
    sources: Iterable[Path],
    summary: Summary,
    say: Callable[[str], None],
    corrections: Corrections = NONE,
    limits: Limits = DEFAULT,
) -> Iterator[Task]:
    """The files of the sources, folder by folder. One that cannot be opened is told and counted.

    Hidden files, and those that lie beside reports (``skipped``), are told in one line and left out.
    """
    for source in sources:
        paths, left = within(source) if source.is_dir() else ([source], Counter[str]())
        if left:
            kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(left.items()))
            say(f"{source}: passed over {left.total()} files that are no reports (已跳过): {kinds} [NB-BUILD-SKIPPED]")
        if not paths and not left:
            say(f"{source}: the folder holds no files; name a folder with reports [NB-BUILD-EMPTY]")
        for path in paths:
            named = f"{source.resolve().name}/{path.relative_to(source)}" if source.is_dir() else path.name
            name = printable(named)
            try:
                if path.exists() and not path.is_file():  # to open a pipe would wait for ever
                    raise OSError(0, "it is no ordinary file")
                with path.open("rb") as file:
                    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                yield Task(path, name, sha256, corrections.of(path, sha256), limits, not source.is_dir())
            except OSError as error:
                summary.failed.append(name)
                reason, remedy = f"the file cannot be opened: {error.strerror}", "check the name and the rights"
                say(str(ReadError(reason, where=printable(path), remedy=remedy, code="NB-READ-OPEN")))


def within(folder: Path) -> tuple[list[Path], Counter[str]]:
    """The files in a folder and below, those of one folder together, and how many of which kind were left out.

    A folder that is a store holds no reports.
    """
    found: list[Path] = []
    left: Counter[str] = Counter()
    lost: list[OSError] = []
    paths = list(walk(folder, lost.append))
    stores = {path.parent for path in paths if path.name == "CURRENT" and (path.parent / "IDENTITY").is_file()}
    for path in paths:
        if path.parent in stores:
            left["store"] += 1
        elif any(name.startswith(".") for name in path.relative_to(folder).parts):
            left["hidden"] += 1
        elif skipped(path):
            left[path.suffix.lower()] += 1
        else:
            found.append(path)
    if lost:
        left["not accessible 无法访问"] = len(lost)
    return sorted(found, key=lambda path: (path.parent, path.name)), left


def gone(sources: list[Path], writer: Writer, seen: set[str]) -> list[tuple[Path, Filed]]:
    """Lines of the journal whose file was in one of these folders and is not there now, nor its content elsewhere."""
    found = []
    for source in sources:
        if source.is_dir():
            top = printable(source.resolve().name) + "/"
            folders = [Path(top) for top, _, _ in os.walk(source)]
            for line in writer.filed.values():
                name = line.name.rsplit(" (", 1)[0]
                # A file that was named by itself has no folder in its name: the digest in its key tells where it lay.
                places = [source / name.removeprefix(top)] if name.startswith(top) else [f / name for f in folders]
                for path in places:
                    here = line.name == journal_key(path, name)
                    if here and line.sha256 not in seen and not path.exists():
                        found.append((path, line))
    return found


_TOGETHER = 8
"""Files that a worker reads and then audits together: the rules' queries are planned once for them."""


def work(tasks: list[Task], jobs: int, base: str) -> Iterator[Outcome]:
    """Read the files in worker processes; the outcomes come in the order of the tasks."""
    size = max(1, min(_TOGETHER, len(tasks) // (2 * jobs)))  # few files are shared out among the workers
    groups = [tasks[start : start + size] for start in range(0, len(tasks), size)]
    if jobs == 1 or len(tasks) < 2:
        for group in groups:
            yield from some(group, base)
        return
    waiting = deque(groups)
    while waiting:
        # A file that kills its worker breaks the whole pool: the rest goes on in a new one, that file is told.
        running: deque[tuple[list[Task], Future[list[Outcome]]]] = deque()
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            try:
                while waiting or running:
                    while waiting and len(running) < 4 * jobs:
                        group = waiting.popleft()
                        with _interrupt_held():
                            running.append((group, pool.submit(some, group, base)))
                    group, future = running.popleft()
                    yield from future.result()
            except BrokenProcessPool:
                yield from (alone(task, base) for task in group)
                waiting.extendleft(other for other, _ in reversed(running))
            except (KeyboardInterrupt, GeneratorExit):
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def alone(task: Task, base: str) -> Outcome:
    """Read one file in a process of its own, after the pool broke while it was waited for."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            with _interrupt_held():
                future = pool.submit(some, [task], base)
            return future.result()[0]
        except BrokenProcessPool:
            reason = "reading this file ended its process (out of memory, or a fault in a library)"
            error = ReadError(reason, where=str(task.path), remedy="look at the file by hand", code="NB-READ-KILLED")
            return Outcome(task, error=str(error))


@contextmanager
def _interrupt_held() -> Iterator[None]:
    """Start workers that never see Ctrl-C, not even while they import: it is for the parent, which ends them.

    A blocked signal stays blocked in a new process; here it waits, and comes when the mask is put back.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def some(tasks: Sequence[Task], base: str) -> list[Outcome]:
    """Read some files, each by itself, and audit what they hold together."""
    done: dict[int, Outcome] = {}
    records: dict[int, Record] = {}
    for number, task in enumerate(tasks):
        try:
            with _limited(task):
                records[number] = read_report(task.path, corrections=task.corrections, limits=task.limits)
        except Exception as error:  # a fault of ours in one file must not stop the others
            done[number] = _failed(task, error)
    findings: dict[int, list[audit.Finding]] = {}
    if len(records) > 1:
        # One that cannot be mapped, or takes too long, makes that each is done by itself below, and is told there.
        with suppress(Exception), cpu_time(tasks[0].limits.report_cpu, TimeoutError()):
            graphs = [list(rdf.quads(record, base=base)) for record in records.values()]
            rules = rulebook(tasks[0].shipped, tasks[0].own)
            findings = dict(zip(records, audit.check_many(graphs, rules=rules), strict=True))
    for number, record in records.items():
        task = tasks[number]
        try:
            if (found := findings.get(number)) is None:
                with _limited(task):
                    quads = rdf.quads(record, base=base)
                    found = audit.check(quads, rules=rulebook(task.shipped, task.own))
            done[number] = Outcome(task, record=record.to_json(), findings=tuple(found), doubts=record.issues)
        except Exception as error:
            done[number] = _failed(task, error)
    return [done[number] for number in range(len(tasks))]


def _limited(task: Task) -> AbstractContextManager[None]:
    return cpu_time(task.limits.report_cpu, task.limits.report_time(printable(task.path)))


def _failed(task: Task, error: Exception) -> Outcome:
    if not isinstance(error, NianbaoError):
        return Outcome(task, error=str(internal_error(task.path, error)))
    where = printable(task.path)
    told = str(error) if where in str(error) else f"{where}: {error}"
    return Outcome(task, error=told, code=error.code)
