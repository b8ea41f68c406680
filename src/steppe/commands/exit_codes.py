"""Exit codes: what a command tells the shell."""

DONE = 0
"""All that was asked is done."""

FAILED = 1
"""Some seeds failed, a stored run differs from its repetition, or nothing could be written."""

BAD_INPUT = 2
"""The case, an option or a name is wrong; nothing was run and nothing written."""

INTERRUPTED = 130
"""Stopped by the user; finished seeds are kept, the same command goes on from there."""
