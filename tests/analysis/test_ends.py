"""Tables of nobody, of any kind of column: an answer or a clear refusal, never a traceback."""

import pandas as pd
import pytest

from careerbench import analysis
from careerbench.errors import BadArgumentError, CareerBenchError

WAVES = ["baseline", "year 1", "year 2"]
ENDS = {"before": "baseline", "after": "year 1"}


@pytest.fixture
def scores():
    words = ["achieved", "partial", "not achieved", "not scored"]
    rows = [
        (str(urn), wave, name, words[(urn * 3 + place + urn * place) % 4], "SN"[urn % 2])
        for place, wave in enumerate(WAVES)
        for urn in range(12)
        for name in ("p1", "p2")
        if (urn + place) % 5
    ]
    return pd.DataFrame(rows, columns=["school_urn", "wave", "benchmark", "state", "la_name"])


def schools(scores):
    return analysis.number_achieved(scores, by="la_name").schools


CALLS = {
    "achieved_shares": lambda s: analysis.achieved_shares(s, by="la_name"),
    "state_shares": lambda s: analysis.state_shares(s, by="la_name"),
    "number_achieved": lambda s: analysis.number_achieved(s, by="la_name"),
    "response_rates": lambda s: analysis.response_rates(s, unit="school_urn", by="la_name"),
    "change": lambda s: analysis.change(s, **ENDS, by="la_name"),
    "movement": lambda s: analysis.movement(s, **ENDS, by="la_name"),
    "net_shift": lambda s: analysis.net_shift(s, **ENDS, by="la_name"),
    "cochran_waves": lambda s: analysis.cochran_waves(s, waves=WAVES, by="la_name"),
    "friedman_waves": lambda s: analysis.friedman_waves(
        schools(s), outcome="n_achieved", waves=WAVES, by="la_name"
    ),
    "wilcoxon_change": lambda s: analysis.wilcoxon_change(
        schools(s), outcome="n_achieved", **ENDS, by="la_name"
    ),
    "mean_change": lambda s: analysis.mean_change(
        schools(s), outcome="n_achieved", **ENDS, by="la_name"
    ),
    "adjusted_change": lambda s: analysis.adjusted_change(
        schools(s), outcome="n_achieved", **ENDS, by="la_name", reliability=0.8
    ),
    "who_came_back": lambda s: analysis.who_came_back(s, **ENDS),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("kind", [object, "string", "category"])
def test_any_kind_of_text_column_will_do(scores, name, kind):
    plain, other = CALLS[name](scores), CALLS[name](scores.astype(kind))
    numbers = plain.to_frame().select_dtypes("number")
    pd.testing.assert_frame_equal(
        numbers, other.to_frame()[list(numbers.columns)], check_dtype=False
    )


@pytest.mark.parametrize("name", CALLS)
def test_a_repeated_index_changes_nothing(scores, name):
    again = scores.set_index(pd.Index([0] * len(scores)))
    pd.testing.assert_frame_equal(CALLS[name](scores).to_frame(), CALLS[name](again).to_frame())


@pytest.mark.parametrize("name", CALLS)
def test_the_input_is_not_changed(scores, name):
    copy = scores.copy()
    CALLS[name](scores)
    pd.testing.assert_frame_equal(scores, copy)


@pytest.mark.parametrize("name", CALLS)
def test_every_count_and_format_names_a_column(scores, name):
    found = CALLS[name](scores)
    under = {column for columns in found.counts.values() for column in columns}
    named = {*found.counts, *found.formats, *under}
    assert named - set(found.table.columns) == set()
    assert found.notes
    assert found._repr_html_()


@pytest.mark.parametrize("name", CALLS)
def test_schools_none_of_which_is_scored_give_an_answer(scores, name):
    found = CALLS[name](scores.assign(state="not scored"))
    assert found._repr_html_()
    tests = getattr(found, "tests", ())
    tested = getattr(found, "tested", found.table)
    assert tested[[column for column in tests if column in tested]].isna().all(axis=None)


@pytest.mark.parametrize("name", CALLS)
def test_schools_that_never_change_give_an_answer(scores, name):
    found = CALLS[name](scores.assign(state="achieved"))
    assert found._repr_html_()


@pytest.mark.parametrize("name", CALLS)
def test_one_school_gives_an_answer(scores, name):
    assert CALLS[name](scores[scores["school_urn"] == "1"])._repr_html_()


@pytest.mark.parametrize("name", CALLS)
def test_a_table_of_nobody_is_empty_or_refused(scores, name):
    for nobody in (scores.iloc[:0], scores.astype("category").iloc[:0]):
        said = "no value 'baseline' or no column 'wave'"
        try:
            found = CALLS[name](nobody).to_frame()
        except CareerBenchError as error:
            said, found = str(error), pd.DataFrame()
        assert "no value 'baseline'" in said or "no column 'wave'" in said
        assert found.select_dtypes("float").isna().all(axis=None)


@pytest.mark.parametrize("name", ["change", "movement", "net_shift", "who_came_back"])
@pytest.mark.parametrize("nothing", [None, "scores.csv", [1], {}])
def test_what_is_no_table_is_refused(name, nothing):
    with pytest.raises(BadArgumentError, match="a pandas DataFrame is needed"):
        CALLS[name](nothing)


def test_waves_may_be_numbers(scores):
    numbered = scores.assign(wave=scores["wave"].map({"baseline": 1, "year 1": 2, "year 2": 3}))
    found = analysis.who_came_back(numbered, before=1, after=2).to_frame()
    expected = analysis.who_came_back(scores, **ENDS).to_frame()
    pd.testing.assert_frame_equal(found, expected)
    assert analysis.cochran_waves(numbered, waves=[1, 2, 3]).to_frame()["n_complete"].sum() > 0
