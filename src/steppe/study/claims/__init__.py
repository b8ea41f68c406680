"""Judging the claims of a source text: arms that are run, numbers, decisions, and what flips them.

A verdict is a function of the claims file, the scenario, the seeds and the engine's version.
"""
