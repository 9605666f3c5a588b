"""The headline under the other defensible choices."""

import math

import pandas as pd
import pytest

from careerbench.analysis import change, sensitivity
from careerbench.errors import BadArgumentError, MissingColumnsError
from careerbench.frameworks import load_framework
from careerbench.scoring import score_benchmarks

FRAMEWORK = load_framework("ne-primary-2019")
ENDS = {"before": "baseline", "after": "year 1"}
SAID = {"y": "In place", "n": "Not in place", "?": "Don't know"}


def made(schools, item="p8_staff", date=None):
    """Make audits of one item from each school's answer at each end; a blank is no audit."""
    rows = [
        (str(urn), wave, SAID[answer] if item == "p8_staff" else said(item, answer))
        for urn, answers in enumerate(schools)
        for wave, answer in zip(ENDS.values(), answers, strict=True)
        if answer != " "
    ]
    frame = pd.DataFrame(rows, columns=["school_urn", "wave", "answer"]).assign(item=item)
    if date is None:
        return frame
    return frame.assign(audit_date=pd.to_datetime(frame["wave"].map(date)))


def said(item, answer):
    """Answer any item, yes or no, in the words of its scale."""
    asked = FRAMEWORK.items[item]
    codes = FRAMEWORK.scales[asked.scale].answers
    return next(code for code in codes if (code in asked.meets) == (answer == "y"))


def of_every_item(schools):
    return pd.concat([made(schools, item) for item in FRAMEWORK.items])


SCHOOLS = ["ny", "ny", "ny", "yy", "yn", "nn", "nn", "y ", "y ", " y", "n?"]


def found(audits=None, **options):
    table = made(SCHOOLS) if audits is None else audits
    return sensitivity(table, FRAMEWORK, **ENDS, **{"benchmark": "p8", "cuts": [0.5]} | options)


def row_of(planned, **choice):
    table = planned.to_frame()
    for name, value in choice.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_the_headline_is_the_change_of_matched_schools():
    head = found().to_frame().iloc[0]
    expected = change(
        score_benchmarks(made(SCHOOLS), FRAMEWORK).query("benchmark == 'p8'"), **ENDS
    ).to_frame().iloc[0]  # fmt: skip
    assert head["changed"] == "headline"
    assert head[["estimate", "low", "high"]].tolist() == pytest.approx(
        expected[["matched_change_pp", "matched_low_pp", "matched_high_pp"]].tolist()
    )
    assert head["n_schools"] == expected["n_pairs"] == 7
    assert head["n_left_out"] == 4


def test_all_schools_are_one_other_choice():
    row = row_of(found(), changed="sample")
    assert row["estimate"] == pytest.approx(100 * (5 / 8 - 4 / 10))
    assert row["n_schools"] == 11
    assert row["n_left_out"] == 0


def test_one_choice_is_changed_at_a_time():
    table = found().to_frame()
    assert table["changed"].tolist() == [
        "headline",
        "sample",
        "missing",
        "missing",
        "threshold",
        "adjusted",
    ]
    known = table.dropna(subset=["estimate"])
    assert known["difference"].tolist() == (known["estimate"] - table["estimate"][0]).tolist()


def test_every_combination_can_be_had():
    every = found(full=True)
    assert len(every) == 2 * 3 * 2 * 2 - 6
    assert every.n_skipped == 6
    assert every.to_frame().drop(columns="changed").duplicated(
        ["sample", "missing", "threshold", "wave_rule", "adjusted"]
    ).sum() == 0  # fmt: skip


def test_adjusting_carries_the_change_over_to_all_baselines():
    # By hand: matched schools that had not achieved gain 3 of 5, those that had lose 1 of 2; of
    # the ten scored at baseline four had achieved: 0.6 * 3/5 - 0.4 * 1/2 = 0.16.
    row = row_of(found(), changed="adjusted")
    assert row["estimate"] == pytest.approx(16)
    assert row["n_schools"] == 7


