"""What a crisis is made of: columns of state, the mechanism contract, phases, and the rules."""
