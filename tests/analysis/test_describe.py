"""How many, what share, what mean."""

import subprocess
import sys

import pandas as pd
import pytest

from careerbench.analysis import achieved_shares, scale_means, state_shares
from careerbench.errors import (
    BadArgumentError,
    FrameworkError,
    MissingColumnsError,
    TableProblemsError,
)


@pytest.fixture
def scores():
    return pd.DataFrame(
        {
            "school_urn": ["1", "2", "3", "4"] * 2,
            "wave": ["baseline"] * 4 + ["year 1"] * 4,
            "benchmark": "p1",
            "state": ["achieved", "partial", "not achieved", "not scored"] + ["achieved"] * 4,
            "la_name": ["North", "North", "South", "South"] * 2,
        }
    )


@pytest.fixture
def scale_scores():
    """Nine pupils in three schools: the table of the R call in test_intervals."""
    return pd.DataFrame(
        {
            "respondent": list("123456789"),
            "school_urn": list("aaabbcccc"),
            "wave": "baseline",
            "year_group": "3",
            "scale": "efficacy",
            "score": [1.0, 2, 3, 2, 4, 5, 3, 4, 5],
        }
    )


def test_a_school_that_is_not_scored_leaves_the_denominator(scores):
    row = achieved_shares(scores).to_frame().iloc[0]
    assert (row["n_schools"], row["n_missing"]) == (3, 1)
    assert (row["n_achieved"], row["n_partial"], row["n_not_achieved"]) == (1, 1, 1)
    assert row["share"] == pytest.approx(1 / 3)


def test_waves_stand_in_the_order_met_or_of_their_categories(scores):
    assert achieved_shares(scores).to_frame()["wave"].tolist() == ["baseline", "year 1"]
    order = pd.CategoricalDtype(["year 1", "baseline"])
    turned = scores.astype({"wave": order})
    assert achieved_shares(turned).to_frame()["wave"].tolist() == ["year 1", "baseline"]


def test_areas_are_taken_apart(scores):
    table = achieved_shares(scores, by="la_name").to_frame()
    assert list(table.columns[:3]) == ["la_name", "wave", "benchmark"]
    assert table["n_schools"].tolist() == [2, 2, 1, 2]


def test_schools_with_no_area_are_a_group_of_their_own(scores):
    unknown = scores.assign(la_name=[None, "North", "North", "North"] * 2)
    table = achieved_shares(unknown, by="la_name").to_frame()
    assert table["n_schools"].sum() == achieved_shares(scores).to_frame()["n_schools"].sum()
    assert table["la_name"].isna().tolist() == [False, False, True, True]


def test_a_table_without_waves_has_one_row_per_benchmark(scores):
    one = scores.iloc[:4]
    for table in (one.drop(columns="wave"), one.assign(wave=None)):
        found = achieved_shares(table).to_frame()
        assert "wave" not in found.columns
        assert len(found) == 1


def test_where_no_school_is_scored_the_share_is_blank(scores):
    row = achieved_shares(scores.assign(state="not scored")).to_frame().iloc[0]
    assert (row["n_schools"], row["n_missing"]) == (0, 4)
    assert row[["share", "low", "high"]].isna().all()


def test_an_empty_table_gives_an_empty_result(scores):
    assert len(achieved_shares(scores.iloc[:0], by="la_name")) == 0


def test_the_sum_of_full_rates_is_the_mean_number_of_benchmarks():
    # domain.md 8.1: national rates of 2017/18 sum to the published mean of 2.13 Benchmarks,
    # where every school has all eight scored. Here 1,000 schools with those rates.
    rates = [61, 318, 131, 259, 383, 366, 125, 490]
    columns = {f"b{i}": ["achieved"] * n + ["partial"] * (1000 - n) for i, n in enumerate(rates)}
    wide = pd.DataFrame({"school_urn": [str(number) for number in range(1000)], **columns})
    scores = wide.melt("school_urn", var_name="benchmark", value_name="state")
    per_school = (scores["state"] == "achieved").groupby(scores["school_urn"]).sum().mean()
    assert achieved_shares(scores).to_frame()["share"].sum() == pytest.approx(per_school)
    assert round(per_school, 2) == 2.13


