"""Studies: many runs and what they answer together."""
