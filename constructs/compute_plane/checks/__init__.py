"""The ComputePlane rule pack: the least-privilege rules of the documents, enforced at synthesis."""

from compute_plane.checks.acknowledgements import unused_acknowledgements
from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.pack import ComputePlaneChecks

__all__ = ["ComputePlaneChecks", "PlaneFacts", "unused_acknowledgements"]