def test_a_school_counted_twice_is_refused(scores):
    with pytest.raises(TableProblemsError) as error:
        achieved_shares(pd.concat([scores, scores.iloc[:1]]))
    assert str(error.value) == (
        "achieved_shares: 1 of 9 rows repeat another with the same 'school_urn', 'wave', "
        "'benchmark'.\n"
        "  found: 8 different rows\n"
        "  try:   one row for each: panel.choose_audits picks one audit per school and wave"
    )


def test_an_unknown_state_is_refused_with_the_word_that_was_meant(scores):
    with pytest.raises(TableProblemsError) as error:
        achieved_shares(scores.replace({"state": {"partial": "partially"}}))
    assert str(error.value) == (
        "achieved_shares: column 'state' holds 'partially', which is no state of a Benchmark.\n"
        "  found: 'partially'\n"
        "  try:   did you mean 'partial'?"
    )


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan")])
def test_a_missing_state_is_refused(scores, missing):
    with pytest.raises(TableProblemsError, match="8 of 8 rows have no 'state'"):
        achieved_shares(scores.assign(state=missing))


def test_scores_of_two_framework_editions_are_two_variables(scores):
    mixed = scores.assign(framework=["gatsby_2014"] * 4 + ["gatsby_2025"] * 4)
    with pytest.raises(FrameworkError) as error:
        achieved_shares(mixed)
    assert str(error.value) == (
        "achieved_shares: scores under 2 framework editions are 2 variables, not one.\n"
        "  found: 'gatsby_2014', 'gatsby_2025'\n"
        "  try:   one edition at a time, or by='framework' to keep them apart"
    )
    assert len(achieved_shares(mixed, by="framework")) == 2


def test_a_column_that_is_not_there_is_named(scores):
    with pytest.raises(MissingColumnsError, match="has no column 'region'"):
        achieved_shares(scores, by="region")


def test_by_cannot_name_what_the_result_calls_its_own(scores):
    with pytest.raises(BadArgumentError, match="by names 'state'"):
        achieved_shares(scores, by="state")


def test_schools_without_a_number_are_refused(scores):
    with pytest.raises(TableProblemsError, match="1 of 8 rows have no 'school_urn'"):
        achieved_shares(scores.assign(school_urn=[None, *"234", *"1234"]))


@pytest.mark.parametrize("confidence", [0, 1, 95, True, "0.95"])
def test_confidence_is_a_proportion(scores, confidence):
    with pytest.raises(BadArgumentError):
        achieved_shares(scores, confidence=confidence)


@pytest.mark.parametrize("kind", [object, "string", "category"])
def test_any_kind_of_text_column_will_do(scores, kind):
    found = achieved_shares(scores.astype(kind), by="la_name").to_frame()
    assert found["n_schools"].tolist() == [2, 2, 1, 2]


def test_what_is_no_frame_is_refused():
    with pytest.raises(BadArgumentError, match="a pandas DataFrame is needed"):
        achieved_shares([1, 2])


def test_the_input_is_not_changed(scores):
    copy = scores.copy()
    achieved_shares(scores, by="la_name")
    pd.testing.assert_frame_equal(scores, copy)


def test_shares_say_what_they_rest_on(scores):
    shares = achieved_shares(scores, confidence=0.9)
    assert any("90% Wilson" in note for note in shares.notes)
    assert "Missing school scores: 1," in shares.notes[-1]
    assert "33%" in shares._repr_html_()


