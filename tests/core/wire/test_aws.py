"""Where AWS services are: as botocore's own endpoint resolver has it, in all regions of all partitions."""

from itertools import product
from typing import Any

import botocore
import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError
from botocore.session import Session

from amplify_data_client import ConfigurationError
from amplify_data_client._core.wire import aws, s3
from amplify_data_client._core.wire.aws import ServiceContext
from amplify_data_client._core.wire.messages import Failure, ServiceTarget

# the oldest botocore that is allowed knows fewer regions, and other hosts for some of them
TODAYS_REGIONS = pytest.mark.skipif(
    tuple(map(int, botocore.__version__.split(".")[:2])) < (1, 40), reason="botocore's own list of hosts is an old one"
)
LOADER = Session().get_component("data_loader")
PARTITIONS = LOADER.load_data("partitions")
RESOLVERS = {
    service: EndpointProvider(LOADER.load_service_model(service, "endpoint-rule-set-1"), PARTITIONS)
    for service in ("s3", "ssm")
}
# "aws-global" and its like are no regions that anything is deployed to
REGIONS = [
    region
    for partition in PARTITIONS["partitions"]
    for region in partition["regions"]
    if not region.endswith("-global")
]
FIPS, DUAL_STACK = "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"


def botocores(service: str, region: str, *, fips: bool, dual_stack: bool, **more: Any) -> str | None:
    """The address that botocore resolves; None where it says that there is none."""
    try:
        resolved = RESOLVERS[service].resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual_stack, **more)
    except EndpointProviderError:
        return None
    return str(resolved.url)


def ours(address: Any, *arguments: Any) -> str | None:
    try:
        found = address(*arguments)
    except ConfigurationError as error:
        return None if "no FIPS endpoint" in str(error) else str(error)
    return str(found)


@TODAYS_REGIONS
def test_botocore_knows_regions_of_all_partitions():
    assert len(REGIONS) > 40
    assert {region.rpartition("-")[0].rpartition("-")[0] for region in REGIONS} > {"cn", "us-gov", "us-iso", "eusc-de"}


@TODAYS_REGIONS
@pytest.mark.parametrize(("fips", "dual_stack"), list(product([False, True], repeat=2)))
def test_every_region_has_botocores_hosts(fips: bool, dual_stack: bool):
    context = ServiceContext({FIPS: str(fips).lower(), DUAL_STACK: str(dual_stack).lower()})
    for region in REGIONS:
        theirs = botocores("ssm", region, fips=fips, dual_stack=dual_stack)
        assert ours(lambda region=region: aws.endpoint(context, "ssm", region)[0]) == theirs
        for bucket in ("a-bucket", "a.bucket"):
            wanted = {
                "Bucket": bucket,
                "ForcePathStyle": False,
                "Accelerate": False,
                "UseGlobalEndpoint": False,
                "DisableMultiRegionAccessPoints": False,
                "UseArnRegion": False,
            }
            theirs = botocores("s3", region, fips=fips, dual_stack=dual_stack, **wanted)
            expected = None if theirs is None else f"{theirs}/k"
            assert ours(s3.object_url, bucket, "k", region, context) == expected


@pytest.mark.parametrize(
    ("env", "profile", "is_fips"),
    [
        ({}, {}, False),
        ({FIPS: "true"}, {}, True),
        ({FIPS: "TRUE"}, {}, True),
        ({FIPS: "1"}, {}, False),
        ({FIPS: ""}, {"use_fips_endpoint": True}, False),
        ({FIPS: "false"}, {"use_fips_endpoint": True}, False),
        ({}, {"use_fips_endpoint": True}, True),
        ({}, {"use_fips_endpoint": False}, False),
        ({FIPS: "true"}, {"use_fips_endpoint": False}, True),
    ],
)
def test_the_environment_wins_over_the_profile(env: Any, profile: Any, is_fips: bool):
    host, _ = aws.endpoint(ServiceContext(env, profile=profile), "ssm", "us-west-2")
    assert ("-fips" in host) is is_fips


@pytest.mark.parametrize("setting", [FIPS, DUAL_STACK])
def test_an_address_of_ones_own_and_a_variant_exclude_each_other_as_in_botocore(setting: str):
    own = {"AWS_ENDPOINT_URL_SSM": "http://localhost:4566", setting: "true"}
    with pytest.raises(ConfigurationError, match=f"AWS_ENDPOINT_URL_SSM and {setting}.*Unset one"):
        aws.endpoint(ServiceContext(own), "ssm", "us-west-2")
    with pytest.raises(EndpointProviderError):
        RESOLVERS["ssm"].resolve_endpoint(
            Region="us-west-2", UseFIPS=setting == FIPS, UseDualStack=setting == DUAL_STACK, Endpoint="http://own"
        )
    ignored = {**own, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
    assert aws.endpoint(ServiceContext(ignored), "ssm", "us-west-2")[0].startswith("https://ssm")


def test_a_host_that_a_setting_chose_is_told_when_it_cannot_be_reached():
    for host, is_told in (("ssm-fips.eu-west-1.amazonaws.com", True), ("ssm.eu-west-1.amazonaws.com", False)):
        target = ServiceTarget("ssm", "eu-west-1", "POST", f"https://{host}/", {})
        flow = aws.fetch("ssm:GetParameters", target, b"", ServiceContext({}).options, "Reading", lambda reply: reply)
        next(flow)
        with pytest.raises(ConfigurationError) as caught:
            flow.send(Failure("timeout", TimeoutError()))
        assert ("AWS_USE_FIPS_ENDPOINT" in str(caught.value)) is is_told
