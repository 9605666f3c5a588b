"""Outside tables in, checked: the only room that opens outside files."""

from careerbench.loaders.activities import load_activities
from careerbench.loaders.audits import load_audits
from careerbench.loaders.exports import (
    draft_mapping,
    load_mapping,
    load_redcap_dictionary,
    questions_of,
    read_export,
)
from careerbench.loaders.links import load_links
from careerbench.loaders.privacy_key import make_study_key
from careerbench.loaders.problems import Problems, RowProblemsError, problems_of
from careerbench.loaders.read import read_table, source_of
from careerbench.loaders.schools import load_schools
from careerbench.loaders.surveys import explain_missing, load_free_text, load_survey

__all__ = [
    "Problems",
    "RowProblemsError",
    "draft_mapping",
    "explain_missing",
    "load_activities",
    "load_audits",
    "load_free_text",
    "load_links",
    "load_mapping",
    "load_redcap_dictionary",
    "load_schools",
    "load_survey",
    "make_study_key",
    "problems_of",
    "questions_of",
    "read_export",
    "read_table",
    "source_of",
]
