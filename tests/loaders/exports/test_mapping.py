"""An export, a mapping and a scale become survey rows."""

import tomllib

import pytest

from careerbench import frameworks, scoring
from careerbench.errors import ReadError, TableProblemsError
from careerbench.loaders import (
    draft_mapping,
    load_free_text,
    load_mapping,
    load_survey,
    problems_of,
    source_of,
)

SCALE = """
id = "mine"
title = "Mine"
answers = [{ code = "1", label = "No" }, { code = "2", label = "A bit" }, { code = "3", label = "Yes" }]
missing = [{ code = "dk", label = "Don't know" }, { code = "pns", label = "Prefer not to say", reason = "refused" }]
top_box = ["3"]
minimum_answered = 1
[[item]]
id = "jobs"
text = "I know about lots of different jobs"
[[item]]
id = "plan"
text = "I know what to learn for a job I like"
year_groups = ["5", "6"]
[[item]]
id = "met"
text = "I have met somebody at work"
"""
FORM = (
    "Timestamp,Which school do you go to?,Which year are you in?,Are you a boy or a girl?,"
    "How true? [I know about lots of different jobs],"
    "How true? [I know what to learn for a job I like],What have you done?,Anything else?\n"
    "2024/05/01,Hill School,Year 3,A girl,Yes,,A visit;Met somebody,I like dogs very much\n"
    "2024/05/01,Hill School,Year 5,A boy,Don’t know,A BIT,A visit,\n"
    "2024/05/01,Dale School,Year 6,A girl,Prefer not to say,,,my cat is called Tom and he is old\n"
)
MAPPING = """
scale = "scale.toml"
free_text = ["Anything else?"]
[columns]
respondent = "#row"
school_urn = "Which school do you go to?"
year_group = "which year are you in"
sex = "Are you a boy or a girl?"
[constants]
wave = "baseline"
[recode.school_urn]
"Hill School" = "900001"
"Dale School" = "900002"
[recode.sex]
"A girl" = "F"
"A boy" = "M"
[items]
jobs = "How true? [I know about lots of different jobs]"
plan = "How true? [I know what to learn for a job I like]"
met = { column = "What have you done?", option = "Met somebody" }
"""


@pytest.fixture
def mapped(save):
    save("scale.toml", SCALE)

    def load(form=FORM, mapping=MAPPING, **options):
        return load_survey(save("form.csv", form), mapping=save("mapping.toml", mapping), **options)

    return load


def rows(frame, *columns):
    kept = frame[list(columns)].astype(object)
    return kept.where(kept.notna(), None).to_numpy().tolist()


def test_a_mapped_export_is_survey_rows_with_codes_and_reasons(mapped):
    survey = mapped()
    assert list(survey) == [
        "respondent", "school_urn", "wave", "year_group", "item", "answer", "answer_reason", "sex",
    ]  # fmt: skip
    assert rows(survey, "school_urn", "year_group", "sex", "item", "answer", "answer_reason") == [
        ["900001", "3", "F", "jobs", "3", None],
        ["900001", "3", "F", "plan", None, "not_asked"],
        ["900001", "3", "F", "met", "3", None],
        ["900001", "5", "M", "jobs", None, "dont_know"],
        ["900001", "5", "M", "plan", "2", None],
        ["900001", "5", "M", "met", "1", None],
        ["900002", "6", "F", "jobs", None, "refused"],
        ["900002", "6", "F", "plan", None, "blank"],
        ["900002", "6", "F", "met", None, "blank"],
    ]
    assert "mapped by 'mapping.toml'" in source_of(survey).decisions


def test_mapped_rows_are_scored_like_any_others(mapped, tmp_path):
    survey = mapped()
    scored = scoring.score_scale(survey, frameworks.load_scale(tmp_path / "scale.toml"))
    by_respondent = scored.set_index("respondent")
    asked = by_respondent.loc[survey["respondent"].unique(), ["n_items", "n_answered"]]
    assert asked.to_numpy().tolist() == [[2, 2], [3, 2], [3, 0]]


