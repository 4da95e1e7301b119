"""The steps of a rehearsal: a command of the CDK CLI, and what must be true after it."""

import json
from pathlib import Path
from typing import Any

from compute_plane.config.environment import EnvironmentConfig
from rehearsal import expectations as expect
from rehearsal.cdk import Cdk
from rehearsal.expectations import Mismatch
from rehearsal.faults import Faults
from rehearsal.live import Live
from rehearsal.sandbox import Sandbox
from rehearsal.stand_in import StandIn
from rehearsal.variations import CHANGEABLE, with_chart_value, without_protection

LAYERS = ("network", "cluster", "data", "addons")
KEPT = ("Retain", "RetainExceptOnCreate", "Snapshot")


class Steps:
    """Each step returns what it saw, in one line, or raises Mismatch."""

    def __init__(
        self,
        cdk: Cdk,
        stand_in: StandIn,
        live: Live,
        sandbox: Sandbox,
        config: EnvironmentConfig,
        account: str,
        file: Path,
    ) -> None:
        self._cdk, self._stand_in, self._live, self._sandbox = cdk, stand_in, live, sandbox
        self._config, self._account, self._file = config, account, file
        self._stacks = [config.names.stack(layer) for layer in LAYERS]
        self._changed_addon = next((name for name in CHANGEABLE if name in config.addon_settings), None)
        self._faults = Faults(cdk, stand_in, sandbox, config, self._changed_addon)

    def bootstrap(self) -> str:
        expect.succeeded(self._cdk.bootstrap(self._account, self._config.region, file=self._file))
        expect.stacks_are(self._stand_in.state(), {"CDKToolkit": "CREATE_COMPLETE"})
        self._live.take()
        return "CDKToolkit is there"

    def deploy(self) -> str:
        expect.succeeded(self._cdk.deploy("deploy", file=self._file))
        return self._all_created()

    def redeploy(self) -> str:
        """Named resources that were retained are taken in again, not made a second time."""
        expect.succeeded(self._cdk.deploy("redeploy", file=self._file))
        return self._all_created()

    def deploy_again(self) -> str:
        self._live.take()
        expect.succeeded(self._cdk.deploy("deploy-again", file=self._file))
        expect.nothing_happened(self._live.take())
        return "no resource was touched"

    def change_chart_value(self) -> str:
        addon = self._changed_addon
        if addon is None:
            return f"skipped: the environment has none of {', '.join(CHANGEABLE)}"
        self._file = with_chart_value(self._file, self._sandbox.folder / "changed.yaml", addon=addon, value="changed")
        self._live.take()
        expect.succeeded(self._cdk.deploy("change", file=self._file))
        expect.one_upgrade(self._live.take())
        expect.revision_is(self._objects(), addon, 2)
        return f"one Helm upgrade: {addon} is at revision 2"

    def refused_destroy(self) -> str:
        expect.failed(self._cdk.destroy("refused-destroy", file=self._file), saying="TerminationProtection")
        stacks = self._stand_in.state()["stacks"]
        if missing := [name for name in self._stacks if name not in stacks]:
            raise Mismatch(f"a protected plane lost {missing}")
        return "refused, and all stacks are there"

    def unprotect(self) -> str:
        self._file = without_protection(self._file, self._sandbox.folder / "unprotected.yaml")
        expect.succeeded(self._cdk.deploy("unprotect", file=self._file))
        return "protection is off"

    def destroy(self) -> str:
        expect.succeeded(self._cdk.destroy("destroy", file=self._file))
        return self._nothing_left()

    def failing_create(self) -> str:
        return self._faults.failing_create(self._file)

    def failing_change(self) -> str:
        return self._faults.failing_change(self._file)

    def replacement(self) -> str:
        return self._faults.replacement(self._file)

    def left_over_load_balancer(self) -> str:
        detail = self._faults.left_over_load_balancer(self._file)
        return f"{detail}; {self._nothing_left()}"

    def _all_created(self) -> str:
        state = self._stand_in.state()
        expect.stacks_are(state, dict.fromkeys(self._stacks, "CREATE_COMPLETE"))
        expect.nothing_missing(state)
        self._live.take()
        return f"{', '.join(self._stacks)} are complete"

    def _nothing_left(self) -> str:
        self._live.take()
        retained = self._retained_types()
        expect.only_retained_is_left(self._stand_in.state(), retained)
        return f"nothing is left but {', '.join(retained) or 'nothing'}"

    def _retained_types(self) -> list[str]:
        """What the synthesized templates keep; the journal of the stand-in must agree."""
        types: set[str] = set()
        for template in (self._sandbox.folder / "cdk.out").glob("*.template.json"):
            resources: dict[str, Any] = json.loads(template.read_text())["Resources"]
            types |= {each["Type"] for each in resources.values() if each.get("DeletionPolicy") in KEPT}
        return sorted(types)

    def _objects(self) -> list[dict[str, Any]]:
        return self._stand_in.objects(self._config.name)
