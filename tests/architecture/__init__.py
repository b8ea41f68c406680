"""What the source as a whole keeps to."""
