"""Diaries become encounters, and stand beside what schools claim."""

from dataclasses import replace

import pandas as pd
import pytest

from careerbench import frameworks, scoring
from careerbench.errors import CareerBenchError


def diary(*rows, **more):
    """Rows of school, wave, year group, activity, pupils."""
    columns = ["school_urn", "wave", "year_group", "activity", "n_pupils"]
    frame = pd.DataFrame(list(rows), columns=columns)
    return frame.assign(n_pupils=frame["n_pupils"].astype("Int64"), **more)


DIARY = diary(
    ("1", "w1", "3", "Employer talk", 28),
    ("1", "w1", "3", " employer  VISIT ", 25),
    ("1", "w1", "4", "employer talk", None),
    ("1", "w1", "4", "employer talk", 30),
    ("1", "w1", None, "workplace visit", 200),
    ("1", "w1", "3", "assembly", 90),
    ("2", "w1", "3", "assembly", 90),
    ("2", None, "3", "employer talk", None),
)


def values(frame, *columns):
    kept = frame[list(columns)].astype(object)
    return kept.where(kept.notna(), None).to_numpy().tolist()


COUNTS = ("school_urn", "wave", "year_group", "encounter", "n_activities", "n_with_pupils")
BOUNDS = ("pupils_at_least", "pupils_at_most", "pupils_reason")


def test_encounters_are_counted_per_school_wave_and_year_group():
    found = scoring.count_encounters(DIARY)
    assert values(found.to_frame(), *COUNTS) == [
        ["1", "w1", "3", "employer", 2, 2],
        ["1", "w1", "4", "employer", 2, 1],
        ["1", "w1", None, "workplace", 1, 1],
        ["2", None, "3", "employer", 1, 0],
    ]


def test_pupils_are_bounded_and_never_added_up_as_if_they_were_different_ones():
    found = scoring.count_encounters(DIARY)
    assert values(found.to_frame(), *BOUNDS) == [
        [28, 53, None],
        [30, None, "some numbers not known"],
        [200, 200, None],
        [None, None, "no number known"],
    ]


def test_a_roll_bounds_the_pupils_but_never_below_what_was_counted():
    schools = pd.DataFrame({"school_urn": ["1", "2"], "number_of_pupils": [45, None]})
    found = scoring.count_encounters(DIARY, schools=schools)
    assert values(found.to_frame(), *BOUNDS) == [
        [28, 45, None],
        [30, 45, "some numbers not known"],
        [200, 200, None],
        [None, None, "no number known"],
    ]


def test_what_counts_as_no_encounter_is_listed_and_counted():
    found = scoring.count_encounters(DIARY)
    assert values(found.uncounted, "activity", "n_activities") == [["assembly", 2]]
    assert values(found.diaries, "school_urn", "wave", "n_activities", "n_counted") == [
        ["1", "w1", 6, 5], ["2", "w1", 1, 0], ["2", None, 1, 1],
    ]  # fmt: skip
    assert (
        "2 of 8 rows are of kinds that count as no encounter; uncounted lists them." in found.notes
    )


def test_hours_and_meaningful_are_summed_only_where_they_are_known():
    frame = DIARY.assign(
        hours=[1.0, None, None, None, 3.0, 1.0, 1.0, None],
        meaningful=["yes", None, "No", "Y", "", "yes", None, None],
    )
    found = scoring.count_encounters(frame).to_frame()
    columns = ("hours", "n_with_hours", "n_meaningful", "n_meaningful_unknown")
    assert values(found, *columns) == [
        [1.0, 1, 1, 1], [None, 0, 1, 0], [3.0, 1, 0, 1], [None, 0, 0, 1],
    ]  # fmt: skip


def test_encounters_can_be_counted_by_academic_year():
    days = pd.to_datetime(["2020-08-31", "2020-09-01", None])
    frame = pd.DataFrame({
        "school_urn": "1", "activity": "employer talk", "year_group": "3", "activity_date": days,
    })  # fmt: skip
    found = scoring.count_encounters(frame, period="time_period")
    assert values(found.to_frame(), "time_period", "n_activities") == [
        ["201920", 1], ["202021", 1], [None, 1],
    ]  # fmt: skip


