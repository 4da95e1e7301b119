"""What EC2 instances are to Kubernetes: their capacity, and the labels by which Karpenter chooses among them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.cloudformation.errors import ResourceFailure

ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}
FAMILY = re.compile(r"(?P<category>[a-z]+?)(?P<generation>\d+)")
# With prefix delegation, addresses are no longer what limits pods: AWS's advice below 30 vCPUs.
MAXIMUM_PODS = 110
DISK = "50Gi"


@dataclass(frozen=True)
class Instance:
    """One instance type."""

    name: str
    architecture: str
    cpus: int
    memory_mib: int
    gpus: int
    gpu_name: str
    neurons: int

    @property
    def capacity(self) -> dict[str, str]:
        devices = {"nvidia.com/gpu": self.gpus, "aws.amazon.com/neuron": self.neurons}
        return {
            "cpu": str(self.cpus),
            "memory": f"{self.memory_mib}Mi",
            "pods": str(MAXIMUM_PODS),
            "ephemeral-storage": DISK,
            **{name: str(number) for name, number in devices.items() if number},
        }

    @property
    def allocatable(self) -> dict[str, str]:
        """What EKS's nodes leave to pods: CPU by a falling share of each core, memory by the number of pods."""
        reserved_cpu = sum(
            60 if core == 0 else 10 if core == 1 else 5 if core < 4 else 2.5 for core in range(self.cpus)
        )
        reserved_memory = 255 + 11 * MAXIMUM_PODS + 100
        cpu, memory = int(self.cpus * 1000 - reserved_cpu), self.memory_mib - reserved_memory
        return {**self.capacity, "cpu": f"{cpu}m", "memory": f"{max(memory, 0)}Mi"}

    @property
    def labels(self) -> dict[str, str]:
        """What a kubelet and the cloud provider say of a node."""
        return {
            "kubernetes.io/arch": self.architecture,
            "kubernetes.io/os": "linux",
            "node.kubernetes.io/instance-type": self.name,
        }

    @property
    def karpenter_labels(self) -> dict[str, str]:
        """Karpenter's well-known labels that follow from the type alone."""
        family, _, size = self.name.partition(".")
        found = FAMILY.match(family)
        gpu = {
            "karpenter.k8s.aws/instance-gpu-count": str(self.gpus),
            "karpenter.k8s.aws/instance-gpu-manufacturer": "nvidia",
            "karpenter.k8s.aws/instance-gpu-name": self.gpu_name.lower().replace(" ", "-"),
        }
        return {
            "karpenter.k8s.aws/instance-category": found["category"] if found else family,
            "karpenter.k8s.aws/instance-generation": found["generation"] if found else "0",
            "karpenter.k8s.aws/instance-family": family,
            "karpenter.k8s.aws/instance-size": size,
            "karpenter.k8s.aws/instance-cpu": str(self.cpus),
            "karpenter.k8s.aws/instance-memory": str(self.memory_mib),
            **(gpu if self.gpus else {}),
        }


def instance(facts: Mapping[str, Any]) -> Instance:
    """An instance type from what DescribeInstanceTypes says of it."""
    gpus = [each for each in facts.get("GpuInfo", {}).get("Gpus", []) if each.get("Manufacturer") == "NVIDIA"]
    architectures = facts["ProcessorInfo"]["SupportedArchitectures"]
    return Instance(
        name=str(facts["InstanceType"]),
        architecture=next((ARCHITECTURES[each] for each in architectures if each in ARCHITECTURES), "other"),
        cpus=int(facts["VCpuInfo"]["DefaultVCpus"]),
        memory_mib=int(facts["MemoryInfo"]["SizeInMiB"]),
        gpus=sum(each["Count"] for each in gpus),
        gpu_name=str(gpus[0]["Name"]) if gpus else "",
        neurons=sum(each["Count"] for each in facts.get("NeuronInfo", {}).get("NeuronDevices", [])),
    )


class Catalogue:
    """The instance types that exist, by name; moto has EC2's table."""

    def __init__(self, facts: Mapping[str, Mapping[str, Any]]) -> None:
        self._facts = facts

    @classmethod
    def of_moto(cls) -> "Catalogue":
        from moto.ec2.models.instance_types import INSTANCE_TYPES

        return cls(INSTANCE_TYPES)

    def get(self, name: str) -> Instance:
        if name not in self._facts:
            raise ResourceFailure(f"[{name}] is not a valid instance type.")
        return instance(self._facts[name])

    def all(self) -> list[Instance]:
        """Every type that can be a node, smallest first."""
        usable = [facts for facts in self._facts.values() if not facts.get("BareMetal")]
        return sorted(map(instance, usable), key=lambda one: (one.cpus, one.memory_mib, one.name))
