"""Labels and taints, as Kubernetes accepts them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from compute_plane.config.model import Model

RESERVED_LABEL_DOMAINS = ("kubernetes.io", "k8s.io", "eks.amazonaws.com", "karpenter.sh", "karpenter.k8s.aws")
_LABEL_VALUE = r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$"
_LABEL_KEY = r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$"


def _not_reserved(key: str) -> str:
    """EKS and Karpenter refuse nodes whose labels lie in domains that Kubernetes keeps for itself."""
    domain = key.partition("/")[0] if "/" in key else ""
    if any(domain == reserved or domain.endswith("." + reserved) for reserved in RESERVED_LABEL_DOMAINS):
        raise ValueError(f"must not lie in a reserved domain ({', '.join(RESERVED_LABEL_DOMAINS)})")
    return key


Name = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
QualifiedName = Annotated[str, Field(pattern=_LABEL_KEY)]
LabelKey = Annotated[QualifiedName, AfterValidator(_not_reserved)]
LabelValue = Annotated[str, Field(pattern=_LABEL_VALUE)]


class Taint(Model):
    """Keeps pods that do not tolerate it off the nodes."""

    key: QualifiedName = Field(description="Taint key, for example `nvidia.com/gpu`.")
    value: LabelValue = Field(default="", description="Taint value; empty when the key says it all.")
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = Field(
        description="What happens to pods that do not tolerate the taint."
    )
