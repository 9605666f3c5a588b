"""Whether items hang together."""

import pandas as pd
import pytest

from careerbench.analysis import scale_reliability
from careerbench.errors import TableProblemsError

WIDE = pd.DataFrame(
    {"q1": [1, 2, 3, 4, 5, 3], "q2": [2, 2, 3, 5, 4, 3], "q3": [1, 3, 3, 4, 5, 2]},
    index=pd.Index(list("abcdef"), name="respondent"),
)


def long(wide):
    return wide.reset_index().melt("respondent", var_name="item")


def test_alpha_is_what_r_psych_gives():
    # R 4.2.2, psych 2.2.9: psych::alpha(d)$total$raw_alpha is 0.9317647059; Feldt's interval is
    # 1 - (1 - alpha) * qf(c(.975, .025), 5, 10): 0.7109494485 0.9896912369
    row = scale_reliability(long(WIDE)).to_frame().iloc[0]
    assert row["alpha"] == pytest.approx(0.9317647059)
    assert (row["low"], row["high"]) == pytest.approx((0.711, 0.990), abs=5e-4)


def test_respondents_with_a_missing_answer_are_dropped_and_counted():
    answers = long(WIDE).astype({"value": float})
    extra = pd.DataFrame({"respondent": ["g", "g", "h"], "item": ["q1", "q2", "q1"]})
    row = scale_reliability(pd.concat([answers, extra.assign(value=[5.0, None, 1.0])]))
    found = row.to_frame().iloc[0]
    assert (found["n_respondents"], found["n_complete"], found["n_dropped"]) == (8, 6, 2)
    assert found["alpha"] == pytest.approx(0.9317647059)
    assert (found["low"], found["high"]) == pytest.approx((0.711, 0.990), abs=5e-4)


@pytest.mark.parametrize(
    ("wide", "reason"),
    [
        (WIDE[["q1"]], "one item"),
        (WIDE.iloc[:1], "too few complete"),
        (WIDE * 0, "no spread"),
    ],
)
def test_where_there_is_no_alpha_there_is_a_reason(wide, reason):
    row = scale_reliability(long(wide)).to_frame().iloc[0]
    assert row["alpha_reason"] == reason
    assert row[["alpha", "low", "high"]].isna().all()


def test_scales_are_taken_apart():
    both = pd.concat([long(WIDE).assign(scale="x"), long(WIDE.iloc[:5]).assign(scale="y")])
    table = scale_reliability(both, by="scale").to_frame()
    assert table[["scale", "n_complete"]].to_numpy().tolist() == [["x", 6], ["y", 5]]


def test_codes_of_respondents_may_repeat_between_schools():
    both = pd.concat([long(WIDE).assign(school_urn="1"), long(WIDE).assign(school_urn="2")])
    assert scale_reliability(both).to_frame()["n_complete"].tolist() == [12]


def test_no_answers_give_an_empty_result():
    assert len(scale_reliability(long(WIDE).iloc[:0], by=None)) == 0


def test_an_item_answered_twice_is_refused():
    with pytest.raises(TableProblemsError, match="18 of 36 rows repeat"):
        scale_reliability(pd.concat([long(WIDE)] * 2))


def test_text_is_refused():
    with pytest.raises(TableProblemsError, match="'value' does not hold numbers"):
        scale_reliability(long(WIDE).astype({"value": str}))
