"""Theories against the numbers their authors published."""
