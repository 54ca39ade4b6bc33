"""Form filler (填表人) and telephone (联系电话): personal data, in a graph of their own that is never published.

`nianbao.mapping.rdf` writes nothing of this. A build that is asked to (``--persons``) puts these graphs into a second
store; rule Q01 finds them wherever they are published after all.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from nianbao.mapping.iris import Names
from nianbao.mapping.terms import describe, iri, plain, term
from nianbao.record import Record
from nianbao.vocabulary import DATA


def person_quads(record: Record, *, base: str = DATA, version: int = 1) -> Iterator[ox.Quad]:
    """The graph ``B restricted/KEY/YEAR/N``: the filing, and who filled in the form, name and telephone as printed.

    Nothing where the form names neither. Raises MappingError without a name of the institution or a year.
    """
    names = Names.of(record, base=base, version=version)
    name, telephone = plain(record.form_filler), plain(record.phone)
    if name is None and telephone is None:
        return
    graph = ox.NamedNode(names.restricted)
    for triple in (
        *describe(names.filing, "nb:Filing", ("dcat:isVersionOf", iri(names.report))),
        *describe(
            names.part("form-filler"),
            "nb:PersonRole",
            ("nb:statedIn", iri(names.filing)),
            ("org:organization", iri(names.institution)),
            ("org:role", term("nbc:formFiller")),
            ("foaf:name", name),
            ("nb:telephone", telephone),
        ),
    ):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
