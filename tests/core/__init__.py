"""Laws and known answers of the foundations."""
