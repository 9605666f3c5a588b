"""Results made safe: one release that can be sliced every way and subtracted no way."""

from careerbench.disclosure.release import ALL, Release, open_release

__all__ = ["ALL", "Release", "open_release"]
