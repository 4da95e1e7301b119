"""Decides offline what IAM would answer, from the policies that stand in synthesized templates."""
