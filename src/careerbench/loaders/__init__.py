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
from careerbench.loaders.labels import Labels, labels_of
from careerbench.loaders.links import load_links
from careerbench.loaders.privacy_key import make_study_key
from careerbench.loaders.problems import Problems, RowProblemsError, problems_of
from careerbench.loaders.published.benchmarks import (
    load_benchmark_headlines,
    load_national_benchmarks,
)
from careerbench.loaders.published.deprivation import load_deprivation
from careerbench.loaders.published.ees import load_ees
from careerbench.loaders.published.neet import load_neet
from careerbench.loaders.published.occupations import load_soc_index
from careerbench.loaders.published.performance import load_performance, load_performance_schools
from careerbench.loaders.published.screening.screen import screen_ees
from careerbench.loaders.read import read_table, source_of
from careerbench.loaders.schools import load_schools
from careerbench.loaders.surveys import explain_missing, load_free_text, load_survey

__all__ = [
    "Labels",
    "Problems",
    "RowProblemsError",
    "draft_mapping",
    "explain_missing",
    "labels_of",
    "load_activities",
    "load_audits",
    "load_benchmark_headlines",
    "load_deprivation",
    "load_ees",
    "load_free_text",
    "load_links",
    "load_mapping",
    "load_national_benchmarks",
    "load_neet",
    "load_performance",
    "load_performance_schools",
    "load_redcap_dictionary",
    "load_schools",
    "load_soc_index",
    "load_survey",
    "make_study_key",
    "problems_of",
    "questions_of",
    "read_export",
    "read_table",
    "screen_ees",
    "source_of",
]
