"""The ``careerbench`` command: one line a task, from a study's tables to what is handed on."""

from careerbench.cli.command import main

__all__ = ["main"]
