"""Survey exports as they come, made-up ones: real ones are in test_real_exports."""

import pytest

from careerbench.errors import BadArgumentError, ReadError
from careerbench.loaders import problems_of, questions_of, read_export, source_of

GOOGLE = (
    '"Timestamp","Which year are you in?","How true is this? [I know lots of jobs]",'
    '"Which of these have you done?","What job would you like?"\n'
    '"2024/05/01 9:10:11 am GMT+1","Year 3","A bit","A visit;A talk","I would love to be a vet"\n'
    '"2024/05/01 9:12:40 am GMT+1","Year 4","Yes","A talk","an astronaut who goes to the moon"\n'
    '"2024/05/01 9:13:02 am GMT+1","Year 3","Don’t know","","no idea"\n'
    '"2024/05/01 9:14:55 am GMT+1","Year 4","A bit","A visit","a footballer for my city"\n'
)
MICROSOFT = (
    "ID,Start time,Completion time,Email,Name,Your role,Which of these do you do?,Confident?\n"
    "1,5/1/24 9:00:00,5/1/24 9:04:10,anonymous,,Teacher,Visits;Talks;,Agree\n"
    "2,5/1/24 9:01:00,5/1/24 9:03:00,anonymous,,Careers Leader,Talks;,Disagree\n"
    "3,5/1/24 9:02:00,5/1/24 9:09:33,anonymous,,Teacher,Visits;,Agree\n"
)
MONKEY = (
    "Respondent ID,Collector ID,Start Date,IP Address,Pick one,,Tick all that apply,,,Say more\n"
    ",,,,Yes,No,Visit,Talk,Other (please specify),Open-Ended Response\n"
    "11,9,05/01/2024,192.0.2.1,Yes,,Visit,Talk,,fine\n"
    "12,9,05/01/2024,192.0.2.2,,No,,,a museum trip,it was good\n"
    "13,9,05/01/2024,192.0.2.3,,,,Talk,,\n"
)
QUALTRICS = (
    "StartDate,EndDate,Status,Finished,ResponseId,Q1,Q2_1,Q2_2,Q3_TEXT\n"
    "Start Date,End Date,Response Type,Finished,Response ID,I know jobs,"
    "What have you done? - Selected Choice - Visit,What have you done? - Selected Choice - Talk,Why?\n"
    '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""status""}",'
    '"{""ImportId"":""finished""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}",'
    '"{""ImportId"":""QID2_1""}","{""ImportId"":""QID2_2""}","{""ImportId"":""QID3_TEXT""}"\n'
    "2024-05-01 09:00:00,2024-05-01 09:01:00,IP Address,True,R_1,Yes,Visit,Talk,because\n"
    "2024-05-01 09:00:00,2024-05-01 09:01:00,Survey Preview,True,R_2,Yes,,,\n"
    "2024-05-01 09:00:00,2024-05-01 09:01:00,IP Address,False,R_3,No,,Talk,\n"
    "2024-05-01 09:00:00,2024-05-01 09:01:00,Spam,True,R_4,No,,,\n"
    "2024-05-01 09:00:00,2024-05-01 09:01:00,IP Address,True,R_5,No,Visit,,\n"
)


def kinds(frame):
    return dict(questions_of(frame)[["column", "kind"]].values.tolist())


def test_google_forms_checkboxes_are_several_answers_and_free_text_is_kept_apart(save):
    frame = read_export(save("g.csv", GOOGLE))
    assert kinds(frame) == {
        "Timestamp": "metadata",
        "Which year are you in?": "choice",
        "How true is this? [I know lots of jobs]": "choice",
        "Which of these have you done?": "multiple",
        "What job would you like?": "text",
    }
    assert frame["Which of these have you done?"].dropna().tolist() == [
        "A visit; A talk", "A talk", "A visit",
    ]  # fmt: skip
    assert "What job would you like?" not in frame
    said = source_of(frame).decisions
    assert "Google Forms: the first column is 'Timestamp'" in said
    assert "free text kept apart: 'What job would you like?'" in said


