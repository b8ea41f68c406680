"""Laws and known answers of the model."""
