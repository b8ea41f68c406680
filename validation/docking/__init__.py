"""Long comparisons with published models and other programs; run one with ``python -m``."""
