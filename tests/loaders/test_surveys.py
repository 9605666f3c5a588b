import pytest

from careerbench.errors import MissingColumnsError, TableProblemsError
from careerbench.loaders import load_survey, problems_of

WIDE = "Pupil ID,URN,Wave,Year group,Sex,FSM,q1,q2"
LONG = "respondent,school_urn,wave,item,answer"


def rows(frame, *columns):
    kept = frame[list(columns)].astype(object)
    return kept.where(kept.notna(), None).to_numpy().tolist()


def test_a_wide_survey_has_a_row_per_respondent_and_item(save):
    survey = load_survey(save("s.csv", f"{WIDE}\np1,900001,Baseline,Y4,F,1,03,\n"))
    assert list(survey) == [
        "respondent", "school_urn", "wave", "year_group", "item", "answer", "answer_reason",
        "sex", "fsm",
    ]  # fmt: skip
    assert rows(survey, *survey) == [
        ["p1", "900001", "Baseline", "4", "q1", "03", None, "F", "1"],
        ["p1", "900001", "Baseline", "4", "q2", None, "blank", "F", "1"],
    ]


def test_a_long_survey_keeps_its_other_columns(save):
    survey = load_survey(save("s.csv", f"{LONG},House\np1,900001,B,q1,3,red\n"))
    assert rows(survey, "item", "answer", "year_group", "house") == [["q1", "3", None, "red"]]


def test_a_respondent_twice_in_a_wave_is_an_error(save):
    text = f"{WIDE}\np1,900001,B,4,F,1,3,\np1,900001,B,4,F,1,3,2\np1,900001,C,4,F,1,3,2\n"
    survey = load_survey(save("s.csv", text), on_problem="quarantine")
    assert survey["wave"].unique().tolist() == ["C"]
    assert problems_of(survey).to_frame()["row"].tolist() == [2, 3]


def test_a_respondent_in_two_schools_is_an_error(save):
    text = f"{LONG}\np1,900001,B,q1,3\np1,900002,B,q2,3\np2,900002,B,q2,3\n"
    survey = load_survey(save("s.csv", text), on_problem="quarantine")
    assert survey["respondent"].tolist() == ["p2"]


def test_messages_never_show_what_a_respondent_said(save):
    text = f"{WIDE}\nAnn Example,secret1,B,secret2,F,1,3,\n,900001,,4,F,1,3,2\n"
    with pytest.raises(TableProblemsError) as caught:
        load_survey(save("s.csv", text))
    assert str(caught.value) == (
        "load_survey: 's.csv' has 4 errors.\n"
        "  found: row 2, column 'URN': the cell is not a URN "
        "(try: five to seven digits, such as 900001)\n"
        "         row 2, column 'Year group': the cell is not a year group "
        "(try: R or 1 to 14; one row per year group)\n"
        "         row 3, column 'Pupil ID': respondent is blank "
        "(try: every row needs its respondent)\n"
        "         row 3, column 'Wave': wave is blank (try: every row needs its wave)\n"
        '  try:   correct the file; or on_problem="quarantine" to go on without these rows, '
        "listed in problems_of(frame)"
    )


def test_a_survey_needs_respondents_and_items(save):
    with pytest.raises(MissingColumnsError, match="has no column 'respondent'"):
        load_survey(save("s.csv", "URN,Wave,q1\n900001,B,1\n"))
    with pytest.raises(MissingColumnsError, match="has no column for an item"):
        load_survey(save("t.csv", "Pupil,URN,Wave\np1,900001,B\n"))


def test_the_scale_says_why_answers_are_missing(save):
    from careerbench.frameworks import load_scale
    from careerbench.loaders import explain_missing

    text = f"{LONG},Year group\n" + "".join(
        f"p1,900001,B,{item},{answer},2\n"
        for item, answer in (
            ("pu_jobs", "dk"),
            ("pu_talk", ""),
            ("pu_learning", ""),
            ("other", "dk"),
        )
    )
    survey = explain_missing(load_survey(save("s.csv", text)), scale=load_scale("pupil-careers"))
    assert rows(survey, "answer", "answer_reason") == [
        [None, "dont_know"], [None, "not_asked"], [None, "blank"], ["dk", None],
    ]  # fmt: skip
