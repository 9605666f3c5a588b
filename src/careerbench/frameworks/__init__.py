"""What schools are judged against and what people are asked, kept as TOML."""

from careerbench.frameworks.compare import FrameworkDiff, diff
from careerbench.frameworks.crosswalk import (
    Crosswalk,
    Link,
    find_crosswalk,
    list_crosswalks,
    load_crosswalk,
)
from careerbench.frameworks.draft import draft_framework
from careerbench.frameworks.model import AnswerScale, Benchmark, Criterion, Framework, Item
from careerbench.frameworks.registry import (
    list_frameworks,
    list_scales,
    load_framework,
    load_scale,
)
from careerbench.frameworks.rule import Rule
from careerbench.frameworks.survey_scale import SurveyItem, SurveyScale

__all__ = [
    "AnswerScale",
    "Benchmark",
    "Criterion",
    "Crosswalk",
    "Framework",
    "FrameworkDiff",
    "Item",
    "Link",
    "Rule",
    "SurveyItem",
    "SurveyScale",
    "diff",
    "draft_framework",
    "find_crosswalk",
    "list_crosswalks",
    "list_frameworks",
    "list_scales",
    "load_crosswalk",
    "load_framework",
    "load_scale",
]