def test_branching_tells_not_asked_from_blank(mapped):
    rule = '{ column = "How true? [I know what to learn for a job I like]", asked_when = { column = "Are you a boy or a girl?", answers = ["A boy"] } }'
    mapping = MAPPING.replace(
        'plan = "How true? [I know what to learn for a job I like]"', f"plan = {rule}"
    )
    survey = mapped(mapping=mapping).query("item == 'plan'")
    assert survey["answer_reason"].fillna("").tolist() == ["not_asked", "", "not_asked"]


def test_a_characteristic_that_nobody_gave_stays_blank(mapped):
    form = FORM.replace("A girl", "").replace("A boy", "")
    assert mapped(form=form)["sex"].isna().all()


def test_the_wave_can_be_said_by_keyword(mapped):
    assert mapped(wave="year_1")["wave"].unique().tolist() == ["year_1"]


def test_free_text_has_rows_of_its_own(mapped, save):
    survey = mapped()
    free = load_free_text(save("form.csv", FORM), mapping=save("mapping.toml", MAPPING))
    assert rows(free, "school_urn", "question", "text")[0] == [
        "900001", "Anything else?", "I like dogs very much",
    ]  # fmt: skip
    assert len(free) == 2
    assert set(free["respondent"]) <= set(survey["respondent"])


def test_every_column_that_does_not_fit_is_listed_with_a_suggestion(mapped):
    mapping = MAPPING.replace("lots of different jobs]", "lots of jobs]").replace(
        'free_text = ["Anything else?"]\n', ""
    )
    with pytest.raises(ReadError) as caught:
        mapped(mapping=mapping)
    said = str(caught.value)
    assert "'mapping.toml' does not fit 'form.csv': 3 fault(s)." in said
    assert "items.jobs: the file has no column 'How true? [I know about lots of jobs]'" in said
    assert "did you mean 'How true? [I know about lots of different jobs]'" in said
    assert "column 'Anything else?' is in the file and not in the mapping" in said
    assert "dogs" not in said


def test_a_column_that_nobody_mapped_is_perhaps_an_item(mapped):
    mapping = "\n".join(line for line in MAPPING.splitlines() if not line.startswith("jobs"))
    with pytest.raises(ReadError, match=r"is it item 'jobs' \(100% alike\)\?"):
        mapped(mapping=mapping)


def test_an_unknown_answer_is_shown_only_when_ten_gave_it(mapped):
    line = FORM.splitlines()[2]
    often = "".join(line.replace("A BIT", "A little bit") + "\n" for _ in range(10))
    rarely = line.replace("A BIT", "my dad hits me") + "\n"
    with pytest.raises(TableProblemsError) as caught:
        mapped(form=FORM + often + rarely)
    problems = caught.value.problems.to_frame().query("severity == 'error'")
    assert problems["problem"].tolist() == [
        "10 responses: the answer 'A little bit' is neither on the scale nor in the mapping",
        "1 response: 1 answer neither on the scale nor in the mapping, each given by fewer than "
        "10 and not shown",
    ]
    assert "did you mean 'A bit'? Under [answers]" not in problems["hint"].iloc[1]
    assert "my dad" not in str(caught.value) + problems.to_csv()
    kept = mapped(form=FORM + often + rarely, on_problem="quarantine")
    assert len(kept) == 3 * 14 - 11
    assert problems_of(kept).n_errors == 2


def test_answers_may_be_mapped_for_all_items_or_for_one(mapped):
    form = FORM.replace("A BIT", "Sort of").replace("Yes,,", "Sort of,,")
    mapping = MAPPING + '[answers]\n"Sort of" = "2"\n[answers_of.jobs]\n"sort of" = "3"\n'
    answers = mapped(form=form, mapping=mapping).query("item != 'met'")["answer"].dropna()
    assert answers.tolist() == ["3", "2"]


def test_missing_answers_may_be_named_by_the_mapping(mapped):
    form = FORM.replace("A BIT", "Can't remember")
    survey = mapped(form=form, mapping=MAPPING + '[missing]\n"Can’t remember" = "unreliable"\n')
    assert survey["answer_reason"].tolist()[4] == "unreliable"


