"""Karpenter node pools."""

from typing import Annotated, Literal

from pydantic import Field

from compute_plane.config.kubernetes_types import LabelKey, LabelValue, Name, Taint
from compute_plane.config.model import Model

_CAPACITY = Literal["reserved", "spot", "on-demand"]


class NodePoolConfig(Model):
    """One Karpenter NodePool; all pools share the plane's EC2NodeClass."""

    name: Name = Field(description="Unique in the environment.")
    capacity_types: list[_CAPACITY] = Field(
        min_length=1, description="Reserved is preferred to spot, spot to on-demand."
    )
    architectures: list[Literal["amd64", "arm64"]] = Field(default=["amd64"], min_length=1)
    instance_categories: list[Annotated[str, Field(pattern=r"^[a-z]+$")]] = Field(
        default=[], description="For example [c, m, r]; give categories or families."
    )
    instance_families: list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]] = Field(
        default=[], description="For example [g6, inf2]."
    )
    min_generation: int | None = Field(default=None, ge=1, le=20, description="Oldest instance generation allowed.")
    cpu_limit: int = Field(default=1000, gt=0, description="vCPUs this pool may reach.")
    memory_limit_gib: int = Field(default=4000, gt=0, description="Memory this pool may reach, GiB.")
    labels: dict[LabelKey, LabelValue] = Field(default={})
    taints: list[Taint] = Field(default=[])
    weight: int = Field(default=1, ge=1, le=100, description="Pools of higher weight are tried first.")
    expire_after_hours: int = Field(default=720, gt=0, description="Age at which a node is replaced.")
    consolidation: Literal["WhenEmpty", "WhenEmptyOrUnderutilized"] = Field(default="WhenEmptyOrUnderutilized")
    consolidate_after_seconds: int = Field(default=60, ge=0, description="Quiet time before consolidating.")
