"""The pages that look inside the first model's network."""
