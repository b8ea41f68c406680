"""Sources that several parameters share."""

SEARCH = (
    "coarse search with a prototype on figures of Kazakhstan 2022, so not independent of that case"
)
"""Where the starting values of the citizen layer come from; they are not estimates."""
