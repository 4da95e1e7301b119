"""The names that CloudFormation makes up, as patterns.

A name is `<stack>-<logical id>-<random>`. One that would be too long loses the end of both halves: of what the random
part and its hyphen leave, the stack's name keeps half, rounded up.
"""

from collections.abc import Mapping
from typing import Any

RANDOM = 13
LONGEST = 128


def generated_name(row: Mapping[str, Any], stack: str, logical_id: str) -> str:
    """The pattern of the names that a resource without one of its own gets; every resource of the stack shares it."""
    if "generated" in row:
        return str(row["generated"]).replace("${LogicalId}", logical_id)
    kept = (row.get("longest", LONGEST) - RANDOM) // 2
    pattern = f"{stack}-*" if len(stack) <= kept else f"{stack[:kept]}*"
    return pattern.lower() if row.get("lower") else pattern