def test_a_personal_column_cannot_become_a_characteristic_unasked(mapped):
    form = FORM.replace("Are you a boy or a girl?", "Date of birth").replace("A girl", "2014-01-01")
    mapping = MAPPING.replace('sex = "Are you a boy or a girl?"', 'born = "Date of birth"')
    mapping = mapping.replace('[recode.sex]\n"A girl" = "F"\n"A boy" = "M"\n', "")
    with pytest.raises(ReadError, match=r"columns\.born: column 'Date of birth' says who"):
        mapped(form=form, mapping=mapping)


@pytest.mark.parametrize(
    ("added", "fault"),
    [
        ("scael = 'x'", "'scael' is not known: did you mean 'scale'?"),
        ("export = 'monkey'", "export = 'monkey' is none of 'google_forms'"),
        ("include = ['some']", "include: 'some' is none of 'partial'"),
        ("[missing]\n'x' = 'shy'", "missing: 'shy' is none of 'not_asked'"),
        ("[answers]\n'x' = '9'", "answers: '9' are no codes of the scale"),
        ("[items]\njbos = 'x'", "items.jbos is no item of the scale: did you mean 'jobs'?"),
        ("[items]\njobs = 3", "items.jobs must be a column, or a table with a column"),
        ("answers = 3", "answers must be a table, written [answers]"),
        ("scale = 'no-such-scale'", "scale 'no-such-scale': "),
    ],
)
def test_every_fault_of_a_mapping_is_named(save, added, fault):
    save("scale.toml", SCALE)
    items = "" if "[items]" in added else '\n[items]\njobs = "Q"\n'
    scale = "" if added.startswith("scale") else 'scale = "scale.toml"\n'
    with pytest.raises(ReadError) as caught:
        load_mapping(save("m.toml", f"{scale}{added}{items}"))
    assert fault in str(caught.value)


def test_a_mapping_that_is_no_toml_or_not_there_is_refused(save, tmp_path):
    with pytest.raises(ReadError, match="is not sound TOML"):
        load_mapping(save("m.toml", "[items"))
    with pytest.raises(ReadError, match="careerbench map"):
        load_mapping(tmp_path / "none.toml")


def test_a_draft_needs_no_more_than_what_the_file_cannot_say(save):
    scale = frameworks.load_scale(save("scale.toml", SCALE))
    more = "2024/05/01,Hill School,Year 3,A girl,Yes,,Met somebody,nothing\n"
    draft = draft_mapping(save("form.csv", FORM + more), scale=scale)
    said = tomllib.loads(draft)
    assert said["columns"] == {
        "respondent": "#row",
        "school_urn": "Which school do you go to?",
        "year_group": "Which year are you in?",
        "sex": "Are you a boy or a girl?",
    }
    assert list(said["items"]) == ["jobs", "plan"]
    assert said["free_text"] == ["Anything else?"]
    assert said["drop"] == ["Timestamp", "What have you done?"]
    assert '# met = ""  # nothing like "I have met somebody at work" in the file' in draft
    assert '# wave = ""' in draft
    assert "dogs" not in draft


def test_a_finished_draft_loads(save):
    save("scale.toml", SCALE)
    form = save("form.csv", FORM.replace("Hill School", "900001").replace("Dale School", "900002"))
    draft = draft_mapping(form, scale=str(form.parent / "scale.toml"))
    draft = draft.replace('# wave = ""', 'wave = "baseline"')
    survey = load_survey(form, mapping=save("mapping.toml", draft))
    assert survey["answer"].dropna().tolist() == ["3", "2"]


def test_headings_with_quotes_and_backslashes_survive_the_draft(save):
    scale = frameworks.load_scale(save("scale.toml", SCALE))
    form = 'Timestamp,"Say ""hi"" \\ é ☺"\n2024/05/01,Yes\n2024/05/01,No\n'
    said = tomllib.loads(draft_mapping(save("form.csv", form), scale=scale))
    assert said["drop"] == ["Timestamp", 'Say "hi" \\ é ☺']
