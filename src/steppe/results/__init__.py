"""Trajectories: what a run left, the store that keeps it, and exports for other programs."""
