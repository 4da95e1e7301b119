"""boto3 clients of the rehearsal's own endpoint."""

import threading
from typing import Any


class Clients:
    """One client a service; creating them is not safe in parallel, using them is."""

    def __init__(self, endpoint: str, region: str) -> None:
        self._endpoint, self._region = endpoint, region
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        import boto3
        from botocore.config import Config

        with self._lock:
            if service not in self._clients:
                self._clients[service] = boto3.client(
                    service,
                    endpoint_url=self._endpoint,
                    region_name=self._region,
                    aws_access_key_id="rehearsal",
                    aws_secret_access_key="rehearsal",
                    config=Config(s3={"addressing_style": "path"}, proxies={}, max_pool_connections=50),
                )
            return self._clients[service]