def test_google_sheets_join_checkboxes_with_commas(save):
    text = GOOGLE.replace("A visit;A talk", "A visit, A talk")
    frame = read_export(save("g.csv", text))
    assert frame["Which of these have you done?"].iloc[0] == "A visit; A talk"


def test_microsoft_forms_lists_end_with_a_semicolon(save):
    frame = read_export(save("m.csv", MICROSOFT))
    assert "Microsoft Forms: it has Start time and Completion time" in source_of(frame).decisions
    assert frame["Which of these do you do?"].tolist() == ["Visits; Talks", "Talks", "Visits"]
    assert kinds(frame)["ID"] == "metadata"
    assert (kinds(frame)["Name"], kinds(frame)["Email"]) == ("personal", "personal")
    assert "Name" not in frame


def test_microsoft_forms_come_as_workbooks_too(tmp_path):
    import csv
    import io

    import openpyxl

    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(MICROSOFT)):
        book.active.append(row)
    book.save(tmp_path / "m.xlsx")
    frame = read_export(tmp_path / "m.xlsx")
    assert frame["Confident?"].tolist() == ["Agree", "Disagree", "Agree"]


def test_surveymonkeys_option_columns_become_one_question(save):
    frame = read_export(save("s.csv", MONKEY))
    asked = questions_of(frame).set_index("column")
    assert frame["Pick one"].astype(object).where(frame["Pick one"].notna(), None).tolist() == [
        "Yes", "No", None,
    ]  # fmt: skip
    assert frame["Tick all that apply"].tolist() == [
        "Visit; Talk", "Other (please specify)", "Talk",
    ]  # fmt: skip
    assert asked.loc["Pick one", ["kind", "options"]].tolist() == ["choice", "Yes | No"]
    assert asked.loc["Tick all that apply", "kind"] == "multiple"
    assert asked.loc["Tick all that apply [Other (please specify)]", "kind"] == "text"
    assert asked.loc["Say more", "kind"] == "text"
    assert "IP Address" not in frame
    assert len(frame) == 3


def test_surveymonkeys_numbered_options_are_options_too(save):
    text = MONKEY.replace("11,9,05/01/2024,192.0.2.1,Yes,,Visit,Talk", "11,9,x,192.0.2.1,1,,1,2")
    text = text.replace(",,No,,,a museum", ",,2,,,a museum").replace(",,,,Talk,,\n", ",,,,2,,\n")
    frame = read_export(save("s.csv", text))
    assert frame["Tick all that apply"].iloc[0] == "Visit; Talk"


def test_a_grid_is_a_question_to_a_row(save):
    text = (
        "Respondent ID,How true?,,\n,Jobs are fun,Jobs are hard,Jobs are far\n"
        "1,Agree,Agree,Disagree\n2,Disagree,Agree,Agree\n"
    )
    frame = read_export(save("s.csv", text))
    assert list(frame)[1:] == [
        "How true? [Jobs are fun]", "How true? [Jobs are hard]", "How true? [Jobs are far]",
    ]  # fmt: skip


def test_qualtrics_keeps_previews_spam_and_partial_responses_apart_and_counts_them(save):
    frame = read_export(save("q.csv", QUALTRICS))
    assert frame["ResponseId"].tolist() == ["R_1", "R_5"]
    assert frame["response_state"].unique().tolist() == ["complete"]
    assert problems_of(frame).to_frame()["problem"].tolist() == [
        '1 partial response kept apart; include=["partial"] takes them in',
        '1 preview response kept apart; include=["preview"] takes them in',
        '1 spam response kept apart; include=["spam"] takes them in',
    ]
    more = read_export(save("q.csv", QUALTRICS), include=["partial", "preview"])
    assert more["response_state"].tolist() == ["complete", "preview", "partial", "complete"]
    assert "1 partial response included, as asked" in source_of(more).decisions


