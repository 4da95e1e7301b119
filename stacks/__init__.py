"""One thin stack for each layer."""
