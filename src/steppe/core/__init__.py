"""Foundations that know no politics: errors, parameters, clock, random numbers, responses."""
