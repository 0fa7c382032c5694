from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from xingtan.engines import indicators as ind
from xingtan.engines.indicators.parser import canonical_text, parse
from xingtan.engines.indicators.syntax import (
    Boolean,
    Call,
    Chain,
    Comparison,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
    NotApplicable,
    Number,
    TextLiteral,
    canonical,
)
from xingtan.engines.indicators.tests.helpers import ON, cells, definition, schema

law = settings(deadline=None)  # the machine may be busy

# ---- the language -------------------------------------------------------------------------------------------------

finite = st.floats(0, 1e15, allow_nan=False)
leaves = st.one_of(
    finite.map(lambda v: Number(0, 0, v + 0.0)),
    st.sampled_from(["a", "b", "pupils_primary"]).map(lambda n: Name(0, 0, n)),
    st.text(st.characters(exclude_characters="\"'“”", codec="utf-8"), max_size=5).map(lambda t: TextLiteral(0, 0, t)),
    st.booleans().map(lambda v: Boolean(0, 0, v)),
    st.just(NotApplicable(0, 0)),
)


def chain(signs: str) -> st.SearchStrategy[Node]:
    """A chain whose first part is no chain of the same signs: that is how the parser flattens it."""
    rest = st.lists(st.tuples(st.sampled_from(signs), trees), min_size=1, max_size=3).map(tuple)
    first = trees.filter(lambda n: not (isinstance(n, Chain) and n.rest[0][0] in signs))
    return st.builds(lambda f, r: Chain(0, 0, f, r), first, rest)


def logic(word: str) -> st.SearchStrategy[Node]:
    term = trees.filter(lambda n: not (isinstance(n, Logic) and n.operator == word))
    return st.lists(term, min_size=2, max_size=3).map(lambda t: Logic(0, 0, word, tuple(t)))


literals = st.one_of(
    st.floats(-1e15, 1e15, allow_nan=False).map(lambda v: Number(0, 0, v + 0.0)), st.just(TextLiteral(0, 0, "x"))
)
signs = st.sampled_from(["=", "<", "<=", ">", ">="])
trees: st.SearchStrategy[Node] = st.deferred(
    lambda: st.one_of(
        leaves,
        st.builds(
            lambda f, a: Call(0, 0, f, tuple(a)), st.sampled_from(["min", "if", "k_of_n"]), st.lists(trees, max_size=3)
        ),
        trees.map(lambda n: Negative(0, 0, n)),
        trees.map(lambda n: Not(0, 0, n)),
        chain("+-"),
        chain("*/"),
        logic("and"),
        logic("or"),
        st.builds(
            lambda f, r: Comparison(0, 0, f, tuple(r)), trees, st.lists(st.tuples(signs, trees), min_size=1, max_size=2)
        ),
        st.builds(
            lambda i, o, n: Member(0, 0, i, tuple(o), n),
            trees,
            st.lists(literals, min_size=1, max_size=2),
            st.booleans(),
        ),
    )
)


@law
@given(trees)
def test_parsing_the_canonical_text_gives_the_tree_back(tree: Node) -> None:
    text = canonical(tree)
    try:
        found = parse(text)
    except ind.ExpressionError as error:
        assert error.key in ("too_long", "too_many_parts", "too_deep")
        return
    assert found == tree
    assert canonical_text(text) == text


@law
@given(st.text(max_size=80))
def test_any_text_is_an_expression_or_a_clear_error(text: str) -> None:
    try:
        ind.compile_expression(text, schema("a", "b"))
    except ind.ExpressionError as error:
        assert 0 <= error.start < error.end
        assert error.pointer()
        assert error.text


@law
@given(
    st.lists(
        st.sampled_from(
            ["a", "b", "(", ")", "+", "-", "*", "/", "<", "=", "and", "not", "in", "1", "'x'", ",", "min", "if", "85%"]
        ),
        max_size=25,
    )
)
def test_any_tokens_are_an_expression_or_a_clear_error(words: list[str]) -> None:
    try:
        found = ind.compile_expression(" ".join(words), schema("a", "b"))
    except ind.ExpressionError as error:
        assert 0 <= error.start < error.end
    else:
        assert len(found.evaluate(make(3, {"a": [1, 0, None], "b": [0, 0, 5]}))) == 3


