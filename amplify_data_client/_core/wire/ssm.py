"""Reads parameters from SSM with one signed POST."""

import json
from typing import Any

from amplify_data_client.config.requests import ReadParameters
from amplify_data_client.errors import ConfigurationError

from .aws import AwsError, ServiceContext, endpoint, fetch, refusal
from .flow import RequestFlow
from .messages import Reply, ServiceTarget

_HEADERS = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonSSM.GetParameters"}
_GRANT = (
    "Grant the function ssm:GetParameters on these parameters: connectData(backend.data, backend.<function>) does, "
    "allow.resource(fn) alone does so only for Node.js functions. See docs/lambda.md."
)
_ADVICE = {
    "AccessDeniedException": _GRANT,
    "AccessDenied": _GRANT,
    "InvalidKeyId": "The KMS key of a secure parameter cannot be used: grant the function kms:Decrypt on it.",
}


def read_parameters(wanted: ReadParameters, context: ServiceContext) -> RequestFlow[dict[str, str]]:
    """Read the values of those parameters that exist.

    Raises:
        ConfigurationError: They may not be read.
        CredentialsError: The credentials are not valid.
    """
    what = f"Reading from SSM in {wanted.region} ({', '.join(wanted.paths)})"

    def read(reply: Reply) -> dict[str, str]:
        content = _content(reply)
        if reply.status != 200:
            raise refusal(_error(reply.status, content), what, _ADVICE)
        try:
            return {found["Name"]: found["Value"] for found in content["Parameters"]}
        except (KeyError, TypeError):
            raise ConfigurationError(
                f"{what} failed: the reply is not SSM's. Check AWS_ENDPOINT_URL if it is set."
            ) from None

    url, _ = endpoint(context, "ssm", wanted.region)
    target = ServiceTarget("ssm", wanted.region, "POST", f"{url}/", _HEADERS)
    body = json.dumps({"Names": wanted.paths, "WithDecryption": True}).encode()
    return fetch("ssm:GetParameters", target, body, context.options, what, read)


def _content(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except ValueError:
        return None


def _error(status: int, content: Any) -> AwsError:
    if not isinstance(content, dict):
        return AwsError(status, "", "")
    # as in com.amazonaws.ssm#AccessDeniedException:http://…
    code = str(content.get("__type") or content.get("code") or "").rpartition("#")[2].partition(":")[0]
    return AwsError(status, code, str(content.get("message") or content.get("Message") or ""))
