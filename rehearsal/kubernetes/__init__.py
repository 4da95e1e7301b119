"""A real Kubernetes control plane on this machine: etcd, API server, controllers, scheduler, and kwok for the nodes.

`modules.py` and `build.py` make the programs, `control_plane.py` runs them. The other modules answer for what is
not there: the nodes' machines, EKS's authentication, and the pods that the API server itself calls.
"""
