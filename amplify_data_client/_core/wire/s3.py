"""Reads an object from S3 with one signed GET.

A boto3 client would cost more than all the rest of a cold start.
"""

import re
from urllib.parse import quote

from amplify_data_client.config.requests import ReadObject
from amplify_data_client.errors import ConfigurationError

from .aws import AwsError, ServiceContext, endpoint, fetch, refusal
from .flow import RequestFlow
from .messages import Reply, ServiceTarget


def read_object(wanted: ReadObject, context: ServiceContext) -> RequestFlow[bytes]:
    """Read an object's bytes.

    Raises:
        ConfigurationError: There is no such object, or it may not be read.
        CredentialsError: The credentials are not valid.
    """
    what = f"Reading the model introspection from S3 (bucket {wanted.bucket!r}, key {wanted.key!r}, {wanted.region})"

    def read(reply: Reply) -> bytes:
        if reply.status == 200:
            return reply.body
        raise refusal(_error(reply), what, _advice(wanted, reply))

    url = object_url(wanted.bucket, wanted.key, wanted.region, context)
    target = ServiceTarget("s3", wanted.region, "GET", url, {})
    return fetch("s3:GetObject", target, b"", context.options, what, read)


def object_url(bucket: str, key: str, region: str, context: ServiceContext) -> str:
    """Give an object's address: the bucket is part of the host where S3 itself is asked, of the path elsewhere.

    Raises:
        ConfigurationError: No bucket can have this name.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]", bucket):
        raise ConfigurationError(
            f"{bucket!r} is not the name of an S3 bucket; check the variable that ends in "
            "_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME."
        )
    base, is_own = endpoint(context, "s3", region)
    # a wildcard certificate does not cover a name with dots
    in_path = is_own or "." in bucket or "_" in bucket
    where = f"{base}/{bucket}" if in_path else base.replace("://", f"://{bucket}.", 1)
    return f"{where}/{quote(key, safe='/~')}"


def _error(reply: Reply) -> AwsError:
    code = _element(reply.body, "Code") or {301: "PermanentRedirect", 403: "AccessDenied", 404: "NotFound"}.get(
        reply.status, ""
    )
    return AwsError(reply.status, code, _element(reply.body, "Message"))


def _element(body: bytes, name: str) -> str:
    # the other elements of an error quote the request, access key id and string to sign included
    found = re.search(rf"<{name}>([^<]*)</{name}>", body[:10_000].decode("utf-8", "replace"))
    return found[1].strip() if found else ""


def _advice(wanted: ReadObject, reply: Reply) -> dict[str, str]:
    moved = reply.headers.get("x-amz-bucket-region") or _element(reply.body, "Region")
    moved = f"The bucket is in {moved}" if moved else "The bucket is in another region"
    elsewhere = f"{moved}, the request was for {wanted.region}: pass region='…' or set AWS_REGION to the data's region."
    deploy = (
        "Deploy the backend again, check that it has a defineData in its defineBackend, and that the function and its "
        "data are of the same branch or sandbox."
    )
    grant = (
        "Grant the function access: allow.resource(fn) on the schema gives it s3:GetObject on this object. (S3 says "
        "the same of an object that is not there to a role that may not list the bucket.)"
    )
    return {
        "NoSuchKey": deploy,
        "NoSuchBucket": deploy,
        "NotFound": deploy,
        "AccessDenied": grant,
        "AllAccessDisabled": grant,
        "PermanentRedirect": elsewhere,
        "TemporaryRedirect": elsewhere,
        "AuthorizationHeaderMalformed": elsewhere,
        "IllegalLocationConstraintException": elsewhere,
    }
