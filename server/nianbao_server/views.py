"""What all templates can use: words, labels, links and numbers in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Flask, g, request
from markupsafe import Markup, escape

from nianbao.vocabulary import PREFIXES, expand
from nianbao_server.addresses import path_of
from nianbao_server.context import site
from nianbao_server.graph import Term, text_of
from nianbao_server.language import LANGUAGES, labels, word
from nianbao_server.originals import addresses
from nianbao_server.sentences import chinese


def register(app: Flask) -> None:
    """Make the helpers known to the templates."""

    @app.context_processor
    def helpers() -> dict[str, Any]:
        return {
            "lang": g.get("language", "zh"),
            "t": words,
            "label": label,
            "compact": compact,
            "href": href,
            "number": number,
            "money": money,
            "amount": amount,
            "page_pictures": addresses,
            "same_words": same_words,
            "explained": explained,
            "both": both,
            "place_words": place_words,
            "readable": readable,
            "text_of": text_of,
            "is_iri": lambda term: isinstance(term, ox.NamedNode),
            "other_language": other_language,
            "with_argument": with_argument,
            "prefixes": PREFIXES,
        }


def words(key: str, **values: object) -> str:
    """The words for `key` in the reader's language."""
    return word(key, g.get("language", "zh"), **values)


def label(iri: str) -> str:
    """What a thing is called: its name in the registry, its label in the ontology, or its short IRI."""
    known: dict[str, str] = g.get("names", {})
    if iri in known:
        return known[iri]
    vocabulary, language = site().vocabulary, g.get("language", "zh")
    return (
        vocabulary.said(iri, "skos:prefLabel", language)
        or vocabulary.said(iri, "rdfs:label", language)
        or term_words(compact(iri), language)
        or compact(iri)
    )


@cache
def foreign_terms() -> dict[str, list[str]]:
    """Words for terms of other vocabularies, by short IRI: Chinese, English."""
    found: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("terms.toml").read_text("utf-8"))
    return found


def term_words(term: str, language: str) -> str:
    """What a term of another vocabulary is called; "" for an unknown one."""
    known = foreign_terms().get(term)
    return known[LANGUAGES.index(language)] if known else ""


def compact(iri: str) -> str:
    """``nb:value`` for an IRI with a known prefix, the end of the path for one of our data, else the IRI."""
    for prefix, space in PREFIXES.items():
        if iri.startswith(space) and len(iri) > len(space):
            return f"{prefix}:{iri.removeprefix(space)}"
    base = site().base
    return iri.removeprefix(base) if iri.startswith(base) else iri


def href(iri: str) -> str | None:
    """Where a link on an IRI leads: to our page, to the web for http(s), nowhere for the rest (``javascript:``)."""
    if path := path_of(iri, site().base):
        return path
    return iri if iri.startswith(("http://", "https://")) else None


def number(value: Decimal | str | None) -> str:
    """A number with thousands separators and its own decimals; a dash for none."""
    if value is None or value == "":
        return "–"
    try:
        value = Decimal(value)
    except ArithmeticError:
        return str(value)
    return f"{int(value):,}" if value == value.to_integral_value() else f"{value.normalize():,f}"


def money(value: Decimal | str | None) -> str:
    """An amount in yuan: in Chinese in units of 10,000 yuan (万元), as the form gives it, if it has as many."""
    if value is None or value == "":
        return "–"
    if g.get("language", "zh") == "zh":
        large = abs(Decimal(value)) >= 10_000
        return f"{number(Decimal(value) / 10_000)} 万元" if large else f"{number(value)} 元"
    return f"¥{number(value)}"


def amount(value: Decimal | str | None, unit: str, item: str = "") -> str:
    """A value with its unit in the reader's language: ``1,100 万元``, ``10.67%``, ``32 场``."""
    if unit == expand("unit:CCY_CNY"):
        return money(value)
    if unit == expand("unit:PERCENT"):
        return f"{number(value)}%"
    if item or unit in ("", expand("unit:NUM")):
        return f"{number(value)} {item}".strip()
    return f"{number(value)} {label(unit)}"


def same_words(one: str, other: str) -> bool:
    """Whether two ways of writing a figure differ in blanks and separators only."""
    plain = str.maketrans("", "", " ,，　")
    return one.translate(plain) == other.translate(plain)


def explained(code: str) -> str:
    """What an error's code means in the reader's language; "" for a code without words here."""
    return words(f"error-{code}") if f"error-{code}" in labels() else ""


def both(text: str) -> Markup:
    """What an error says: on Chinese pages in Chinese first, with the English of the program beside it."""
    zh = chinese(text) if g.get("language", "zh") == "zh" else ""
    return Markup('{}<span class="quiet line" lang="en">{}</span>').format(zh, text) if zh else escape(text)


def place_words(place: str) -> str:
    """The place of an error in the reader's language."""
    return chinese(place) or place if g.get("language", "zh") == "zh" else place


def readable(terms: Sequence[Term]) -> list[Term]:
    """The terms without texts in other languages, where there is one in the reader's."""
    language = g.get("language", "zh")

    def tag(term: Term) -> str:
        return (term.language or "").partition("-")[0] if isinstance(term, ox.Literal) else ""

    return (
        [term for term in terms if tag(term) in ("", language)] if any(tag(t) == language for t in terms) else [*terms]
    )


def other_language() -> str:
    """The address of this page in the other language."""
    return with_argument("lang", "en" if g.get("language", "zh") == "zh" else "zh")


def with_argument(name: str, value: str) -> str:
    """The address of this page with another value of one argument."""
    arguments = [(key, said) for key, said in request.args.items(multi=True) if key != name]
    return f"{request.path}?{urlencode([*arguments, (name, value)])}"