def test_every_row_of_the_sample_is_counted_once_or_listed(pilot):
    found = scoring.count_encounters(pilot.activities)
    n_counted = int(found.to_frame()["n_activities"].sum())
    assert n_counted + found.uncounted["n_activities"].sum() == len(pilot.activities)
    assert set(found.uncounted["activity"]) == {"careers week", "lesson linked to jobs"}
    assert set(found.to_frame()["encounter"]) == {"employer", "workplace", "education"}


OWN = """
[[encounter]]
id = "assembly"
title = "Assemblies"
kinds = ["Assembly"]
evidence = [{ family = "made", number = 1, needs = "any_year_group" }]
"""


def test_a_programmes_own_words_count_by_its_own_file(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    found = scoring.count_encounters(DIARY, rules=tmp_path / "own.toml")
    assert values(found.to_frame(), "school_urn", "encounter") == [
        ["1", "assembly"],
        ["2", "assembly"],
    ]
    assert found.uncounted["n_activities"].sum() == 6


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('kinds = ["Assembly"]', 'kinds = ["a", "A "]', "the kind 'a' stands in the file twice"),
        ('kinds = ["Assembly"]', "", "kinds is missing"),
        ('"any_year_group"', '"some_years"', "must be one of each_year_group, any_year_group"),
        ("number = 1", "number = 0", "must be a Benchmark's number"),
        ("title", "titel", "did you mean 'title'"),
        (OWN, "", "there is no .*encounter"),
    ],
)
def test_faults_of_the_rules_are_listed(tmp_path, old, new, fault):
    (tmp_path / "own.toml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(CareerBenchError, match=fault):
        scoring.count_encounters(DIARY, rules=tmp_path / "own.toml")


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (lambda d: d.drop(columns="activity"), {}, "no column 'activity'"),
        (lambda d: d.drop(columns="wave"), {}, "no column 'wave'"),
        (lambda d: d, {"period": "time_period"}, "no column 'activity_date'"),
        (lambda d: d.assign(activity_date="2020"), {"period": "time_period"}, "hold dates"),
        (lambda d: d.assign(activity=None), {}, "8 rows have no activity"),
        (lambda d: d.assign(year_group="KS2"), {}, "8 rows have a year_group that is none"),
        (lambda d: d.assign(n_pupils=-1), {}, "below 0"),
        (lambda d: d.assign(n_pupils="many"), {}, "'n_pupils' does not hold numbers"),
        (lambda d: d.assign(meaningful="perhaps"), {}, "neither yes nor no"),
        (lambda d: d, {"period": "term"}, "period has no value 'term'"),
        (lambda d: d, {"schools": DIARY[["school_urn"]]}, "no column 'number_of_pupils'"),
        (lambda d: d.to_dict("list"), {}, "a pandas DataFrame is needed"),
    ],
)
def test_a_diary_that_cannot_be_read_is_refused(change, options, said):
    with pytest.raises(CareerBenchError, match=said):
        scoring.count_encounters(change(DIARY), **options)


def claims(*states, benchmark="g5", framework="gatsby-2025"):
    rows = [(str(number), "w1", benchmark, state) for number, state in enumerate(states, start=1)]
    frame = pd.DataFrame(rows, columns=["school_urn", "wave", "benchmark", "state"])
    return frame.assign(framework=framework)


def years(*schools):
    """A diary: for each school the year groups with an employer talk; None for no diary."""
    rows = [
        (str(number), "w1", year, "employer talk" if year != "-" else "assembly", 20)
        for number, groups in enumerate(schools, start=1)
        for year in groups or ()
    ]
    frame = diary(*rows)
    return frame.assign(year_group=frame["year_group"].replace("-", None))


def test_a_claim_is_supported_when_every_year_group_has_an_encounter():
    found = scoring.compare_with_claims(
        scoring.count_encounters(years(["7", "8"], ["7"], ["-"], None, [None])),
        claims(*["achieved"] * 5),
        year_groups=["Year 7", "8", "6"],
    )
    columns = ("n_years_seen", "n_years_expected", "years_lacking", "verdict")
    assert values(found.to_frame(), *columns) == [
        [2, 2, "", "supported"],
        [1, 2, "8", "partly"],
        [0, 2, "7, 8", "not in the diary"],
        [0, 2, "7, 8", "no diary"],
        [2, 2, "", "supported"],
    ]


