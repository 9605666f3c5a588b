"""Counts that are altered instead of hidden, and what that promises."""

import numpy as np
import pandas as pd
import pytest

from careerbench import disclosure
from careerbench.disclosure import Verdict
from careerbench.disclosure.perturb import _chances
from careerbench.errors import BadArgumentError

BY = ["school", "year", "answer"]
KEY = b"sixteen bytes at least"


@pytest.fixture
def table():
    rng = np.random.default_rng(5)
    index = pd.MultiIndex.from_product(
        [[f"S{n}" for n in range(12)], ["7", "8", "9"], ["yes", "no"]], names=BY
    )
    return index.to_frame(index=False).assign(n=rng.poisson(8, len(index)))


def test_rounded_tables_add_up_and_show_no_count_from_one_to_nine(table):
    released = disclosure.protect(table, by=BY, answer="answer", margins=True, policy="rounding-10")
    frame = released.to_frame()
    assert not frame["n"].between(1, 9).any()
    inner = frame[(frame[BY] != "All").all(axis=1)]
    for depth in (["school"], ["year", "answer"], ["school", "year"]):
        others = [name for name in BY if name not in depth]
        sums = inner.groupby(depth, as_index=False)["n"].sum()
        margin = frame[(frame[others] == "All").all(axis=1) & (frame[depth] != "All").all(axis=1)]
        both = margin.merge(sums, on=depth)
        assert (both["n_x"] == both["n_y"]).all()
    assert released.verdict is Verdict.SAFE
    assert released.certificate["additive"] is True


def test_rounding_keeps_the_grand_total_near(table):
    frame = disclosure.protect(table, by=BY, answer="answer", margins=True, policy="rounding-10")
    total = frame.to_frame().loc[lambda f: (f[BY] == "All").all(axis=1), "n"].item()
    assert abs(total - table["n"].sum()) <= 10


def test_counts_of_ten_and_more_stay_as_they_are_when_rounded(table):
    frame = disclosure.protect(table, by=BY, answer="answer", policy="rounding-10").to_frame()
    both = frame.merge(table, on=BY, suffixes=("", "_true"))
    large = both["n_true"] >= 10
    assert (both.loc[large, "n"] == both.loc[large, "n_true"]).all()


def test_the_same_key_gives_the_same_figures_and_another_key_others(table):
    def with_key(key):
        made = disclosure.protect(table, by=BY, answer="answer", policy="cell-key", key=key)
        return made.to_frame()["n"].tolist()

    assert with_key(KEY) == with_key(KEY)
    assert with_key(KEY) != with_key(KEY[::-1])


def test_a_cell_has_one_figure_in_every_table(table):
    wide = disclosure.protect(
        table, by=BY, margins=True, policy="cell-key", key=KEY, answer="answer"
    )
    narrow = disclosure.protect(table, by=BY, policy="cell-key", key=KEY, answer="answer")
    both = wide.to_frame().merge(narrow.to_frame(), on=BY)
    assert len(both) == len(narrow)
    assert (both["n_x"] == both["n_y"]).all()


def test_steps_are_small_and_no_small_figure_is_given(table):
    made = disclosure.protect(table, by=BY, answer="answer", policy="cell-key", key=KEY)
    both = made.to_frame().merge(table, on=BY)
    assert (both["n_x"] - both["n_y"]).abs().max() <= 5
    assert not both["n_x"].between(1, 2).any()
    assert (both.loc[both["n_y"] == 0, "n_x"] == 0).all()
    assert made.verdict is Verdict.UNSAFE  # a probability is no promise


@pytest.mark.parametrize("count", [3, 5, 8, 20])
def test_steps_have_mean_nought_and_at_large_counts_the_declared_variance(count):
    steps, below = _chances(count, 5, 4.0, 3)
    chances = np.diff(np.r_[0, below])
    assert chances.sum() == pytest.approx(1)
    assert (chances * steps).sum() == pytest.approx(0, abs=1e-6)
    if count >= 8:
        assert (chances * steps**2).sum() == pytest.approx(4.0, abs=1e-6)


@pytest.mark.parametrize("key", [None, b"short", "not bytes but long enough"])
def test_a_cell_key_policy_without_a_key_is_refused(table, key):
    with pytest.raises(BadArgumentError) as caught:
        disclosure.protect(table, by=BY, policy="cell-key", key=key)
    assert caught.value.problem == (
        "protect: a cell-key policy needs key, 16 secret bytes or more."
    )
    assert "short" not in str(caught.value)
