"""Other crises and requests for intervention: what was known before, and how well it foresees."""