def test_qualtrics_questions_have_their_words_and_options_are_put_together(save):
    frame = read_export(save("q.csv", QUALTRICS))
    asked = questions_of(frame).set_index("column")
    assert asked.loc["Q1", "question"] == "I know jobs"
    assert asked.loc["Q2", ["question", "kind", "options"]].tolist() == [
        "What have you done?", "multiple", "Visit | Talk",
    ]  # fmt: skip
    assert frame["Q2"].tolist() == ["Visit; Talk", "Visit"]
    assert asked.loc["Q3_TEXT", "kind"] == "text"


@pytest.mark.parametrize(
    ("dropped", "said"), [((1, 2), "1 row of headings"), ((2,), "2 rows of headings")]
)
def test_qualtrics_comes_with_one_two_or_three_rows_of_headings(save, dropped, said):
    lines = QUALTRICS.splitlines(keepends=True)
    text = "".join(line for place, line in enumerate(lines) if place not in dropped)
    frame = read_export(save("q.csv", text))
    assert frame["ResponseId"].tolist() == ["R_1", "R_5"]
    assert said in source_of(frame).decisions


def test_an_older_qualtrics_export_names_its_columns_in_the_second_row(save):
    text = (
        "V1,V2,V3,V4,Q1\nResponseID,StartDate,EndDate,Finished,I know jobs\n"
        "R_1,2014-05-01 09:00:00,2014-05-01 09:01:00,1,Yes\n"
        "R_2,2014-05-01 09:00:00,2014-05-01 09:01:00,0,No\n"
    )
    frame = read_export(save("q.csv", text))
    assert frame["ResponseID"].tolist() == ["R_1"]
    assert questions_of(frame).set_index("column").loc["Q1", "question"] == "I know jobs"


def test_a_plain_table_is_read_as_one(save):
    frame = read_export(save("t.csv", "id,q1\n1,Yes\n2,No\n3,Yes\n"))
    assert "a plain table: no survey tool's columns in it" in source_of(frame).decisions
    assert frame["q1"].tolist() == ["Yes", "No", "Yes"]


def test_the_kind_can_be_said(save):
    frame = read_export(save("g.csv", GOOGLE), kind="table")
    assert "a plain table, as asked" in source_of(frame).decisions
    with pytest.raises(BadArgumentError, match="did you mean 'qualtrics'"):
        read_export(save("g.csv", GOOGLE), kind="qualtrix")


def test_rare_answers_are_not_listed_among_the_options(save):
    rows = "".join(f"2024/05/01,{'No' if n else 'Sometimes when I am ill'}\n" for n in range(30))
    frame = read_export(save("g.csv", f"Timestamp,Do you?\n{rows}"))
    assert questions_of(frame)["options"].tolist() == ["", "No"]


def test_answers_with_commas_stay_whole(save):
    rows = '2024/05/01,"Yes, definitely"\n2024/05/01,"No, never"\n' * 8
    frame = read_export(save("g.csv", f"Timestamp,Do you?\n{rows}"))
    assert kinds(frame)["Do you?"] == "choice"
    assert frame["Do you?"].iloc[0] == "Yes, definitely"


def test_headings_alone_are_refused(save):
    with pytest.raises(ReadError, match="holds headings and no responses"):
        read_export(save("g.csv", GOOGLE.splitlines()[0] + "\n"))


def test_a_broken_sav_is_refused_in_words(save):
    for body in (b"$FL2 and nothing more", b"", b"not spss at all"):
        with pytest.raises(ReadError) as caught:
            read_export(save("x.sav", body))
        assert ": 'x.sav' is " in str(caught.value)
    with pytest.raises(ReadError, match=r"there is no file 'nowhere\.sav'"):
        read_export("nowhere.sav")


def test_questions_of_needs_an_export():
    import pandas as pd

    with pytest.raises(BadArgumentError, match="does not say which questions"):
        questions_of(pd.DataFrame())