def make(n: int, columns: dict[str, list[float | None]]) -> ind.UnitTable:
    made = {name: ind.Column.of([np.nan if c is None else c for c in values]) for name, values in columns.items()}
    return ind.UnitTable(np.arange(n), {}, made)


LOGIC = schema(booleans=["p", "q", "r"])
tri = st.lists(st.sampled_from([0.0, 1.0, None]), min_size=12, max_size=12)


@law
@given(tri, tri, tri)
def test_kleene_laws(p: list[float | None], q: list[float | None], r: list[float | None]) -> None:
    t = make(12, {"p": p, "q": q, "r": r})

    def same(left: str, right: str) -> None:
        a, b = (cells(ind.compile_expression(text, LOGIC).evaluate(t)) for text in (left, right))
        assert a == b

    same("p and q", "q and p")
    same("p or q", "q or p")
    same("(p and q) and r", "p and (q and r)")
    same("(p or q) or r", "p or (q or r)")
    same("not (p and q)", "not p or not q")
    same("not (p or q)", "not p and not q")
    same("p and (q or r)", "p and q or p and r")
    same("p or q and r", "(p or q) and (p or r)")
    same("not not p", "p")
    same("p and (p or q)", "p")
    same("p or p and q", "p")


@law
@given(tri, tri)
def test_a_decided_condition_stays_when_an_unknown_becomes_known(p: list[float | None], q: list[float | None]) -> None:
    before = make(12, {"p": p, "q": q})
    for filler in (0.0, 1.0):
        after = make(12, {"p": p, "q": [filler if c is None else c for c in q]})
        for text in ("p and q", "p or q", "if(p, q, not q) or p", "count_true(p, q) >= 1"):
            expression = ind.compile_expression(text, LOGIC)
            for old, new in zip(cells(expression.evaluate(before)), cells(expression.evaluate(after)), strict=True):
                assert isinstance(old, ind.Reason) or old == new


# ---- aggregation --------------------------------------------------------------------------------------------------

N = 24
whole = st.lists(st.one_of(st.none(), st.integers(0, 1000).map(float)), min_size=N, max_size=N)
counties = st.lists(st.integers(0, 3), min_size=N, max_size=N)
XY = schema("x", "y")
EVERY = [
    definition("AAA01", "ratio", numerator="x", denominator="y", thresholds=[{"value": 0}]),
    definition("AAA02", "weighted_cv", of=["AAA01"], direction="down", thresholds=[{"value": 1000}]),
    definition("AAA03", "share", passes="x >= y", thresholds=[{"value": 0}]),
    definition("AAA04", "sum", value="x", thresholds=[{"value": 0}]),
    definition("AAA05", "median", value="x", thresholds=[{"value": 0}]),
    definition("AAA06", "k_of_n", of=["AAA01", "AAA04"], k=1, floor=0.85, thresholds=[{"value": 0}]),
    definition("AAA07", "composite_cv", of=["AAA02"], direction="down", thresholds=[{"value": 1000}]),
    definition("AAA08", "count_met", of=["AAA01", "AAA02"], thresholds=[{"value": 0}]),
    definition("AAA09", "grade_count", items=["x / 500", "y / 500"], grades=[{"full": 0, "partial": 0}]),
]


def results(x: list[float | None], y: list[float | None], county: list[int]) -> ind.Results:
    groups = [ind.Grouping("county", np.array(county), 4), ind.Grouping.whole("city", len(x))]
    return ind.compute(EVERY, make(len(x), {"x": x, "y": y}), groups, schema=XY, on=ON)


@law
@given(whole, whole, counties)
def test_counties_add_up_to_the_city(x: list[float | None], y: list[float | None], county: list[int]) -> None:
    found = results(x, y, county)
    for code in ("AAA01", "AAA03", "AAA04", "AAA06"):
        parts, city = found.get(code, level="county"), found.get(code, level="city")
        for name in ("numerator", "n_scope", "n_used", "n_missing"):
            assert getattr(parts, name).sum() == getattr(city, name)[0]
        if code != "AAA04":
            assert parts.denominator.sum() == city.denominator[0]