def test_pupils_of_one_school_are_not_independent(scale_scores):
    # R clubSandwich, in references.R: lm(y ~ 1) with CR2 errors has SE 0.7922686377 on
    # 1.8421052632 Satterthwaite degrees of freedom; deff(svymean(..., deff = "replace")) is
    # 2.617989418; the intraclass correlation is from anova(lm(y ~ school)).
    row = scale_means(scale_scores, by="year_group").to_frame().iloc[0]
    assert (row["n_respondents"], row["n_schools"]) == (9, 3)
    assert (row["std_error"], row["df"]) == pytest.approx((0.7922686377462, 1.8421052631579))
    assert (row["low"], row["high"]) == pytest.approx((-0.482530980163, 6.92697542461))
    assert row["design_effect"] == pytest.approx(2.617989418)
    assert row["icc"] == pytest.approx(0.502127659574)
    assert row["interval_basis"] == "schools"


def test_the_interval_of_survey_packages_can_be_had_too(scale_scores):
    # R survey, as in test_intervals: SE 0.7520737981, df 2.
    found = scale_means(scale_scores, by="year_group", interval="taylor")
    row = found.to_frame().iloc[0]
    assert (row["std_error"], row["df"]) == pytest.approx((0.7520737981, 2))
    assert (row["low"], row["high"]) == pytest.approx((-0.01369015793, 6.458134602))
    assert "too narrow with few schools" in found.notes[1]


def test_an_unknown_interval_is_refused(scale_scores, scores):
    with pytest.raises(BadArgumentError, match="interval has no value 'wald'"):
        scale_means(scale_scores, interval="wald")
    with pytest.raises(BadArgumentError, match="interval has no value 'wald'"):
        achieved_shares(scores, interval="wald")


def test_exact_intervals_are_those_of_clopper_and_pearson(scores):
    # R: binom.test(1, 3)$conf.int and binom.test(4, 4)$conf.int
    shares = achieved_shares(scores, interval="exact")
    table = shares.to_frame()
    assert table["low"].tolist() == pytest.approx([0.008403758659, 0.397635364384])
    assert table["high"].tolist() == pytest.approx([0.905700675949, 1])
    assert any("Clopper and Pearson" in note for note in shares.notes)


def test_every_state_has_its_share_of_those_that_could_be_scored(scores):
    table = state_shares(scores).to_frame().iloc[:4]
    assert table["state"].tolist() == ["achieved", "partial", "not achieved", "not scored"]
    assert table["n"].tolist() == [1, 1, 1, 1]
    assert table["share"].tolist() == pytest.approx([1 / 3] * 3 + [float("nan")], nan_ok=True)
    assert table["share_of_all"].tolist() == [0.25] * 4
    assert set(table["n_scored"]) == {3}


def test_the_share_achieved_is_the_same_told_either_way(scores):
    states = state_shares(scores, by="la_name").to_frame()
    shares = achieved_shares(scores, by="la_name").to_frame()
    achieved = states[states["state"] == "achieved"].reset_index(drop=True)
    for column in ("share", "low", "high"):
        assert achieved[column].tolist() == pytest.approx(shares[column].tolist(), nan_ok=True)


def test_a_state_of_schools_none_of_which_is_scored_has_no_share(scores):
    table = state_shares(scores.assign(state="not scored")).to_frame()
    assert table[["share", "low", "high"]].isna().all(axis=None)
    assert table["share_of_all"].tolist() == [0, 0, 0, 1] * 2


def test_fourteen_of_sixteen_schools_show_as_88_percent():
    # domain.md 8.9: halves are rounded up on screen
    states = ["achieved"] * 14 + ["partial"] * 2
    urns = [str(number) for number in range(16)]
    scores = pd.DataFrame({"school_urn": urns, "benchmark": "p1", "state": states})
    assert "88%" in achieved_shares(scores)._repr_html_()


def test_one_school_speaks_for_itself_only(scale_scores):
    means = scale_means(scale_scores)
    row = means.to_frame().iloc[0]
    # R: t.test(c(1, 2, 3))$conf.int
    assert (row["low"], row["high"]) == pytest.approx((-0.4841377118, 4.4841377118))
    assert row["interval_basis"] == "respondents of one school"
    assert pd.isna(row["design_effect"])
    assert any("that school only" in note for note in means.notes)


