"""A production Amazon EKS compute plane, as constructs."""
