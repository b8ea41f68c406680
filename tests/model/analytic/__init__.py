"""Each rule against what can be computed by hand."""
