"""Verify the Signature Version 4 of a request.

Independent of the client's signer on purpose: each checks the other. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import datetime
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

from amplify_data_client.dev.local_backend.errors import RequestRefused
from amplify_data_client.dev.local_backend.messages import Request

from .identity import Role

ALGORITHM = "AWS4-HMAC-SHA256"
MAX_SKEW = datetime.timedelta(minutes=5)
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} +Credential=(?P<key>[^/,\s]+)/(?P<day>\d{{8}})/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)/aws4_request,"
    r" *SignedHeaders=(?P<names>[^,\s]+), *Signature=(?P<signature>[0-9a-f]{64})"
)
_INCOMPLETE = (
    "Authorization header requires existence of either a 'Credential', a 'SignedHeaders' or a 'Signature' parameter, "
    "and either a 'X-Amz-Date' or a 'Date' header."
)
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
_UNKNOWN = "The security token included in the request is invalid."
_SIGNED = ("x-amz-date", "x-amz-security-token")
_UNSIGNED = "There were headers present in the request which were not signed"


class Scope(NamedTuple):
    """The region and the service that a signature has to be made for."""

    region: str
    service: str


def verify(request: Request, roles: Mapping[str, Role], scope: Scope, now: datetime.datetime) -> Role:
    """Return the role that signed a request.

    Raises:
        RequestRefused: The signature is incomplete, of an unknown key, for another region or service, wrong, or too old.
    """
    found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", "").strip())
    stamp = request.headers.get("x-amz-date", "")
    if found is None or not re.fullmatch(r"\d{8}T\d{6}Z", stamp):
        raise RequestRefused(403, "IncompleteSignatureException", _INCOMPLETE)
    role = roles.get(found["key"])
    if role is None or request.headers.get("x-amz-security-token") != role.token:
        raise RequestRefused(403, "UnrecognizedClientException", _UNKNOWN)
    _check_scope(found, stamp, scope)
    names = found["names"].split(";")
    _check_names(request, names, scope.service)
    signed_scope = "/".join((found["day"], scope.region, scope.service, "aws4_request"))
    to_sign = "\n".join((ALGORITHM, stamp, signed_scope, _hash(canonical(request, names, scope.service).encode())))
    signature = hmac.new(_key(role.secret_key, signed_scope), to_sign.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature, found["signature"]):
        raise _invalid(_MISMATCH)
    _check_time(stamp, now)
    return role


def _check_scope(found: re.Match[str], stamp: str, scope: Scope) -> None:
    if found["region"] != scope.region and scope.service == "s3":
        message = f"The authorization header is malformed; the region '{found['region']}' is wrong; expecting '{scope.region}'"
        raise RequestRefused(400, "AuthorizationHeaderMalformed", message)
    if found["region"] != scope.region:
        raise _invalid(f"Credential should be scoped to a valid region, not '{found['region']}'. ")
    if found["service"] != scope.service:
        raise _invalid(f"Credential should be scoped to correct service: '{scope.service}'. ")
    if not stamp.startswith(found["day"]):
        raise _invalid(
            f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{stamp}'"
        )


def _check_names(request: Request, names: list[str], service: str) -> None:
    """Refuse a signature that does not cover the host, the time and the session token, or for S3 any x-amz- header."""
    if "host" not in names:
        raise _invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    needed = [name for name in request.headers if name in _SIGNED or (service == "s3" and name.startswith("x-amz-"))]
    if missing := [name for name in needed if name not in names]:
        raise RequestRefused(
            403,
            "AccessDenied" if service == "s3" else "InvalidSignatureException",
            f"{_UNSIGNED}: {', '.join(missing)}",
        )
    if names != sorted(set(names)):
        raise _invalid(_MISMATCH)


def _invalid(message: str) -> RequestRefused:
    return RequestRefused(403, "InvalidSignatureException", message)


def canonical(request: Request, names: list[str], service: str) -> str:
    """Write the canonical request."""
    path, _, query = request.target.partition("?")
    lines = [f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in names]
    declared = request.headers.get("x-amz-content-sha256")
    payload = declared if service == "s3" and declared else _hash(request.body)
    return "\n".join((request.method, _path(path, service), _query(query), *lines, "", ";".join(names), payload))


def _path(path: str, service: str) -> str:
    if service == "s3":
        return quote(unquote(path), safe="/-_.~")
    # every other service normalises the path and encodes it once more
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    end = "/" if kept and path.endswith("/") else ""
    return quote(f"/{'/'.join(kept)}{end}", safe="/-_.~")


def _query(query: str) -> str:
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    encoded = [(quote(unquote(name), safe="-_.~"), quote(unquote(value), safe="-_.~")) for name, value in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


def _check_time(stamp: str, now: datetime.datetime) -> None:
    try:
        signed = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    except ValueError:
        raise RequestRefused(403, "IncompleteSignatureException", _INCOMPLETE) from None
    latest, earliest = now + MAX_SKEW, now - MAX_SKEW
    if signed < earliest:
        message = (
            f"Signature expired: {stamp} is now earlier than {earliest:%Y%m%dT%H%M%SZ} ({now:%Y%m%dT%H%M%SZ} - 5 min.)"
        )
        raise _invalid(message)
    if signed > latest:
        message = f"Signature not yet current: {stamp} is still later than {latest:%Y%m%dT%H%M%SZ} ({now:%Y%m%dT%H%M%SZ} + 5 min.)"
        raise _invalid(message)


def _key(secret: str, scope: str) -> bytes:
    key = b"AWS4" + secret.encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