@law
@given(whole, whole, counties)
def test_a_null_never_passes_and_nothing_leaks(x: list[float | None], y: list[float | None], county: list[int]) -> None:
    for block in results(x, y, county):
        assert not np.isinf(block.value).any()
        assert (np.isnan(block.value) == (block.reason != 0)).all()
        assert (block.n_used + block.n_missing == block.n_scope).all()
        null = block.reason != 0
        # Kinds made of conditions can be decided although their count is not known; all others need a value to pass.
        if block.code not in ("AAA06", "AAA08"):
            assert not (block.verdict[null] == ind.Verdict.PASS).any()
        assert (block.verdict[block.n_scope == 0] == ind.Verdict.NONE).all()


@law
@given(whole, whole, counties, st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(
    x: list[float | None], y: list[float | None], county: list[int], random: object
) -> None:
    order = list(range(N))
    random.shuffle(order)  # type: ignore[attr-defined]
    one = results(x, y, county)
    other = results([x[i] for i in order], [y[i] for i in order], [county[i] for i in order])
    for a, b in zip(one, other, strict=True):
        shuffled = order if a.level == "unit" else slice(None)
        np.testing.assert_allclose(a.value[shuffled], b.value, rtol=1e-9, atol=1e-12)
        np.testing.assert_array_equal(a.reason[shuffled], b.reason)
        np.testing.assert_array_equal(a.n_used[shuffled], b.n_used)


@law
@given(whole, whole, counties)
def test_the_same_input_gives_the_same_bits(x: list[float | None], y: list[float | None], county: list[int]) -> None:
    for a, b in zip(results(x, y, county), results(x, y, county), strict=True):
        assert a.value.tobytes() == b.value.tobytes()
        assert a.verdict.tobytes() == b.verdict.tobytes()


positive = st.lists(st.tuples(st.floats(0.1, 1e4), st.floats(1, 1e4)), min_size=2, max_size=30)


@law
@given(positive, st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_cv_has_no_scale(pairs: list[tuple[float, float]], a: float, b: float) -> None:
    x, w = np.array(pairs).T
    mean, sd, cv = ind.weighted_cv(x, w)
    mean2, sd2, cv2 = ind.weighted_cv(x * a, w * b)
    np.testing.assert_allclose(mean2, mean * a / b, rtol=1e-9)
    np.testing.assert_allclose([cv2, sd2 / mean2], [cv, sd / mean], rtol=1e-6, atol=1e-9)
    assert ind.weighted_cv(3 * w, w)[2] < 1e-6


@law
@given(positive)
def test_a_school_split_in_two_equal_halves_does_not_change_the_cv(pairs: list[tuple[float, float]]) -> None:
    x, w = np.array(pairs).T
    halves = ind.weighted_cv(np.append(x[1:], [x[0] / 2] * 2), np.append(w[1:], [w[0] / 2] * 2))
    np.testing.assert_allclose(halves, ind.weighted_cv(x, w), rtol=1e-6, atol=1e-9)


@law
@given(st.floats(0, 1e6), st.lists(st.floats(0, 1e4), min_size=3, max_size=3))
def test_r1_parts_make_the_whole(x: float, pupils: list[float]) -> None:
    names = schema("x", "p", "j", "s")
    t = make(1, {"x": [x], "p": [pupils[0]], "j": [pupils[1]], "s": [pupils[2]]})
    split = ind.compile_expression("stage_split(x, p, j, s)", names)
    parts = [split.evaluate(t, stage=stage) for stage in ind.STAGES]
    total = sum(float(p.values[0]) for p in parts if p.reasons[0] == 0)
    if sum(pupils) > 1e-9:
        np.testing.assert_allclose(total, x, rtol=1e-9, atol=1e-9)
    else:
        assert total == 0 or abs(total - x) < 1e-6


@law
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20), st.integers(0, 4))
def test_rounding_keeps_order_and_stays_near(values: list[float], decimals: int) -> None:
    rounded = ind.round_half_up(sorted(values), decimals)
    assert all(a <= b for a, b in pairwise(rounded.tolist()))
    assert np.all(np.abs(rounded - sorted(values)) <= 0.5 * 10.0**-decimals * (1 + 1e-6))
    np.testing.assert_array_equal(ind.round_half_up(rounded, decimals), rounded)
