"""The one that writes filings into a store and keeps registry, default graph and journal in step with them.

Every change is one transaction (docs/modelling.md tells the graphs): the filing's own graph, its audit, its line in
the journal, its triples in the default graph if it is the current version of its report, and what the registry derives.
What rules find that compare reports is made after a batch, for the institutions that it touched (`check_across`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pyoxigraph as ox

from nianbao import __version__
from nianbao.mapping import iris, ontology, rdf
from nianbao.quality import across, audit
from nianbao.quality.reporting.population import division_of
from nianbao.quality.reporting.summary import Summary, counted, summarised, summary_quads
from nianbao.quality.rulebook import Rulebook, rulebook
from nianbao.record import Record
from nianbao.restricted import Persons
from nianbao.storage.store import Store, values
from nianbao.vocabulary import DATA, NB, expand

PREFIXES = (
    f"PREFIX nb: <{NB}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX dcat: <http://www.w3.org/ns/dcat#> "
)

_DERIVED = expand("prov:wasDerivedFrom")
_COMMENT = expand("rdfs:comment")
_OURS = re.compile(r".*/filing/[^/]+/[0-9]{4}/[0-9]+")


@dataclass(frozen=True, slots=True)
class Filed:
    """A line of the journal: a filing, the file it was read from, by which version, and its submission date or ''."""

    filing: str
    name: str
    sha256: str
    reader: str
    submitted: str

    @property
    def report(self) -> str:
        """What the filing is a version of: ``KEY/YEAR``."""
        return self.filing.split("/filing/", 1)[1].rsplit("/", 1)[0]

    @property
    def version(self) -> int:
        return int(self.filing.rsplit("/", 1)[1])

    @property
    def graph(self) -> str:
        return self.filing.replace("/filing/", "/graph/", 1)

    @property
    def audit_graphs(self) -> tuple[str, ...]:
        """Those of the findings on the filing by itself and beside other reports."""
        return tuple(audit.audit_graph(self.filing, across=across) for across in (False, True))


class Writer:
    """Writes whole filings. There is one writer a store; the journal is read once, when it starts.

    rules: those that the findings were made with, the shipped ones unless given.
    persons: the store that form fillers and telephones go to; without it they go nowhere. Raises StoreError where it
    is not apart from `store`.
    """

    def __init__(
        self, store: Store, base: str = DATA, rules: Rulebook | None = None, persons: Store | None = None
    ) -> None:
        self.store = store
        self.rules = rules or rulebook()
        self._changed: set[str] = set()
        self.base = base
        self.registry = f"{base}graph/registry"
        self.journal = f"{base}graph/journal"
        # Another version of the reader, or other rules, mean that every file is to be done again.
        self.reader = f"nianbao {__version__}, rules {self.rules.digest[:12]}"
        query = f"""{PREFIXES} SELECT ?filing ?name ?hash ?reader ?submitted WHERE {{ GRAPH <{self.journal}> {{
            ?filing nb:fileName ?name ; nb:sha256 ?hash ; nb:readBy ?reader
            OPTIONAL {{ ?filing nb:submissionDate ?submitted }} }} }}"""
        names = ("filing", "name", "hash", "reader", "submitted")
        self.filed: dict[str, Filed] = {}
        self.by_file: dict[str, str] = {}
        self.by_report: dict[str, set[str]] = {}
        self.by_institution: dict[str, set[str]] = {}
        for row in store.select(query):
            line = Filed(*(text or "" for text in values(row, names)))
            if _OURS.fullmatch(line.filing):  # a line that somebody else has put there is none of ours
                self._note(line)
        self._attachments = self._attachments_noted()
        self.persons = Persons(persons, store, base) if persons else None
        if self.persons:
            self.persons.follow({filing: line.sha256 for filing, line in self.filed.items()})

    def _note(self, line: Filed) -> None:
        self.filed[line.filing] = line
        self.by_file[line.name] = self.by_file[line.sha256] = line.filing
        self.by_report.setdefault(line.report, set()).add(line.filing)
        key, year = line.report.split("/")
        self.by_institution.setdefault(key, set()).add(year)

    def _forget(self, line: Filed) -> None:
        del self.filed[line.filing]
        self.by_report[line.report].discard(line.filing)
        if not self.by_report[line.report]:
            key, year = line.report.split("/")
            self.by_institution[key].discard(year)
        for handle in (line.name, line.sha256):
            self.by_file.pop(handle, None)

    def knows(self, sha256: str, corrections: str = "") -> bool:
        """Whether a file of this content is in the store already, read by this version, with the corrections of this
        digest, and audited by these rules; and in that of personal data, if there is one."""
        line = self.filed.get(self.by_file.get(sha256, ""))
        if line is None or line.filing in self._without_audit:
            return False
        return line.reader == self._read_by(corrections) and self._has_persons(line)

    @cached_property
    def _without_audit(self) -> frozenset[str]:
        """Current filings whose findings are not in the store, whatever the journal says: something else took them."""
        return audit.without_own(self.store, self.rules)

    def read_before(self, sha256: str, corrections: str = "") -> Filed | None:
        """The filing of a file of this content that was read as it would be now, where its audit is missing or was made
        by other rules."""
        line = self.filed.get(self.by_file.get(sha256, ""))
        same = line and _without_rules(line.reader) == _without_rules(self._read_by(corrections))
        return line if line and same and self._has_persons(line) else None

    def _has_persons(self, line: Filed) -> bool:
        return not self.persons or self.persons.has(line.filing, line.sha256, _without_rules(line.reader))

    def without_persons(self) -> int:
        """How many filings have to be read again for the store of personal data."""
        return sum(not self._has_persons(line) for line in self.filed.values())

    def _attachments_noted(self) -> dict[str, tuple[str, str]]:
        query = f"""{PREFIXES} SELECT ?hash ?said WHERE {{ GRAPH <{self.journal}> {{
            ?file nb:fileName ?name ; nb:sha256 ?hash ; <{_COMMENT}> ?said }} }}"""
        found = {}
        for row in self.store.select(query):
            sha256, said = (text or "" for text in values(row, ("hash", "said")))
            try:
                reader, code, reason = json.loads(said)
            except ValueError:  # not written by us
                continue
            if reader == _without_rules(self.reader):
                found[sha256] = (code, reason)
        return found

    def attachment(self, sha256: str) -> tuple[str, str] | None:
        """The code and the words of why a file of this content is no report but lies beside one, as this version of the
        reader has found before; None where it has not."""
        return self._attachments.get(sha256)

    def note_attachment(self, name: str, sha256: str, code: str, reason: str) -> None:
        """Note in the journal that a file lies beside a report and is none, so that it is not read again."""
        line, journal = ox.NamedNode(iris.source_iri(sha256, self.base)), ox.NamedNode(self.journal)
        said = json.dumps([_without_rules(self.reader), code, reason], ensure_ascii=False)
        facts = {NB + "fileName": name, NB + "sha256": sha256, _COMMENT: said}
        quads = [ox.Quad(line, ox.NamedNode(term), ox.Literal(text), journal) for term, text in facts.items()]
        self.store.write(quads, first=f"DELETE WHERE {{ GRAPH <{self.journal}> {{ {line} ?p ?o }} }}")
        self._attachments[sha256] = (code, reason)

    def put_findings(self, found: Mapping[Filed, Sequence[audit.Finding]]) -> None:
        """Replace what these rules say of filings, each by itself, in one transaction; nothing else of them changes."""
        operations: list[str] = []
        quads: list[ox.Quad] = []
        for old, findings in found.items():
            _, *corrected = old.reader.partition(", corrections ")
            line = replace(old, reader=self._read_by(corrected[-1]))
            operations += [f"DROP SILENT GRAPH <{graph}>" for graph in line.audit_graphs]  # other rules made both
            operations.append(f"DELETE WHERE {{ GRAPH <{self.journal}> {{ <{line.filing}> <{NB}readBy> ?old }} }}")
            quads += self._journal_quads(line)
            quads += audit.finding_quads(findings, line.filing, base=self.base, rules=self.rules)
            self.filed[line.filing] = line
        self.store.write(quads, first=";\n".join(operations))

    def _read_by(self, corrections: str) -> str:
        return f"{self.reader}, corrections {corrections}" if corrections else self.reader

    def load_ontology(self) -> None:
        """Put ontology, codes and form indicators into a graph of their own and the default graph, if they are new."""
        graph = NB.rstrip("#")
        mark = f'<{graph}> <{NB}sha256> "{ontology.digest()}"'
        if self.store.ask(f"ASK {{ GRAPH <{self.journal}> {{ {mark} }} }}"):
            return
        operations = [
            _out_of_default(graph),
            f"DROP SILENT GRAPH <{graph}>",
            f"DELETE WHERE {{ GRAPH <{self.journal}> {{ <{graph}> <{NB}sha256> ?old }} }}",
            f"INSERT DATA {{ GRAPH <{self.journal}> {{ {mark} }} }}",
        ]
        self.store.write(_both(ontology.triples(), graph), first=";\n".join(operations))

    def put(
        self, record: Record, findings: Sequence[audit.Finding], *, name: str, sha256: str, corrections: str = ""
    ) -> bool:
        """Put one filing into the store; True if it takes the place of what was read from the same file before.

        corrections: digest of what was pinned in the file (``Corrections.digest``).
        Another file for the same institution and year becomes a further version of the report; the version submitted
        last is the current one.
        """
        report = f"{iris.institution_key(record)}/{iris.report_year(record)}"
        known = self.by_file.get(name) or self.by_file.get(sha256)
        old = self.filed[known] if known else None
        replaces = old is not None
        if old and old.report != report:  # the file now speaks of another institution or year
            self.remove(old)
            old = None
        siblings = [line for line in self._versions(report) if line != old]
        version = old.version if old else 1 + max((line.version for line in siblings), default=0)
        reader = self._read_by(corrections)
        line = Filed(f"{self.base}filing/{report}/{version}", name, sha256, reader, record.filing_date or "")
        current = _newest([*siblings, line])

        operations = self._touch(report) + [_out_of_default(sibling.graph) for sibling in siblings]
        if old:
            operations += self._removal(old)
        own: list[ox.Triple] = []
        shared: list[ox.Triple] = []
        for quad in rdf.quads(record, base=self.base, version=version):
            (own if quad.graph_name == ox.NamedNode(line.graph) else shared).append(quad.triple)
        if current == line:
            quads = [*_both(own, line.graph)]
        else:
            quads = [*_named(own, line.graph)]
            operations.append(_into_default(current.graph))
            shared += _text_links(own, line.filing)
        operations += self._note_texts(siblings, current)
        institution = f"{self.base}org/{report.split('/')[0]}"
        newest = self._newest_year(institution, without=report)
        if current != line or (newest and newest > report.split("/")[1]):
            # A newer filing speaks for the institution: what this one says of it stays in its registration record.
            shared = [triple for triple in shared if triple.subject != ox.NamedNode(institution)]
        elif old or newest or siblings:
            operations.append(self._clear_institution(institution))
        shared = [triple for triple in shared if triple.subject != ox.NamedNode(f"{self.base}report/{report}")]
        operations += self._clear_report(report) if old or siblings else []
        shared += rdf.report_triples(report, current.version, base=self.base)
        quads += [*_both(shared, self.registry), *self._journal_quads(line)]
        quads += audit.finding_quads(findings, line.filing, base=self.base, rules=self.rules)
        if current == line:
            quads += summary_quads([self._summary(record, findings, line)], self.base)
        self.store.write(quads, first=";\n".join(operations))
        if old:
            self._forget(old)
        self._note(line)
        if self.persons:  # a build that is stopped before this finds it missing the next time
            self.persons.put(record, line.filing, sha256, _without_rules(reader))
        return replaces

    def _summary(self, record: Record, findings: Iterable[audit.Finding], line: Filed) -> Summary:
        """That of a filing by itself; `check_across` adds what is found beside others."""
        return Summary(
            report=f"{self.base}report/{line.report}",
            filing=line.filing,
            year=line.report.split("/")[1],
            division=division_of(iris.clean_code(iris.stated_code(record)) or ""),
            sponsors=tuple(sorted(record.sponsors)),
            rules="" if self.rules.across else self.rules.digest,
            found=counted(f for f in findings if not self._restricted(f)),
        )

    def _restricted(self, finding: audit.Finding) -> bool:
        check = self.rules.checks.get(finding.shape)
        return check is not None and check.restricted

    def remove(self, line: Filed) -> None:
        """Take a filing out of the store: its graphs, its line in the journal and what the registry had from it; and
        first what it says of persons out of theirs."""
        if self.persons:
            self.persons.remove(line.filing)
        siblings = [other for other in self._versions(line.report) if other != line]
        operations = [*self._touch(line.report), *self._removal(line), *self._clear_report(line.report)]
        quads: list[ox.Quad] = []
        if siblings:
            current = _newest(siblings)
            operations += [*(_out_of_default(other.graph) for other in siblings), _into_default(current.graph)]
            operations += self._note_texts(siblings, current)
            quads += _both(rdf.report_triples(line.report, current.version, base=self.base), self.registry)
        institution = f"{self.base}org/{line.report.split('/')[0]}"
        operations.append(self._clear_institution(institution))
        self.store.write(quads, first=";\n".join(operations))
        self._forget(line)
        if facts := self._facts(institution):
            self.store.write(_both(facts, self.registry))

    def _touch(self, report: str) -> list[str]:
        """Note that the findings on an institution beside other reports have to be made again, and those that they had
        a part in; the operations that note it in the store, so that a build that is stopped is made good.

        What it had in common with others may go: these are found before it changes, once until the next comparison.
        """
        institution = f"{self.base}org/{report.split('/')[0]}"
        known = bool(self.by_institution.get(report.split("/")[0]))
        if not self.rules.across or not known or institution in self._changed:
            self._changed.add(institution)
            return []
        self._changed.add(institution)
        lines = [
            line
            for other in {institution, *across.neighbours(self.store, [institution], self.rules)}
            for year in self.by_institution.get(other.rsplit("/", 1)[1], ())
            for line in self._versions(f"{other.rsplit('/', 1)[1]}/{year}")
        ]
        return [f"DROP SILENT GRAPH <{line.audit_graphs[1]}>" for line in lines]

    def check_across(self) -> int:
        """Run the rules that compare reports on what changed since the last time and on its neighbours; how many
        filings were checked.

        Filings that have no such audit by these rules, from a build that was stopped, are checked too.
        """
        if not self.rules.across:
            return 0
        touched = self._changed | set(audit.without_across(self.store, self.rules))
        touched |= across.neighbours(self.store, touched, self.rules)
        number = 0
        for found in across.check_across(self.store, self.rules, touched):
            operations: list[str] = []
            quads: list[ox.Quad] = []
            for filing, findings in found.items():
                graph = audit.audit_graph(filing, base=self.base, across=True)
                operations.append(f"DROP SILENT GRAPH <{graph}>")
                quads += audit.finding_quads(findings, filing, base=self.base, rules=self.rules, across=True)
            quads += summary_quads(summarised(self.store, list(found), self.rules, found), self.base)
            self.store.write(quads, first=";\n".join(operations))
            number += len(found)
        self._changed.clear()
        return number

    def drop_orphans(self) -> None:
        """Take indicators and sponsors that no filing speaks of any more out of the registry."""
        for kind, used in (("nb:Indicator", "?s nb:indicator ?x"), ("nb:Sponsor", "?s nb:statedSponsor ?x")):
            self.store.update(
                f"""{PREFIXES} DELETE {{ GRAPH <{self.registry}> {{ ?x ?p ?o }} ?x ?p ?o }} WHERE {{
                GRAPH <{self.registry}> {{ ?x a {kind} ; ?p ?o }}
                FILTER NOT EXISTS {{ GRAPH ?g {{ {used} }} }} FILTER NOT EXISTS {{ ?x a nb:PublicInstitution }} }}"""
            )

    def _versions(self, report: str) -> list[Filed]:
        return [self.filed[filing] for filing in self.by_report.get(report, ())]

    def _removal(self, line: Filed) -> list[str]:
        return [
            _out_of_default(line.graph),
            f"DROP SILENT GRAPH <{line.graph}>",
            self._forget_text(line),
            *(f"DROP SILENT GRAPH <{graph}>" for graph in line.audit_graphs),
            f"DELETE WHERE {{ GRAPH <{self.journal}> {{ <{line.filing}> ?p ?o }} }}",
        ]

    def _note_texts(self, lines: Iterable[Filed], current: Filed) -> Iterable[str]:
        """Keep in the registry which text each superseded filing was read from: a rule is to see, without its graph,
        whether another version says the same. To be done when the filings are out of the default graph."""
        for line in lines:
            yield self._forget_text(line)
            if line != current:
                link = f"<{line.filing}> <{_DERIVED}> ?text"
                yield (
                    f"INSERT {{ GRAPH <{self.registry}> {{ {link} }} {link} }} "
                    f"WHERE {{ GRAPH <{line.graph}> {{ {link} }} }}"
                )

    def _forget_text(self, line: Filed) -> str:
        return f"DELETE WHERE {{ GRAPH <{self.registry}> {{ <{line.filing}> <{_DERIVED}> ?text }} }}"

    def _clear_report(self, report: str) -> list[str]:
        node = f"<{self.base}report/{report}>"
        return [
            f"DELETE WHERE {{ GRAPH <{self.registry}> {{ {node} ?p ?o }} }}",
            f"DELETE WHERE {{ {node} ?p ?o }}",
        ]

    def _clear_institution(self, institution: str) -> str:
        """Forget an institution's derived facts, but not that it is a sponsor too, which other filings say."""
        return f"""DELETE {{ GRAPH <{self.registry}> {{ <{institution}> ?p ?o }} <{institution}> ?p ?o }}
            WHERE {{ GRAPH <{self.registry}> {{ <{institution}> ?p ?o }} FILTER(?o != <{NB}Sponsor>) }}"""

    def _newest_year(self, institution: str, *, without: str) -> str:
        """The newest year of which the institution has a report, not counting the report `without`; '' for none."""
        key = institution.rsplit("/", 1)[1]
        return max((year for year in self.by_institution.get(key, ()) if f"{key}/{year}" != without), default="")

    def _facts(self, institution: str) -> list[ox.Triple]:
        """What the institution's newest current filing says of it, as triples of the registry."""
        query = f"""{PREFIXES} SELECT ?year ?name ?other ?code ?sponsor WHERE {{
            ?report nb:reportingInstitution <{institution}> ; nb:reportingYear ?year ;
                dcat:hasCurrentVersion/nb:registration ?record .
            ?record nb:mainName ?name .
            OPTIONAL {{ ?record nb:otherName ?other }} OPTIONAL {{ ?record nb:statedCode ?code }}
            OPTIONAL {{ ?record nb:statedSponsor/skos:prefLabel ?sponsor }} }}"""
        rows = [values(row, ("year", "name", "other", "code", "sponsor")) for row in self.store.select(query)]
        newest = max((row[0] or "" for row in rows), default="")
        columns = [sorted({row[i] or "" for row in rows if row[0] == newest} - {""}) for i in range(1, 5)]
        names, others, codes, sponsors = columns
        if not names:
            return []
        key = institution.rsplit("/", 1)[1]
        return rdf.institution_triples(key, names[0], others, codes[0] if codes else None, sponsors, base=self.base)

    def _journal_quads(self, line: Filed) -> list[ox.Quad]:
        facts = {"fileName": line.name, "sha256": line.sha256, "readBy": line.reader}
        if line.submitted:
            facts["submissionDate"] = line.submitted
        filing, journal = ox.NamedNode(line.filing), ox.NamedNode(self.journal)
        return [ox.Quad(filing, ox.NamedNode(NB + term), ox.Literal(text), journal) for term, text in facts.items()]


def _without_rules(reader: str) -> str:
    return re.sub(r", rules \w+", "", reader)


def _newest(lines: Iterable[Filed]) -> Filed:
    return max(lines, key=lambda line: (line.submitted, line.version))


def _text_links(triples: Iterable[ox.Triple], filing: str) -> list[ox.Triple]:
    """The triples that tell from which text a filing was read."""
    key = (ox.NamedNode(filing), ox.NamedNode(_DERIVED))
    return [triple for triple in triples if (triple.subject, triple.predicate) == key]


def _named(triples: Iterable[ox.Triple], graph: str) -> Iterable[ox.Quad]:
    name = ox.NamedNode(graph)
    return (ox.Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples)


def _both(triples: Iterable[ox.Triple], graph: str) -> Iterable[ox.Quad]:
    """The triples in their named graph and in the default graph."""
    for quad in _named(triples, graph):
        yield quad
        yield ox.Quad(quad.subject, quad.predicate, quad.object)


def _out_of_default(graph: str) -> str:
    return f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"


def _into_default(graph: str) -> str:
    return f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
