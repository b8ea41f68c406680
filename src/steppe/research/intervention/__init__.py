"""Requests for intervention: the file of cases, the rule estimated on them, and its regression."""
