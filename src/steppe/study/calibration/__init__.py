"""Calibration: which parameters could have made what was observed, and how sure one may be.

One Sobol design over the prior, every vector simulated with several seeds, and approximate
Bayesian computation on the table of summaries that the runs leave. Never one best vector.
"""
