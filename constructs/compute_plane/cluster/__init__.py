"""The cluster layer."""
