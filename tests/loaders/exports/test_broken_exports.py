"""However an export is broken, it ends in a frame or in an error that says why."""

import warnings
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careerbench.errors import CareerBenchError
from careerbench.loaders import draft_mapping, load_redcap_dictionary, questions_of, read_export

SOUND = (
    b"Timestamp,Which year are you in?,What have you done?,Anything else?\n"
    b"2024/05/01,Year 3,A visit;A talk,I like dogs\n2024/05/01,Year 4,A talk,\n",
    b"Respondent ID,Collector ID,Pick,,Say\n,,Yes,No,Open-Ended Response\n1,2,Yes,,a\n2,2,,No,b\n",
    b"StartDate,EndDate,Status,Finished,ResponseId,Q1,Q2_1,Q2_2\n"
    b"Start Date,End Date,Response Type,Finished,Response ID,Jobs?,Done? - A,Done? - B\n"
    b"2024-05-01,2024-05-01,IP Address,True,R_1,Yes,A,B\n",
    b"ID,Start time,Completion time,Email,Name,Q\n1,5/1/24 9:00,5/1/24 9:04,x,,Yes;No;\n",
)


@st.composite
def broken(draw):
    body = bytearray(draw(st.sampled_from(SOUND)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(body) - 1, 0)))
        end = at + draw(st.integers(0, 12))
        body[at:end] = draw(
            st.sampled_from([b"", b"\n", b",", b'"', b";", b"\xff", b"\x00", b",,\n"])
        )
    return bytes(body)


@settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=broken(), kind=st.sampled_from([None, None, "qualtrics", "surveymonkey"]))
def test_a_broken_export_is_read_or_refused(tmp_path, body, kind):
    file = tmp_path / "export.csv"
    file.write_bytes(body)
    for read in (
        lambda: questions_of(read_export(file, kind)),
        lambda: draft_mapping(file, scale="pupil-careers", kind=kind),
        lambda: load_redcap_dictionary(file),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with suppress(CareerBenchError):
                read()
