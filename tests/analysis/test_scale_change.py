"""Survey scales before and after: figures from R stand in references.R."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import scale_change
from careerbench.errors import BadArgumentError, MissingColumnsError, TableProblemsError

ENDS = {"before": "baseline", "after": "year 1"}


@pytest.fixture
def scores():
    """The frame ``s`` of references.R: ten pupils before, nine after, three schools at both."""
    return pd.DataFrame(
        {
            "school_urn": [*"aaabbccccd", *"aabbbccee"],
            "respondent": [str(n) for n in (*range(1, 11), 1, 2, 4, 5, 11, 6, 7, 12, 13)],
            "wave": ["baseline"] * 10 + ["year 1"] * 9,
            "scale": "efficacy",
            "score": [1.0, 2, 3, 2, 4, 5, 3, 4, 5, 2, 2, 4, 3, 4, 5, 5, 4, 3, 1],
        }
    )


def rows_of(scores, **options):
    return scale_change(scores, **ENDS, **options).to_frame().set_index("basis")


def test_all_respondents_and_the_same_schools_have_clustered_errors(scores):
    found = rows_of(scores)[["change", "std_error", "df", "p"]]
    # R clubSandwich: coef_test(lm(y ~ wave), vcov = "CR2", cluster = school)
    assert found.loc["all respondents"].tolist() == pytest.approx(
        [0.344444444444, 0.628709674010, 3.007612742136, 0.621830232564]
    )
    assert found.loc["same schools"].tolist() == pytest.approx(
        [0.634920634921, 0.467941983180, 2.000684005022, 0.307644330603]
    )
    assert found.loc["same respondents"].tolist() == pytest.approx(
        [0.833333333333, 0.333333333333, 2, 0.129611720222]
    )


def test_schools_that_count_the_same_get_students_t(scores):
    row = rows_of(scores).loc["school means"]
    # R: t.test(after, before, paired = TRUE) of the means of three schools
    assert row[["change", "std_error", "p"]].tolist() == pytest.approx(
        [0.75, 0.25, 0.0954659662667]
    )
    assert row[["low", "high"]].tolist() == pytest.approx([-0.3256631824374, 1.8256631824374])


def test_every_row_says_whom_it_leaves_out(scores):
    table = rows_of(scores)
    assert table["n_before"].tolist() == [10, 9, 9, 6]
    assert table["n_after"].tolist() == [9, 7, 7, 6]
    assert table["n_schools"].tolist() == [5, 3, 3, 3]
    assert table["n_dropped"].tolist() == [0, 3, 3, 7]


def test_net_shift_of_the_same_pupils(scores):
    row = rows_of(scores).loc["same respondents"]
    # changes of the six: 1, 2, 1, 0, 0, 1
    assert (row["share_rose"], row["share_fell"]) == pytest.approx((4 / 6, 0))
    assert row["net_shift_pp"] == pytest.approx(100 * 4 / 6)
    assert rows_of(scores)["net_shift_pp"].isna().sum() == 3


def test_codes_may_repeat_between_schools(scores):
    again = scores.assign(respondent=["1", "2", "3", "1", "2", "1", "2", "3", "4", "1",
                                      "1", "2", "1", "2", "3", "1", "2", "1", "2"])  # fmt: skip
    assert rows_of(again).loc["same respondents", "change"] == pytest.approx(5 / 6)


def test_without_codes_the_same_pupils_are_not_known(scores):
    row = rows_of(scores.drop(columns="respondent")).loc["same respondents"]
    assert (row["n_before"], row["reason"]) == (0, "no code of respondents")
    assert pd.isna(row["change"])


def test_pupils_without_a_score_are_counted(scores):
    blank = scores.assign(score=scores["score"].where(scores["respondent"] != "3"))
    assert rows_of(blank)["n_missing"].tolist() == [1] * 4
    assert rows_of(blank).loc["all respondents", "n_before"] == 9


def test_one_school_has_a_change_and_no_interval(scores):
    table = rows_of(scores[scores["school_urn"] == "a"])
    assert table["reason"].tolist() == ["too few schools"] * 4
    assert table["change"].tolist() == pytest.approx([1, 1, 1, 1.5])
    assert table[["std_error", "low", "p"]].isna().all(axis=None)


def test_where_all_is_missing_there_is_nobody(scores):
    table = rows_of(scores.assign(score=np.nan))
    assert table["reason"].tolist() == ["nobody"] * 4
    assert table["change"].isna().all()


def test_where_every_score_is_the_same_there_is_no_spread(scores):
    table = rows_of(scores.assign(score=3.0))
    assert table["reason"].tolist() == ["no spread"] * 4
    assert table["change"].tolist() == [0] * 4


def test_scales_and_groups_stand_apart(scores):
    two = pd.concat([scores, scores.assign(scale="hope", score=scores["score"] + 1)])
    table = scale_change(two, **ENDS).to_frame()
    assert table["scale"].tolist() == ["efficacy"] * 4 + ["hope"] * 4
    assert table["change"].iloc[:4].tolist() == pytest.approx(table["change"].iloc[4:].tolist())
    sexes = scores.assign(sex=np.where(scores["respondent"].astype(int) % 2, "F", "M"))
    assert len(scale_change(sexes, **ENDS, by="sex")) == 8


@pytest.mark.parametrize(
    ("turn", "error", "words"),
    [
        (lambda s: s.astype({"score": str}), TableProblemsError, "does not hold numbers"),
        (lambda s: pd.concat([s, s]), TableProblemsError, "rows repeat another"),
        (lambda s: s.drop(columns="school_urn"), MissingColumnsError, "'school_urn'"),
        (lambda s: s.assign(wave="baseline"), BadArgumentError, "after has no value 'year 1'"),
    ],
)
def test_what_cannot_be_done_is_refused(scores, turn, error, words):
    with pytest.raises(error, match=words):
        scale_change(turn(scores), **ENDS)


def test_the_sample_study_has_a_change_of_its_pupils(pilot):
    from careerbench import scoring

    scored = scoring.score_scale(pilot.surveys["pupils"].responses, "pupil-careers")
    waves = list(dict.fromkeys(scored["wave"]))
    found = scale_change(scored, before=waves[0], after=waves[1])
    assert found.to_frame()["low"].notna().all()
    assert "comparison group" in found._repr_html_()
