"""Finds the programs of the control plane: in a folder that the user names, or where `build` has put them."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rehearsal.kubernetes.modules import cache_folder

COMPONENTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
NAMES = (*COMPONENTS, "kwok")
VARIABLES = ("KUBERNETES_BIN", "KUBEBUILDER_ASSETS")
HELPERS = ("setpriv",)


class NoControlPlane(Exception):
    """Programs are missing; the message says which, where, and how to get them."""


@dataclass(frozen=True)
class Programs:
    """A folder with every program of the control plane."""

    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / name

    def version(self) -> str:
        """The Kubernetes version that the API server says it is, for example 1.35.4."""
        said = subprocess.run([self.path("kube-apiserver"), "--version"], capture_output=True, text=True, check=True)
        found = re.fullmatch(r"Kubernetes v(\d+\.\d+\.\d+\S*)", said.stdout.strip())
        if found is None:
            raise NoControlPlane(f"{self.path('kube-apiserver')} does not say its version; it says {said.stdout!r}")
        return found[1]


def find(environment: Mapping[str, str] = os.environ) -> Programs:
    """The programs to run. Raises NoControlPlane unless all of them are there."""
    variable = next((name for name in VARIABLES if environment.get(name)), None)
    folder = Path(environment[variable]).absolute() if variable else cache_folder(environment)
    missing = [name for name in NAMES if not os.access(folder / name, os.X_OK)]
    if missing and variable:
        raise NoControlPlane(
            f"{variable}={folder} has no {', '.join(missing)}; a control plane needs {', '.join(NAMES)}. "
            f"Without {variable}, `make kubernetes` builds all of them."
        )
    if missing:
        raise NoControlPlane(
            f"no control plane in {folder}: run `make kubernetes` once (about 6 minutes on 2 cores), "
            f"or name a folder with {', '.join(NAMES)} in {' or '.join(VARIABLES)}."
        )
    if absent := [name for name in HELPERS if shutil.which(name) is None]:
        raise NoControlPlane(f"a control plane needs {', '.join(absent)} (of util-linux) on PATH")
    return Programs(folder)
