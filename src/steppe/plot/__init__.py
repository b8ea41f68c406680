"""Figures for papers and notebooks, made with Matplotlib: ``run.plot``, ``pair.plot``, ..."""
