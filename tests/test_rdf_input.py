"""RDF that does not parse: in every syntax an error with the line, never a crash, never an empty audit that passes."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from nianbao.cli import main
from nianbao.errors import ReadError
from nianbao.quality.rdf_input import SUFFIXES, parse_rdf, read_rdf
from nianbao.vocabulary import NB

GOOD = Path(__file__).parent / "shapes/good.ttl"
TRIPLES = list(ox.parse(path=str(GOOD), format=ox.RdfFormat.TURTLE))


def written(form: ox.RdfFormat) -> bytes:
    quads = TRIPLES if form.supports_datasets else [quad.triple for quad in TRIPLES]
    data = ox.serialize(quads, format=form) or b""
    return json.dumps(json.loads(data), indent=1).encode() if form == ox.RdfFormat.JSON_LD else data


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_syntax_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    for data in (written(SUFFIXES[suffix]), b"\xef\xbb\xbf" + written(SUFFIXES[suffix])):
        path.write_bytes(data)
        assert len(read_rdf(path)) == len(TRIPLES)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_syntax_tells_the_line(tmp_path: Path, suffix: str) -> None:
    lines = written(SUFFIXES[suffix]).splitlines(keepends=True)
    path, at = tmp_path / f"x{suffix}", max(2, len(lines) // 2)
    path.write_bytes(b"".join([*lines[:at], b'< % " }{\n', *lines[at:]]))
    with pytest.raises(ReadError) as raised:
        read_rdf(path)
    assert raised.value.code == "NB-READ-RDF"
    line = int(raised.value.place.removeprefix("line "))
    assert at <= line <= at + 2
    assert raised.value.remedy


def test_rdf_xml_that_is_good_xml_tells_the_line_too() -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    text = f'<rdf:RDF xmlns:rdf="{rdf}"\n xmlns:e="urn:e:">\n<rdf:Description rdf:about="urn:a">\n<e:p rdf:ID="a b"/>\n'
    with pytest.raises(ReadError) as raised:
        parse_rdf(f"{text}</rdf:Description>\n</rdf:RDF>\n".encode(), ox.RdfFormat.RDF_XML)
    assert raised.value.place == "line 4"


ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
XML = '<?xml version="1.0"?>\n<!DOCTYPE r [{}]>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</rdf:RDF>'


@pytest.mark.parametrize(
    ("data", "form", "words"),
    [
        (XML.format(f'<!ENTITY a0 "lol">{ENTITIES}', "&a9;"), ox.RdfFormat.RDF_XML, "refers to others"),
        (XML.format('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;"), ox.RdfFormat.RDF_XML, "in another file"),
        (XML.format(f'<!ENTITY x "{"x" * 100000}">', "&x;" * 1000), ox.RdfFormat.RDF_XML, "expand to too much"),
        ('{"@graph":' * 100_000 + "1" + "}" * 100_000, ox.RdfFormat.JSON_LD, "deep in each other"),
        ('{"@context": "https://elsewhere.example/c.jsonld"}', ox.RdfFormat.JSON_LD, "nothing is fetched"),
        ("\0" * 100, None, "does not parse"),
        ("<html></html>", ox.RdfFormat.RDF_XML, "does not parse"),
    ],
)
def test_texts_that_mean_harm(data: str, form: ox.RdfFormat | None, words: str) -> None:
    with pytest.raises(ReadError) as raised:
        parse_rdf(data.encode(), form)
    assert words in raised.value.reason
    assert raised.value.code == "NB-READ-RDF"


def test_namespaces_as_entities_and_quotes_in_json_are_no_harm() -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    text = f'<!DOCTYPE r [<!ENTITY rdf "{rdf}">]>\n<rdf:RDF xmlns:rdf="&rdf;"><rdf:Description rdf:about="urn:a"><rdf:value>1</rdf:value></rdf:Description></rdf:RDF>'  # noqa: E501
    assert len(parse_rdf(text.encode(), ox.RdfFormat.RDF_XML)) == 1
    many = '{"@id": "urn:a", "urn:b": "' + '\\"[{' * 1000 + '"}'
    assert len(parse_rdf(many.encode(), ox.RdfFormat.JSON_LD)) == 1


@pytest.mark.parametrize("text", ["", "<urn:a> <urn:b> 1 .", f"<urn:a> a <{NB[:-1]}/Filing> ."])
def test_data_without_a_filing_are_not_passed(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.ttl").write_text(text)
    result = CliRunner().invoke(main, ["validate", str(tmp_path / "x.ttl"), "--fail-on", "never"])
    assert result.exit_code == 1
    assert "NB-SHAPES-NO-FILING" in result.stderr


def test_utf_16_is_read() -> None:
    assert len(parse_rdf(written(ox.RdfFormat.TURTLE).decode().encode("utf-16"))) == len(TRIPLES)