def test_the_interval_of_the_adjusted_change_is_hc2():
    # R 4.2.2: lm(d ~ x) on the seven pairs; h <- hatvalues; meat <- X' diag(e^2 / (1 - h)) X;
    # a <- c(1, 40): 16 + c(-1, 1) * qt(.975, 5) * sqrt(a' bread meat bread a)
    row = row_of(found(), changed="adjusted")
    assert row[["low", "high"]].tolist() == pytest.approx([-47.80016332, 79.80016332])


def test_the_mean_number_has_a_t_interval_of_schools():
    # R: d <- c(1, 1, 1, 0, -1, 0, 0); t.test(d)$conf.int
    audits = of_every_item(SCHOOLS[:7])
    row = found(audits, benchmark=None).to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(2 / 7 * len(FRAMEWORK.benchmarks))
    expected = [8 * bound for bound in (-0.4134033860, 0.9848319575)]
    assert row[["low", "high"]].tolist() == pytest.approx(expected)


def test_a_school_that_was_not_scored_throughout_has_no_number():
    row = found(benchmark=None).to_frame().iloc[0]
    assert row["n_schools"] == 0
    assert math.isnan(row["estimate"])
    assert row["estimate_reason"] == "no school at both ends"


def test_the_wave_rule_is_varied_where_schools_have_two_audits():
    days = {"baseline": "2020-01-10", "year 1": "2021-01-10"}
    later = made(["yy", "nn"], date={"baseline": "2020-02-10", "year 1": "2021-02-10"})
    audits = pd.concat([made(SCHOOLS, date=days), later])
    planned = found(audits)
    rules = planned.to_frame().query("changed == 'wave_rule'").set_index("wave_rule")
    assert rules.index.tolist() == ["first", "best"]
    assert row_of(planned, changed="headline")["estimate"] == pytest.approx(0)  # ny, ny > yy, nn
    assert rules.loc["first", "estimate"] == pytest.approx(100 * 2 / 7)
    assert rules.loc["best", "estimate"] == pytest.approx(100 * 1 / 7)


def test_what_is_not_varied_is_said():
    said = " ".join(found().notes)
    assert "Not varied - wave_rule: no school has two dated audits in one wave." in said


def test_the_range_stands_in_words():
    said = found().notes
    assert said[1].startswith("Headline +28.6 (")
    assert "over 5 sets of choices from +16.0 to +28.6. The sign is the same in all" in said[1]
    assert "their number is no evidence" in " ".join(said)


def test_one_school_has_a_change_and_a_reason():
    row = found(of_every_item(["ny"]), benchmark=None).to_frame().iloc[0]
    assert row["estimate"] == len(FRAMEWORK.benchmarks)
    assert row["estimate_reason"] == "one school"
    assert math.isnan(row["low"])


def test_where_nobody_answered_there_is_no_estimate():
    planned = found(made(["??", "??"]))
    assert planned.to_frame()["estimate"].isna().all()
    assert planned.to_frame()["estimate_reason"].notna().all()
    assert "No set of choices gives an estimate: see estimate_reason." in planned.notes


def test_bad_input_is_refused():
    with pytest.raises(BadArgumentError, match="before has no value 'basline'"):
        sensitivity(made(SCHOOLS), FRAMEWORK, before="basline", after="year 1")
    with pytest.raises(BadArgumentError, match="the same wave"):
        sensitivity(made(SCHOOLS), FRAMEWORK, before="baseline", after="baseline")
    with pytest.raises(BadArgumentError, match="benchmark has no value 'p9'"):
        found(benchmark="p9")
    with pytest.raises(BadArgumentError, match="cuts must be shares"):
        found(cuts=[80])
    with pytest.raises(BadArgumentError, match="framework must be a Framework"):
        sensitivity(made(SCHOOLS), "ne-primary-2019", **ENDS)
    with pytest.raises(MissingColumnsError, match="has no column 'answer'"):
        found(made(SCHOOLS).drop(columns="answer"))
