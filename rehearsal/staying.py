"""Leaves a rehearsed plane running, and says how to reach it."""

import shlex
import signal
from collections.abc import Mapping

from rich.console import Console

from rehearsal.kubectl import Kubectl
from rehearsal.sandbox import Sandbox
from rehearsal.stand_in import StandIn


def stay(console: Console, sandbox: Sandbox, stand_in: StandIn, environment: Mapping[str, str]) -> None:
    """Write a file to source, print how to use it, and wait for Ctrl-C."""
    (cluster,) = stand_in.state()["clusters"]
    kubectl = Kubectl.of(sandbox, stand_in, cluster)
    variables = {key: value for key, value in environment.items() if key.startswith("AWS_")}
    variables["KUBECONFIG"] = str(kubectl.kubeconfig)
    programs = ":".join(str(program.parent) for program in kubectl.programs.values())
    lines = [f"export {key}={shlex.quote(value)}" for key, value in variables.items()]
    file = sandbox.folder / "env.sh"
    file.write_text("\n".join([*lines, f'export PATH="{programs}:$PATH"', ""]))
    console.print(f"\nThe plane is running. In another shell:\n\n  source {file}", soft_wrap=True)
    console.print("  kubectl get nodepools\n  helm list --all-namespaces\n  aws cloudformation list-stacks\n")
    console.print("Ctrl-C ends it.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print("\nending")
