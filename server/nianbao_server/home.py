"""The whole store at a glance: what it holds, and its institutions by name.

Whoever gave way to another institution (`succession`) is neither counted nor listed: its reports are the other's.
Numbers of reports and findings are those of the summaries that the build keeps.
"""

from __future__ import annotations

from dataclasses import dataclass

from nianbao.errors import QueryError
from nianbao_server.context import Site
from nianbao_server.facts import PAGE, iri, plain
from nianbao_server.findings import COUNTED, Wanted, numbers, summaries, together
from nianbao_server.succession import replaced


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts for the home page; None where counting took too long."""

    institutions: int | None
    reports: int | None
    figures: int | None
    findings: dict[str, int] | None


def overview(site: Site) -> Overview:
    """What is in the store."""

    def ask() -> Overview:
        try:
            reports, found = len(summaries(site)), together(numbers(site, "year", Wanted()).values()).severities
        except QueryError:
            reports, found = None, None
        return Overview(_institutions(site), reports, _figures(site), found)

    return site.kept("overview", ask)


def _institutions(site: Site) -> int | None:
    try:
        return len(by_name(site))
    except QueryError:
        return None


def _figures(site: Site) -> int | None:
    """How many figures there are: half a million in ten thousand reports, so the number is kept for a while."""

    def ask() -> int | None:
        try:
            return int(plain(site.select("SELECT (COUNT(*) AS ?n) WHERE { ?o nb:value ?v }")[0])["n"])
        except QueryError:
            return None

    return site.kept("figures", ask, COUNTED)


def by_name(site: Site) -> list[tuple[str, str]]:
    """(name, IRI) of all institutions of today, by name."""

    def ask() -> list[tuple[str, str]]:
        later = replaced(site)
        rows = map(plain, site.select("SELECT ?i ?name WHERE { ?i a nb:PublicInstitution ; skos:prefLabel ?name }"))
        return sorted({row["i"]: (row["name"], row["i"]) for row in rows if row["i"] not in later}.values())

    return site.kept("by name", ask)


def institutions(site: Site, page: int) -> tuple[list[dict[str, str]], bool]:
    """Institutions by name with newest year, its report and the number of reports, and whether there are more pages
    after this one."""

    def ask() -> tuple[list[dict[str, str]], bool]:
        every = by_name(site)
        shown = {one: {"i": one, "name": name, "reports": "0"} for name, one in every[PAGE * (page - 1) : PAGE * page]}
        own = {one: one for one in shown} | {former: one for former, one in replaced(site).items() if one in shown}
        query = f"""SELECT ?i ?report ?year WHERE {{ VALUES ?i {{ {" ".join(map(iri, own))} }}
            ?report nb:reportingInstitution ?i ; nb:reportingYear ?year }} ORDER BY ?year ?report"""
        for said in map(plain, site.select(query)) if own else ():
            row = shown[own[said["i"]]]
            row |= {"year": said["year"], "report": said["report"], "reports": str(int(row["reports"]) + 1)}
        return list(shown.values()), len(every) > PAGE * page

    return site.kept(("institutions", page), ask)
