"""Secrets and ConfigMaps that pods name: there, promised by a controller, or missing."""

from typing import Any

import pytest

from rehearsal.kubernetes.missing import missing


def made(kind: str, name: str, **content: Any) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": name, "namespace": "web"}, **content}


def pod(**spec: Any) -> dict[str, Any]:
    return made("Pod", "web-1", spec={"containers": [{"name": "main"}], **spec})


def environment(**source: Any) -> dict[str, Any]:
    return pod(containers=[{"name": "main", "env": [{"name": "PASSWORD", "valueFrom": source}]}])


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (pod(volumes=[{"name": "tls", "secret": {"secretName": "tls"}}]), "Secret tls (volume tls)"),
        (pod(volumes=[{"name": "conf", "configMap": {"name": "conf"}}]), "ConfigMap conf (volume conf)"),
        (
            pod(volumes=[{"name": "all", "projected": {"sources": [{"secret": {"name": "one"}}]}}]),
            "Secret one (volume all)",
        ),
        (environment(secretKeyRef={"name": "db", "key": "password"}), "Secret db key password (env PASSWORD)"),
        (
            pod(initContainers=[{"name": "init", "envFrom": [{"configMapRef": {"name": "conf"}}]}]),
            "ConfigMap conf (envFrom of init)",
        ),
    ],
)
def test_what_is_missing_is_named_with_its_place(one: dict[str, Any], line: str) -> None:
    assert missing([one]) == [f"web/web-1 names {line}, and nobody makes it"]


def test_a_secret_without_the_key_is_missing_too() -> None:
    one = environment(secretKeyRef={"name": "db", "key": "password"})

    assert missing([one, made("Secret", "db", data={"password": "eA=="})]) == []
    assert missing([one, made("Secret", "db", data={"user": "eA=="})]) != []


@pytest.mark.parametrize(
    "promise",
    [
        made("Secret", "db"),
        made("ExternalSecret", "db", spec={}),
        made("ExternalSecret", "any", spec={"target": {"name": "db"}}),
        made("Certificate", "any", spec={"secretName": "db"}),
    ],
)
def test_what_is_there_or_promised_is_not_missing(promise: dict[str, Any]) -> None:
    one = pod(volumes=[{"name": "db", "secret": {"secretName": "db"}}])
    elsewhere = {**promise, "metadata": {**promise["metadata"], "namespace": "other"}}

    assert missing([one, promise]) == []
    assert missing([one, elsewhere]) != []


def test_optional_references_may_be_missing() -> None:
    volume = {"name": "tls", "secret": {"secretName": "tls", "optional": True}}

    assert missing([pod(volumes=[volume])]) == []


def test_the_owner_is_named_once_for_all_its_pods() -> None:
    one = pod(volumes=[{"name": "tls", "secret": {"secretName": "tls"}}])
    one["metadata"]["ownerReferences"] = [{"name": "web-5f6"}]
    other = {**one, "metadata": {**one["metadata"], "name": "web-2"}}

    assert missing([one, other]) == ["web/web-5f6 names Secret tls (volume tls), and nobody makes it"]
