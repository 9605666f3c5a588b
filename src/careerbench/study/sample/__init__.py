"""A made-up study from a seed, in the shape of a real one."""

from careerbench.study.sample.build import write_sample

__all__ = ["write_sample"]
