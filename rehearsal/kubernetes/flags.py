"""The command line of each component: the fewest flags with which it serves one machine."""

from pathlib import Path

SERVICES = "10.96.0.0/16"
PODS = "10.244.0.0/16"
# Sockets in the components' folder, so that no other server's etcd can be taken for ours; etcd wants a colon.
ETCD_CLIENTS, ETCD_PEERS = "unix://client:0", "unix://peer:0"
# The files that the control plane writes into the components' folder.
KUBECONFIG = "kubeconfig"
AUTHORITY = "authority.crt"
SERVING = ("server.crt", "server.key")
SERVICE_ACCOUNTS = "service-accounts.key"
ADMINISTRATORS = "administrators.csv"
TOKENS = "tokens.json"
EGRESS = "egress.json"


def etcd() -> list[str]:
    return [
        *("--data-dir", "etcd", "--unsafe-no-fsync", "--log-level", "warn"),
        *("--listen-client-urls", ETCD_CLIENTS, "--advertise-client-urls", ETCD_CLIENTS),
        *("--listen-peer-urls", ETCD_PEERS, "--initial-advertise-peer-urls", ETCD_PEERS),
        *("--initial-cluster", f"default={ETCD_PEERS}"),
    ]


def api_server(port: int) -> list[str]:
    certificate, key = SERVING
    return [
        *("--etcd-servers", ETCD_CLIENTS, "--bind-address", "127.0.0.1", "--secure-port", str(port)),
        *("--tls-cert-file", certificate, "--tls-private-key-file", key, "--cert-dir", "."),
        # Any address that is not a loopback one: without it the machine would need a default route.
        *("--advertise-address", "192.0.2.1", "--endpoint-reconciler-type", "none"),
        *("--service-cluster-ip-range", SERVICES, "--allow-privileged"),
        *("--service-account-issuer", "https://kubernetes.default.svc"),
        *("--service-account-key-file", SERVICE_ACCOUNTS, "--service-account-signing-key-file", SERVICE_ACCOUNTS),
        *("--authorization-mode", "RBAC", "--token-auth-file", ADMINISTRATORS, "--anonymous-auth=false"),
        *("--authentication-token-webhook-config-file", TOKENS, "--authentication-token-webhook-version", "v1"),
        # An access entry that is taken away counts at once, or nearly so.
        *("--authentication-token-webhook-cache-ttl", "1s"),
        # The server looks for a ready pod behind a webhook's Service before it calls: a wrong order fails as on EKS.
        *("--egress-selector-config-file", EGRESS, "--enable-aggregator-routing"),
    ]


def controllers() -> list[str]:
    return [
        *("--kubeconfig", KUBECONFIG, "--leader-elect=false", "--secure-port", "0"),
        *("--service-account-private-key-file", SERVICE_ACCOUNTS, "--root-ca-file", AUTHORITY),
        # It makes this folder, outside of ours if it is not told where.
        *("--flex-volume-plugin-dir", "volume-plugins"),
    ]


def scheduler() -> list[str]:
    return ["--kubeconfig", KUBECONFIG, "--leader-elect=false", "--secure-port", "0"]


def kwok(stages: Path) -> list[str]:
    # Without leases a node is NotReady after 50 seconds, and its pods are for good.
    leases = ("--node-lease-duration-seconds", "40")
    return ["--kubeconfig", KUBECONFIG, "--manage-all-nodes", *leases, "--cidr", PODS, "--config", str(stages)]
