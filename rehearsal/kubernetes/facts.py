"""What one control plane was like: its version, its time to be ready, its memory, and what it asked of webhooks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Facts:
    """One line of the report."""

    cluster: str
    version: str
    ready_seconds: float = 0.0
    peak_mib: dict[str, int] = field(default_factory=dict[str, int])
    webhooks: dict[str, int] = field(default_factory=dict[str, int])
    faults: list[str] = field(default_factory=list[str])

    def count_webhooks(self, asked: Iterable[str]) -> None:
        self.webhooks = dict(sorted(Counter(asked).items()))
