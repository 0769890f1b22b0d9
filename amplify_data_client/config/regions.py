"""Finds the AWS region of an endpoint or environment, and the hosts of a region's services."""

import re
from typing import NamedTuple

from amplify_data_client.errors import ConfigurationError

from .requests import Asking, AskRegion, Environment


class Partition(NamedTuple):
    """A group of regions with domains of its own; the second one is of dual-stack endpoints (S3's have the first)."""

    domain: str
    dual_stack_domain: str


# https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
_PARTITIONS = {
    "cn-": Partition("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "us-iso-": Partition("c2s.ic.gov", "api.aws.ic.gov"),
    "us-isob-": Partition("sc2s.sgov.gov", "api.aws.scloud"),
    "us-isof-": Partition("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    "eu-isoe-": Partition("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    "eusc-": Partition("amazonaws.eu", "api.amazonwebservices.eu"),
}
_AWS = Partition("amazonaws.com", "api.aws")


def service_host(service: str, region: str, *, fips: bool = False, dual_stack: bool = False) -> str:
    """Give the host of S3 or SSM in a region, as botocore has it.

    Raises:
        ConfigurationError: There is no such host.
    """
    partition = next((found for prefix, found in _PARTITIONS.items() if region.startswith(prefix)), _AWS)
    if service == "s3":
        if fips and region.startswith("cn-"):
            raise ConfigurationError(
                f"AWS_USE_FIPS_ENDPOINT (use_fips_endpoint in the profile) is set, but S3 has no FIPS endpoint in {region}."
            )
        name = f"s3{'-fips' if fips else ''}{'.dualstack' if dual_stack else ''}"
        return f"{name}.{region}.{partition.domain}"
    # in GovCloud the plain host is the FIPS one
    is_plain = not fips or (region.startswith("us-gov-") and not dual_stack)
    name = service if is_plain else f"{service}-fips"
    return f"{name}.{region}.{partition.dual_stack_domain if dual_stack else partition.domain}"


def of_endpoint(endpoint: str) -> str | None:
    """Read the region from AppSync's own host names; a custom domain has none."""
    found = re.match(r"https?://[^./]+\.appsync-api\.([a-z0-9-]+)\.[^/]", endpoint)
    return found and found[1]


def of_environment(env: Environment) -> str | None:
    """Read the region that Lambda, or the user, has set."""
    return env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or None


def find(env: Environment, what_for: str) -> Asking[str]:
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