def test_each_claim_is_set_beside_the_diary():
    states = ["partial", "partial", "not achieved", "not achieved", "not scored"]
    found = scoring.compare_with_claims(
        scoring.count_encounters(years(["7"], ["-"], ["7"], ["-"], ["7"])), claims(*states)
    )
    assert found.to_frame()["verdict"].tolist() == [
        "supported", "not in the diary", "more than claimed", "nothing claimed", "no claim",
    ]  # fmt: skip


def test_achieved_is_supported_in_part_where_the_schools_year_groups_are_not_known():
    found = scoring.compare_with_claims(
        scoring.count_encounters(years(["7", "8"])), claims("achieved")
    ).to_frame()
    assert values(found, "verdict", "n_years_expected", "reason") == [
        ["partly", None, "which year groups the school teaches is not known"]
    ]


def test_the_register_says_which_year_groups_need_an_encounter():
    schools = pd.DataFrame({
        "school_urn": ["1", "2", "3"], "statutory_low_age": [11, 9, None],
        "statutory_high_age": [16, 13, 16],
    })  # fmt: skip
    found = scoring.compare_with_claims(
        scoring.count_encounters(years(["7", "8", "9", "10", "11"], ["7", "8"], ["7"])),
        claims(*["achieved"] * 3),
        schools=schools,
    ).to_frame()
    assert values(found, "n_years_expected", "verdict") == [
        [5, "supported"], [2, "supported"], [None, "partly"],
    ]  # fmt: skip


def test_an_experience_of_a_workplace_in_one_year_group_will_do():
    frame = diary(("1", "w1", "10", "work experience", 20))
    found = scoring.compare_with_claims(
        scoring.count_encounters(frame), claims("achieved", benchmark="g6"), year_groups=["7", "10"]
    ).to_frame()
    assert values(found, "verdict", "n_years_expected") == [["supported", None]]


def test_the_sample_schools_claims_all_get_a_verdict(pilot):
    scores = pilot.scores()
    found = scoring.compare_with_claims(
        scoring.count_encounters(pilot.activities), scores, schools=pilot.schools
    )
    wanted = scores["benchmark"].isin(["p5", "p6", "p7"])
    assert len(found) == int(wanted.sum())
    assert found.to_frame()["verdict"].notna().all()
    assert found.to_frame()["wave"].dtype == scores["wave"].dtype
    assert "no evidence that nothing took place" in found.notes[0]


def test_a_diary_without_scores_is_counted():
    found = scoring.compare_with_claims(scoring.count_encounters(DIARY), claims("achieved"))
    assert found.n_diaries_unmatched == 2


def test_what_cannot_be_compared_is_refused():
    counted = scoring.count_encounters(years(["7"]))
    with pytest.raises(CareerBenchError, match="must be counted first"):
        scoring.compare_with_claims(DIARY, claims("achieved"))
    by_year = scoring.count_encounters(
        DIARY.assign(activity_date=pd.Timestamp("2020-01-01")), period="time_period"
    )
    with pytest.raises(CareerBenchError, match="the encounters by time_period"):
        scoring.compare_with_claims(by_year, claims("achieved"))
    twice = pd.concat([claims("achieved"), claims("partial")])
    with pytest.raises(CareerBenchError, match="repeat a school, wave and Benchmark"):
        scoring.compare_with_claims(counted, twice)
    with pytest.raises(CareerBenchError, match="year_groups must be year groups"):
        scoring.compare_with_claims(counted, claims("achieved"), year_groups=["KS3"])
    other = frameworks.load_framework("gatsby-2025")
    with pytest.raises(CareerBenchError, match="another framework"):
        scoring.compare_with_claims(counted, claims("achieved", framework="x"), framework=other)


def test_what_is_said_of_schools_is_not_said_of_colleges():
    college = replace(frameworks.load_framework("gatsby-2025"), id="c", setting="college")
    with pytest.raises(CareerBenchError, match="no encounter is evidence for a Benchmark of 'c'"):
        scoring.compare_with_claims(
            scoring.count_encounters(years(["7"])),
            claims("achieved", framework="c"),
            framework=college,
        )


def test_a_framework_that_no_encounter_speaks_of_is_refused(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    counted = scoring.count_encounters(DIARY, rules=tmp_path / "own.toml")
    with pytest.raises(CareerBenchError, match="no encounter is evidence for a Benchmark"):
        scoring.compare_with_claims(counted, claims("achieved"))
