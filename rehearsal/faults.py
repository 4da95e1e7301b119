"""What goes wrong, rehearsed: each fault must be told plainly and must leave a state from which one can go on."""

from pathlib import Path

from compute_plane.config.environment import EnvironmentConfig
from rehearsal import expectations as expect
from rehearsal.cdk import Cdk
from rehearsal.expectations import Mismatch
from rehearsal.kubectl import Kubectl
from rehearsal.sandbox import Sandbox
from rehearsal.stand_in import StandIn
from rehearsal.variations import with_chart_value, with_other_cidr

DENIAL = 'admission webhook "rehearsal.compute-plane" denied the request: this Deployment is refused on purpose'
SERVICE = "left-over"
LEFT_OVER = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": SERVICE, "namespace": "default"},
    "spec": {"type": "LoadBalancer", "ports": [{"port": 80}], "selector": {"app": SERVICE}},
}


class Faults:
    """Each method causes one fault, checks what came of it, and clears it away."""

    def __init__(
        self, cdk: Cdk, stand_in: StandIn, sandbox: Sandbox, config: EnvironmentConfig, addon: str | None
    ) -> None:
        self._cdk, self._stand_in, self._sandbox, self._config = cdk, stand_in, sandbox, config
        self._addon = addon
        self._addons_stack = config.names.stack("addons")

    def failing_create(self, file: Path) -> str:
        """A chart whose Deployment is refused: the stack rolls back, and Helm's own words reach the operator."""
        addon = self._needs_addon()
        self._stand_in.refuse(kind="Deployment", name=addon, message=DENIAL)
        run = self._cdk.deploy("failing-create", file=file)
        self._stand_in.accept_everything()
        expect.failed(run, saying="this Deployment is refused on purpose")
        expect.stacks_are(self._stand_in.state(), {self._addons_stack: "ROLLBACK_COMPLETE"})
        if self._config.protection:
            # The CLI deletes a stack that was never created before it tries again, and protection refuses that.
            self._stand_in.end_termination_protection(self._addons_stack, self._config.region)
        return f"{self._addons_stack} rolled back, saying: {DENIAL}"

    def failing_change(self, file: Path) -> str:
        """An upgrade that is refused: the old values are in force again."""
        addon = self._needs_addon()
        broken = with_chart_value(file, self._sandbox.folder / "refused.yaml", addon=addon, value="refused")
        self._stand_in.refuse(kind="Deployment", name=addon, message=DENIAL)
        run = self._cdk.deploy("failing-change", file=broken)
        self._stand_in.accept_everything()
        expect.failed(run, saying="this Deployment is refused on purpose")
        expect.stacks_are(self._stand_in.state(), {self._addons_stack: "UPDATE_ROLLBACK_COMPLETE"})
        values = self._kubectl().helm("get", "values", addon, "--namespace", self._namespace(addon), "--output", "json")
        if '"refused"' in values or '"changed"' not in values:
            raise Mismatch(f"the old values of {addon} should be in force, and these are: {values}")
        return f"{addon} has its old values again"

    def replacement(self, file: Path) -> str:
        """A change that would replace the VPC, which the other stacks read, is refused before anything happens."""
        moved = with_other_cidr(file, self._sandbox.folder / "moved.yaml")
        run = self._cdk.deploy("replacement", file=moved)
        expect.failed(run, saying="CidrBlock")
        return "a new address range for the VPC is refused, because other stacks read it"

    def left_over_load_balancer(self, file: Path) -> str:
        """A load balancer that the plane did not make keeps its subnets; destroy fails and names it."""
        kubectl = self._kubectl()
        kubectl.apply(LEFT_OVER)
        run = self._cdk.destroy("left-over", file=file)
        expect.failed(run, saying=SERVICE)
        found = [each["name"] for each in self._stand_in.state()["leftovers"]]
        if found != [SERVICE]:
            raise Mismatch(f"the left-over Service {SERVICE} should be reported, and these are: {found}")
        self._stand_in.forget_leftovers()
        expect.succeeded(self._cdk.destroy("left-over-cleared", file=file))
        return f"destroy failed and named Service {SERVICE}; cleared by hand, it ended"

    def _kubectl(self) -> Kubectl:
        return Kubectl.of(self._sandbox, self._stand_in, self._config.name)

    def _needs_addon(self) -> str:
        if self._addon is None:
            raise Mismatch("this fault needs an add-on with a chart")
        return self._addon

    def _namespace(self, addon: str) -> str:
        secrets = (each for each in self._stand_in.objects(self._config.name) if each["kind"] == "Secret")
        return next(
            each["metadata"]["namespace"]
            for each in secrets
            if (each["metadata"].get("labels") or {}).get("name") == addon
        )
