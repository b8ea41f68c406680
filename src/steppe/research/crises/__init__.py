"""Crises the model was not fitted to: scenarios from what was known before, and their scores."""
