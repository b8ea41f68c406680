"""Published models beside ours: source, expectation, tolerance and seeds are said in each test."""
