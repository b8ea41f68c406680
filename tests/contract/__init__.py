"""The published contract suite, over the model's own mechanisms and over broken ones."""
