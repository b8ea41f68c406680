"""Theories with known answers: pure functions of numbers, each file one literature.

Nothing here keeps state or reads files. Arithmetic is that of ``steppe.core.response``, so every
machine returns the same bits; mechanisms and studies call these functions, tests hold them to the
numbers their authors published.
"""
