"""One folder's tables, framework and waves, opened, checked and sliced as one thing."""

from careerbench.panel import Wave
from careerbench.study.sample import write_sample
from careerbench.study.slices import select
from careerbench.study.study import Study, Survey, open_study

__all__ = ["Study", "Survey", "Wave", "open_study", "select", "write_sample"]
