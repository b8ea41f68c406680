"""Published models of collective action, small enough to be checked."""
