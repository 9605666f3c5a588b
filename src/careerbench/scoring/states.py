"""The states of a Benchmark, and the words for why there is none."""

ACHIEVED = "achieved"
PARTIAL = "partial"
NOT_ACHIEVED = "not achieved"
NOT_SCORED = "not scored"
STATES = (ACHIEVED, PARTIAL, NOT_ACHIEVED, NOT_SCORED)
"""Best first; ``not scored`` is no verdict on the school."""

NOTHING_APPLIES = "not applicable"
NOTHING_ANSWERED = "not answered"
ANSWERS_MISSING = "answers missing"
ANSWERED_TWICE = "answered twice"
"""Only where a lazy frame is scored: other frames with a repeated answer are refused."""
