"""Hypothesis keeps its notes outside the project: pytest refuses a folder of them in its root."""

import tempfile

from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(tempfile.mkdtemp(prefix="hypothesis-"))
