"""The app: what it says, whom it lets in, and the page in a real browser."""
