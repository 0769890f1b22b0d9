"""Finds the AWS region of an endpoint or environment, and the domain of a region's partition."""

import re

from amplify_data_client.errors import ConfigurationError

from .requests import Asking, AskRegion, Environment

# https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
_SUFFIXES = {
    "cn-": "amazonaws.com.cn",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
    "eu-isoe-": "cloud.adc-e.uk",
    "eusc-": "amazonaws.eu",
}


def dns_suffix(region: str) -> str:
    """Give the domain of the partition that the region is in."""
    return next((suffix for prefix, suffix in _SUFFIXES.items() if region.startswith(prefix)), "amazonaws.com")


def of_endpoint(endpoint: str) -> str | None:
    """Read the region from AppSync's own host names; a custom domain has none."""
    found = re.match(r"https?://[^./]+\.appsync-api\.([a-z0-9-]+)\.[^/]", endpoint)
    return found and found[1]


def of_environment(env: Environment) -> str | None:
    """Read the region that Lambda, or the user, has set."""
    return env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or None


def ask(env: Environment, what_for: str) -> Asking[str]:
    """Find the region in the environment, or in the AWS session or profile.

    Raises:
        ConfigurationError: Nothing names a region.
    """
    region = of_environment(env) or (yield AskRegion())
    if not region:
        raise ConfigurationError(
            f"No AWS region is known for {what_for}: neither AWS_REGION nor AWS_DEFAULT_REGION is set, and the AWS "
            "session or profile names none. Set AWS_REGION or pass region='…'."
        )
    return str(region)
