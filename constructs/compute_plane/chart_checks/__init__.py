"""Checks Helm values key by key, against real charts or against what is recorded of them: Helm ignores unknown keys."""