def test_one_respondent_has_a_mean_and_no_interval(scale_scores):
    row = scale_means(scale_scores.iloc[:1]).to_frame().iloc[0]
    assert row["mean"] == 1
    assert row["interval_basis"] == "too few"
    assert row[["sd", "low", "high"]].isna().all()


def test_where_everyone_says_the_same_there_is_no_interval(scale_scores):
    row = scale_means(scale_scores.assign(score=4.0), by=None).to_frame().iloc[0]
    assert (row["mean"], row["sd"], row["interval_basis"]) == (4, 0, "no spread")
    assert row[["low", "high"]].isna().all()


def test_schools_with_the_same_mean_cannot_say_how_sure_it_is(scale_scores):
    alike = scale_scores.iloc[[0, 2, 3, 4]].assign(score=[1.0, 3.0, 1.0, 3.0])
    row = scale_means(alike, by=None).to_frame().iloc[0]
    assert (row["mean"], row["interval_basis"]) == (2, "no spread")
    assert row[["low", "high", "design_effect"]].isna().all()


def test_respondents_with_no_score_are_counted_and_not_averaged(scale_scores):
    blank = scale_scores.assign(score=[None, 2.0, 4.0, *[None] * 6])
    table = scale_means(blank).to_frame()
    assert table["n_respondents"].tolist() == [2, 0, 0]
    assert table["n_missing"].tolist() == [1, 2, 4]
    assert table["mean"].iloc[0] == 3
    assert table["mean"].iloc[1:].isna().all()
    assert len(scale_means(scale_scores.assign(score=None))) == 3


def test_year_groups_stand_in_school_order(scale_scores):
    years = scale_scores.assign(year_group=["10", "9", "R", *["2"] * 6])
    found = scale_means(years, by="year_group").to_frame()["year_group"].tolist()
    assert found == ["R", "2", "9", "10"]


def test_text_where_scores_belong_is_refused(scale_scores):
    with pytest.raises(TableProblemsError, match="'score' does not hold numbers"):
        scale_means(scale_scores.astype({"score": str}))


def test_a_respondent_counted_twice_is_refused(scale_scores):
    with pytest.raises(TableProblemsError, match="1 of 10 rows repeat"):
        scale_means(pd.concat([scale_scores, scale_scores.iloc[:1]]))


def test_no_answers_give_an_empty_result(scale_scores):
    assert len(scale_means(scale_scores.iloc[:0])) == 0


HEAVY = {
    "scipy",
    "pandas",
    "pingouin",
    "statsmodels",
    "seaborn",
    "matplotlib",
    "formulaic",
    "duckdb",
}


def modules_after(code):
    code = f"import sys, careerbench.analysis\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_room_loads_no_heavy_library():
    assert modules_after("") & HEAVY == set()


MAKE = """
import pandas as pd
from careerbench import analysis
schools = [f"s{i}" for i in range(9)] * 3
waves = [wave for wave in "abc" for _ in range(9)]
outcome = [(7 * i) % 11 for i in range(27)]
table = pd.DataFrame({"school_urn": schools, "wave": waves, "y": outcome})
table["arm"] = (table["school_urn"] > "s4").astype(int)
"""


@pytest.mark.parametrize(
    ("call", "never"),
    [
        ('analysis.wilcoxon_change(table, outcome="y", before="a", after="b")', {"pingouin", "statsmodels"}),
        ('analysis.friedman_waves(table, outcome="y", waves=["a", "b", "c"])', {"statsmodels", "seaborn"}),
        ('analysis.fit_multilevel("y ~ arm", group="school_urn", data=table)',
         {"scipy.stats", "pingouin", "statsmodels"}),
        ('analysis.trial_effect(table, outcome="y", arm="arm", group="school_urn")',
         {"pingouin", "statsmodels"}),
        ("analysis.wilson_interval(3, 9)", {"scipy.stats", "pingouin", "statsmodels"}),
    ],
)  # fmt: skip
def test_an_analysis_loads_only_what_it_needs(call, never):
    assert modules_after(MAKE + call) & (never | {"seaborn"}) == set()
