"""How protest goes on after its first days: thousands of landmarks, forecast and scored."""
