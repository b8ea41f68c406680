"""Nowcasts: what comes next, given the figures and the history of a crisis up to a day."""
