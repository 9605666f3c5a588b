"""Outside tables in, checked: the only room that opens outside files."""

from careerbench.loaders.activities import load_activities
from careerbench.loaders.audits import load_audits
from careerbench.loaders.labels import Labels, labels_of
from careerbench.loaders.links import load_links
from careerbench.loaders.problems import Problems, RowProblemsError, problems_of
from careerbench.loaders.read import read_table, source_of
from careerbench.loaders.schools import load_schools
from careerbench.loaders.surveys import load_survey

__all__ = [
    "Labels",
    "Problems",
    "RowProblemsError",
    "labels_of",
    "load_activities",
    "load_audits",
    "load_links",
    "load_schools",
    "load_survey",
    "problems_of",
    "read_table",
    "source_of",
]
