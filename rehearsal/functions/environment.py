"""The environment variables of one invocation: Lambda's own, the function's, and the way back to us."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rehearsal.functions.archives import programs
from rehearsal.functions.function import Function
from rehearsal.identities import SECRET_KEY, access_key

LOOPBACK = "localhost,127.0.0.1,::1"


@dataclass(frozen=True)
class Surroundings:
    """What every function of this rehearsal gets; `extra` sends chart downloads to the mirror."""

    endpoint: str
    response_url: str
    region: str
    node_path: str = ""
    extra: Mapping[str, str] = field(default_factory=dict[str, str])


def environment(function: Function, surroundings: Surroundings, folder: Path, request_id: str) -> dict[str, str]:
    """Everything that the process sees; nothing of this process but PATH is passed on."""
    path = [str(program) for layer in function.layers for program in programs(layer)]
    modules = [str(layer / "nodejs" / "node_modules") for layer in function.layers]
    libraries = [str(layer / "python") for layer in function.layers]
    return {
        **surroundings.extra,
        "NO_PROXY": LOOPBACK,
        "no_proxy": LOOPBACK,
        "PATH": os.pathsep.join([*path, os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": os.pathsep.join(libraries),
        "NODE_PATH": os.pathsep.join([*modules, surroundings.node_path]),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "TEST_OUTDIR": str(folder),  # where CDK's kubectl handler works; it would share /tmp otherwise
        "LANG": "en_US.UTF-8",
        "LAMBDA_TASK_ROOT": str(function.code),
        "_HANDLER": function.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mib),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": request_id,
        "AWS_REGION": surroundings.region,
        "AWS_DEFAULT_REGION": surroundings.region,
        "AWS_ACCESS_KEY_ID": access_key(function.role),
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": "rehearsal",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": surroundings.endpoint,
        "REHEARSAL_RESPONSE_URL": surroundings.response_url,
        "REHEARSAL_FUNCTION_ARN": function.arn,
        "REHEARSAL_REQUEST_ID": request_id,
        "REHEARSAL_TIMEOUT": str(function.timeout_seconds),
        **function.environment,
    }
