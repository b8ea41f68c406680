"""The engine: what can be stopped, shared, branched and measured without changing a bit."""
