"""Reads the configuration from an `amplify_outputs.json`."""

from collections.abc import Mapping
from typing import Any

from amplify_data_client.errors import ConfigurationError
from amplify_data_client.options import AuthMode

from . import regions
from .model import DataClientConfig, check_endpoint, check_introspection, json_kind, refuse_other_files

_AUTH_MODES: dict[str, AuthMode] = {
    "AMAZON_COGNITO_USER_POOLS": "userPool",
    "API_KEY": "apiKey",
    "AWS_IAM": "iam",
    "OPENID_CONNECT": "oidc",
    "AWS_LAMBDA": "lambda",
}
_REMEDY = "Write it again: npx ampx sandbox, or npx ampx generate outputs --app-id <id> --branch <branch>."


def read(outputs: Any, where: str, region: str | None) -> DataClientConfig:
    """Make the configuration from the parsed JSON. `where` names it, in messages and as the configuration's source.

    Raises:
        ConfigurationError: It has no usable `data` section.
    """
    data = _data(outputs, where)
    endpoint = _required(data, "url", where)
    check_endpoint(endpoint, f"data.url in {where}")
    stated = _required(data, "aws_region", where)
    if "model_introspection" not in data:
        raise ConfigurationError(f"data in {where} has no model_introspection, which this client needs. {_REMEDY}")
    check_introspection(data["model_introspection"], f"data.model_introspection in {where}")
    return DataClientConfig(
        endpoint,
        region or regions.of_endpoint(endpoint) or stated,
        data["model_introspection"],
        default_auth_mode=_auth_mode(data, where),
        api_key=_api_key(data, where),
        source=where,
    )


def _data(outputs: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(outputs, Mapping):
        raise ConfigurationError(
            f"{where} is {json_kind(outputs)}, expected the JSON object of an amplify_outputs.json. {_REMEDY}"
        )
    refuse_other_files(outputs, where)
    version = outputs.get("version", "1")
    if not isinstance(version, str) or version.partition(".")[0] != "1":
        raise ConfigurationError(
            f"{where} has version {version!r}; this library reads version 1. Look for a newer release of it."
        )
    if "data" not in outputs:
        has = ", ".join(sorted(map(str, outputs))) or "nothing"
        raise ConfigurationError(
            f"{where} has no data section (it has {has}): its backend has no defineData, or the file is older than "
            f"that. {_REMEDY}"
        )
    data = outputs["data"]
    if not isinstance(data, Mapping):
        raise ConfigurationError(f"data in {where} is {json_kind(data)}, not an object. {_REMEDY}")
    return data


def _required(data: Mapping[str, Any], name: str, where: str) -> str:
    if name not in data:
        raise ConfigurationError(f"data in {where} has no {name}. {_REMEDY}")
    value = data[name]
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"data.{name} in {where} is {json_kind(value)}, expected a string. {_REMEDY}")
    return value


def _auth_mode(data: Mapping[str, Any], where: str) -> AuthMode:
    value = _required(data, "default_authorization_type", where)
    if value not in _AUTH_MODES:
        raise ConfigurationError(
            f"data.default_authorization_type in {where} is {value!r}; AppSync knows {', '.join(_AUTH_MODES)}. {_REMEDY}"
        )
    return _AUTH_MODES[value]


def _api_key(data: Mapping[str, Any], where: str) -> str | None:
    value = data.get("api_key")
    if value is not None and not isinstance(value, str):
        raise ConfigurationError(f"data.api_key in {where} is {json_kind(value)}, expected a string. {_REMEDY}")
    return value or None
