"""What ``docs/generate.py`` writes: reference pages, the ODD+D protocol, the diagram."""
