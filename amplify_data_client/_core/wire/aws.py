"""Sends reading requests to AWS services, repeats them where that may help, and explains refusals."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from amplify_data_client.config.model import check_endpoint
from amplify_data_client.config.regions import service_host
from amplify_data_client.config.requests import Environment
from amplify_data_client.errors import ConfigurationError, CredentialsError
from amplify_data_client.options import DEFAULT, CallOptions

from .flow import RequestFlow
from .messages import Failure, Reply, Request, ServiceTarget
from .retry import Retry, is_about_clock, retry_after, with_server_time

T = TypeVar("T")
WAITS = (0.0, 0.2, 0.6)  # at most, before each attempt
PROFILE_SETTINGS = ("use_fips_endpoint", "use_dualstack_endpoint")


class AwsError(NamedTuple):
    """What a service says in refusing a request."""

    status: int
    code: str
    message: str


class ServiceContext(NamedTuple):
    """What says where AWS services are, the environment and the profile, and the options that bound the time."""

    env: Environment
    options: CallOptions = DEFAULT
    profile: Mapping[str, Any] = MappingProxyType({})


def fetch(
    operation: str, target: ServiceTarget, body: bytes, options: CallOptions, what: str, read: Callable[[Reply], T]
) -> RequestFlow[T]:
    """Send a request that only reads, repeat it where that may help, and read the reply.

    Args:
        operation: The request's name in the log.
        what: The request in words ("reading …"), for messages.

    Raises:
        ConfigurationError: No reply came.
    """
    request = Request(body, operation, options=options, target=target)
    answer = yield request
    for wait in WAITS[1:]:
        retry = _retry(answer, wait)
        if retry is None or (retry.server_time and request.server_time):
            break
        request = request.again(*retry)
        answer = yield request
    if isinstance(answer, Failure):
        raise ConfigurationError(_unreachable(target, what, answer)) from answer.error
    return read(answer)


def endpoint(context: ServiceContext, service: str, region: str) -> tuple[str, bool]:
    """Give the address of a service, and whether the environment has put something else in its place.

    Raises:
        ConfigurationError: What the environment and the profile say has no address, or no single one.
    """
    if not re.fullmatch(r"[a-z0-9-]+", region):
        raise ConfigurationError(f"{region!r} is not an AWS region; expected one such as 'eu-west-1'.")
    env = context.env
    fips, dual_stack = _is_on(context, "use_fips_endpoint"), _is_on(context, "use_dualstack_endpoint")
    names = (f"AWS_ENDPOINT_URL_{service.upper()}", "AWS_ENDPOINT_URL")
    name = next((name for name in names if env.get(name)), None)
    if name and str(env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")).lower() != "true":
        check_endpoint(env[name], name, "an address such as http://localhost:4566")
        if fips or dual_stack:
            setting = "AWS_USE_FIPS_ENDPOINT" if fips else "AWS_USE_DUALSTACK_ENDPOINT"
            raise ConfigurationError(
                f"{name} and {setting} (or its setting in the profile) are both set, and only one of them can say where "
                f"{service.upper()} is. Unset one."
            )
        return str(env[name]).rstrip("/"), True
    return f"https://{service_host(service, region, fips=fips, dual_stack=dual_stack)}", False


def _is_on(context: ServiceContext, setting: str) -> bool:
    # botocore's rules: the environment wins over the profile, and nothing but "true" is true
    value = context.env.get(f"AWS_{setting.upper()}")
    return str(context.profile.get(setting) if value is None else value).lower() == "true"


def refusal(error: AwsError, what: str, advice: Mapping[str, str]) -> ConfigurationError | CredentialsError:
    """Make the exception for a refused request. `advice` says what to do about the service's own codes."""
    said = f"{what} failed: {error.code or 'no code'} (HTTP {error.status})"
    said += f": {error.message[:300].rstrip('.')}." if error.message else "."
    if error.code in _CREDENTIALS:
        return CredentialsError(f"{said} {_CREDENTIALS[error.code]}")
    if error.code in advice:
        return ConfigurationError(f"{said} {advice[error.code]}")
    if error.status >= 500 or error.status == 429:
        return ConfigurationError(f"{said} It was tried {len(WAITS)} times; try again later.")
    return ConfigurationError(said)


def _retry(answer: Reply | Failure, wait: float) -> Retry | None:
    if isinstance(answer, Failure):
        return Retry(wait) if answer.kind != "timeout" else None
    if answer.status in (400, 403) and _is_about_clock(answer):
        return with_server_time(answer)
    is_throttled = answer.status == 400 and b"ThrottlingException" in answer.body  # JSON services throttle with 400
    is_temporary = is_throttled or answer.status >= 500 or answer.status == 429
    return Retry(wait, retry_after(answer)) if is_temporary else None


def _is_about_clock(reply: Reply) -> bool:
    text = reply.body[:10_000].decode("utf-8", "replace")
    if "<Code>RequestTimeTooSkewed</Code>" in text:  # S3's
        return True
    return any(map(is_about_clock, re.findall(r'"[Mm]essage"\s*:\s*"([^"]*)', text)))


def _unreachable(target: ServiceTarget, what: str, failure: Failure) -> str:
    host = target.url.split("/")[2]
    is_variant = "-fips." in host or ".dualstack." in host or ".api." in host
    variant = " AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT chose this host: not all regions have one."
    variant = variant if is_variant else ""
    happened = {
        "timeout": "no reply in the time left to the Lambda invocation"
        if failure.of_invocation
        else "no reply in time",
        "reply": "the connection was dropped before a reply had come",
    }.get(failure.kind, "no connection")
    return (
        f"{what} failed: {happened} from {host} ({type(failure.error).__name__}). Check the region and the network: a "
        f"function in a VPC needs a NAT gateway or a VPC endpoint for {target.service}, a machine behind a proxy its "
        f"settings. Check AWS_ENDPOINT_URL if it is set.{variant}"
    )


_STALE = "The AWS credentials have expired: sign in again (aws sso login), or let the session refresh them."
_WRONG = "The AWS credentials are not valid: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN."
_CLOCK = "Check this machine's clock: signed requests are good for five minutes."
_CREDENTIALS = {
    "ExpiredToken": _STALE,
    "ExpiredTokenException": _STALE,
    "TokenRefreshRequired": _STALE,
    "InvalidToken": _WRONG,
    "InvalidAccessKeyId": _WRONG,
    "InvalidClientTokenId": _WRONG,
    "UnrecognizedClientException": _WRONG,
    "SignatureDoesNotMatch": f"{_WRONG} {_CLOCK}",
    "InvalidSignatureException": f"{_WRONG} {_CLOCK}",
    "IncompleteSignatureException": _WRONG,
    "MissingAuthenticationTokenException": _WRONG,
    "RequestTimeTooSkewed": _CLOCK,
    "RequestExpired": _CLOCK,
}
