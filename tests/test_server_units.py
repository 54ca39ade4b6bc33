"""The parts of the server that need no store: passages, charts, addresses, negotiation of numbers and words."""

from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.vocabulary import DATA, expand
from nianbao_server.addresses import iri_of, path_of
from nianbao_server.chart import HEIGHT, WIDTH, trend
from nianbao_server.facts import SectionView, after_heading, iri, literal
from nianbao_server.graph import Graph
from nianbao_server.passages import Piece, Span, marked, offsets


@pytest.mark.parametrize(
    ("iri_", "path"),
    [
        (DATA + "org/12450000MB0000000D", "/org/12450000MB0000000D"),
        (DATA + "filing/n-0123/2024/1/a1.3", "/filing/n-0123/2024/1/a1.3"),
        (DATA + "indicator/n-0123", "/indicator/n-0123"),
        (expand("nbi:staff"), "/indicator/staff"),
        (expand("nbc:moreThan"), "/code/moreThan"),
    ],
)
def test_iris_and_paths_are_names_of_one_thing(iri_: str, path: str) -> None:
    assert path_of(iri_, DATA) == path
    assert iri_of(path, DATA) == iri_


def test_other_addresses_are_not_ours() -> None:
    assert path_of("https://example.org/org/1", DATA) is None
    assert path_of(DATA + "sparql", DATA) is None
    assert path_of("javascript:alert(1)", DATA) is None
    assert path_of(expand("nb:value"), DATA) == "/ns#value"
    assert path_of(DATA + "text/sha256-0#char=1,2", DATA) == "/text/sha256-0#char=1,2"


def test_passages_are_read_from_the_fragment() -> None:
    assert offsets("https://a/text/1#char=12,20") == (12, 20)
    assert offsets("https://a/text/1#page=2") is None
    assert offsets(None) is None


def test_text_is_cut_at_the_borders_of_its_marks() -> None:
    pieces = marked("接收 30 件", 100, [Span(103, 107, "q1"), Span(103, 105, "q2", "change")])
    assert pieces == [
        Piece("接收 "),
        Piece("30", ("q1", "q2"), ("q1", "q2"), ("figure", "change")),
        Piece(" 件", ("q1",), (), ("figure",)),
    ]


@given(
    st.text(max_size=30),
    st.integers(0, 50),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=6),
)
def test_cutting_loses_no_character_and_begins_each_mark_once(
    text: str, start: int, spans: list[tuple[int, int]]
) -> None:
    given_ = [Span(min(pair), max(pair), f"q{number}") for number, pair in enumerate(spans)]
    pieces = marked(text, start, given_)
    assert "".join(piece.text for piece in pieces) == text
    begun = [name for piece in pieces for name in piece.begins]
    assert len(begun) == len(set(begun))
    for span in given_:
        covered = "".join(piece.text for piece in pieces if span.name in piece.names)
        assert covered == text[max(span.start - start, 0) : max(span.end - start, 0)]


def test_a_trend_stays_in_its_frame_and_leaves_out_years_without_a_value() -> None:
    chart = trend([("2021", Decimal(3)), ("2022", None), ("2023", Decimal(-1)), ("2024", Decimal(7))])
    assert chart is not None
    assert [point[2:] for point in chart.points] == [("2021", "3"), ("2023", "-1"), ("2024", "7")]
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y, _, _ in chart.points)
    assert chart.points[2][1] < chart.points[0][1] < chart.points[1][1]
    assert trend([("2024", Decimal(3))]) is None
    assert trend([("2023", Decimal(3)), ("2024", Decimal(3))]) is not None


def test_a_heading_is_shown_once() -> None:
    assert after_heading("（一）展览\n举办展览", "展览") == 6
    assert after_heading("一、展览。举办", "展览") == 5
    assert after_heading("举办各类活动和各种展览若干", "展览若") == 12
    assert after_heading("没有标题", "别的") == 0


def test_only_a_bare_none_is_not_shown_again() -> None:
    assert SectionView("x", "none", [Piece("无。")]).says_only_none
    assert not SectionView("x", "none", [Piece("本年度无变更事项。")]).says_only_none
    assert not SectionView("x", "text", [Piece("无")]).says_only_none


@given(st.text(max_size=20))
def test_nothing_breaks_out_of_a_literal_or_iri(text: str) -> None:
    found = next(iter(ox.Store().query(f"SELECT ({literal(text)} AS ?x) {{}}")))
    assert found["x"].value == text
    try:
        written = iri("https://a/" + text)
    except ValueError:
        return
    assert written.count("<") == written.count(">") == 1
    assert not set(written) & set(' "{}|^`\n')


def test_a_label_comes_in_the_language_that_is_asked_for() -> None:
    subject, label = ox.NamedNode("http://a"), ox.NamedNode(expand("skos:prefLabel"))
    graph = Graph(
        ox.Triple(subject, label, ox.Literal(text, language=tag)) for text, tag in (("馆", "zh"), ("hall", "en"))
    )
    assert graph.said("http://a", "skos:prefLabel", "en") == "hall"
    assert graph.said("http://a", "skos:prefLabel", "fr") == "馆"
    assert graph.said("http://b", "skos:prefLabel", "en") is None
    assert "http://b" not in graph
