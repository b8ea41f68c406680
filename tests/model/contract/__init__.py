"""What every mechanism promises, over the explicit list."""
