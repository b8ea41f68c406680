"""The law of crises learnt from runs: likelihoods, importance-weighted EM, forecasts."""
