"""From a scenario and a seed to a trajectory, hour by hour."""
