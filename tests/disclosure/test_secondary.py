"""Elimination hides what linear sums give away; repair looks after bounds."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from careerbench.disclosure.feasible import Ranges, Tables
from careerbench.disclosure.repair import Patterns
from careerbench.disclosure.residual import shorter_rows
from careerbench.disclosure.secondary import eliminate


def rank(rows):
    """Rank in exact fractions."""
    left = [[Fraction(int(value)) for value in row] for row in rows]
    found = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((n for n in range(found, len(left)) if left[n][column]), None)
        if pivot is None:
            continue
        left[found], left[pivot] = left[pivot], left[found]
        for n in range(found + 1, len(left)):
            factor = left[n][column] / left[found][column]
            left[n] = [a - factor * b for a, b in zip(left[n], left[found], strict=True)]
        found += 1
    return found


ROWS = st.lists(st.lists(st.integers(0, 1), min_size=5, max_size=5), min_size=2, max_size=9)


@given(ROWS, st.integers(1, 3))
def test_no_protected_row_is_a_combination_of_what_stays_shown(rows, n_protected):
    table = np.array(rows)
    n = max(1, len(table) - n_protected)
    protected = np.arange(n, len(table))
    hidden = eliminate(table, candidates=np.arange(n), protected=protected)
    shown = table[np.setdiff1d(np.arange(n), hidden)]
    for row in table[protected]:
        if row.any():
            assert rank([*shown, row]) == rank(list(shown)) + 1


@given(ROWS)
def test_no_candidate_is_hidden_that_could_be_shown(rows):
    table = np.array(rows)
    candidates, protected = np.arange(len(table) - 1), np.array([len(table) - 1])
    hidden = eliminate(table, candidates=candidates, protected=protected)
    shown = np.setdiff1d(candidates, hidden)
    for extra in hidden:
        again = table[np.r_[shown, extra]]
        assert rank([*again, table[-1]]) == rank(list(again))


def test_of_a_total_and_its_parts_the_total_stays():
    table = np.array([[1, 1, 1], [0, 1, 0], [0, 0, 1], [1, 0, 0]])
    hidden = eliminate(table, candidates=np.array([0, 1, 2]), protected=np.array([3]))
    assert hidden.tolist() == [2]


@given(ROWS)
def test_shorter_rows_say_the_same(rows):
    table = csr_array(np.array(rows))
    blocks = np.array([[0, 0, 0, 0, 0], [0, 0, 1, 1, 1], [0, 1, 2, 3, 4]])
    short = shorter_rows(table, blocks).toarray()
    full = [row for row in rows if any(row)]
    assert rank(list(short)) == rank(full)
    assert rank([*short, *full]) == rank(full)
    assert np.abs(short).sum() <= np.abs(table.toarray()).sum()


@pytest.fixture
def two_and_two():
    """A table of 4, 6 / 7, 13 with its row sums and total shown."""
    rows = csr_array(np.array([[1.0, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1]]))
    return rows, np.array([4.0, 6, 7, 13])


def test_the_ends_of_an_interval_are_those_of_the_sums(two_and_two):
    rows, truth = two_and_two
    sums = rows @ truth
    ranges = Ranges(csr_array(np.eye(4)), truth, np.full(4, 100.0))
    ranges.look_at(np.arange(4), Tables(rows, sums, sums), np.arange(4), truth)
    assert ranges.low.tolist() == pytest.approx([0, 0, 0, 0])
    assert ranges.high.tolist() == pytest.approx([10, 10, 20, 20])


def test_a_count_that_nothing_bounds_has_no_end():
    tables = Tables(csr_array(np.array([[1.0, 0]])), np.array([5.0]), np.array([5.0]))
    assert tables.extreme(np.array([1]), np.array([1.0])) is None
    assert tables.extreme(np.array([0]), np.array([1.0]))[0] == pytest.approx(5)


def test_the_cheapest_sum_is_the_one_that_moves(two_and_two):
    rows, truth = two_and_two
    patterns = Patterns(rows, truth, cost=np.array([1.0, 5.0, 1.0]), fixed=np.zeros(3, dtype=bool))
    table, moved = patterns.reaching(np.array([0]), np.array([1.0]), 20.0)
    assert moved.tolist() == [0, 2]
    assert table[0] == pytest.approx(20)


def test_what_must_stay_shown_is_not_moved(two_and_two):
    rows, truth = two_and_two
    fixed = np.array([True, False, False])
    patterns = Patterns(rows, truth, cost=np.ones(3), fixed=fixed)
    assert patterns.reaching(np.array([0]), np.array([1.0]), 20.0) is None
    table, moved = patterns.reaching(np.array([0]), np.array([1.0]), 10.0)
    assert moved.tolist() == []
    assert table[:2].tolist() == pytest.approx([10, 0])
