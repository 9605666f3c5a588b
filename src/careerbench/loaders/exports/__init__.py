"""Survey exports as they come, and the mapping that makes them survey rows."""

from careerbench.loaders.exports.draft import draft_mapping
from careerbench.loaders.exports.mapping import SurveyMapping, load_mapping
from careerbench.loaders.exports.read import questions_of, read_export
from careerbench.loaders.exports.redcap import load_redcap_dictionary, redcap_choices

__all__ = [
    "SurveyMapping",
    "draft_mapping",
    "load_mapping",
    "load_redcap_dictionary",
    "questions_of",
    "read_export",
    "redcap_choices",
]
