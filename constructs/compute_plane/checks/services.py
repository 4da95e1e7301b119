"""Which service a principal is, however its name is spelled: by partition, by region, in capitals."""

from __future__ import annotations

import re
from functools import lru_cache

REGION = r"(?:<aws::region>|[a-z]{2}(?:-[a-z]+)+-\d)"
DOMAIN = r"(?:amazonaws\.com(?:\.cn)?|<aws::urlsuffix>)"
SERVICE = re.compile(rf"(?P<name>[a-z0-9-]+(?:\.[a-z0-9-]+)*?)(?:\.{REGION})?\.{DOMAIN}")


@lru_cache(maxsize=1024)
def service_of(principal: str) -> str | None:
    """`ec2` for `ec2.amazonaws.com.cn` and `EC2.<AWS::URLSuffix>`; None for what is no name of a service."""
    found = SERVICE.fullmatch(principal.lower())
    return found["name"] if found else None
