"""Reads the configuration from the variables that Amplify gives a function.

A value may be a placeholder: then AMPLIFY_SSM_ENV_CONFIG names the SSM parameter that holds it. JavaScript functions
get a shim that reads those before the function starts; for Python ones this module does.
"""

import json
from typing import Any, NamedTuple

from amplify_data_client.errors import ConfigurationError

from . import regions
from .model import DataClientConfig, check_endpoint, read_introspection
from .prefix import variable_prefix
from .requests import Asking, Environment, ReadObject, ReadParameters

PLACEHOLDER = "<value will be resolved during runtime>"
DEFAULT_NAME = "AMPLIFY_DATA_DEFAULT_NAME"
SSM_CONFIG = "AMPLIFY_SSM_ENV_CONFIG"
_BUCKET = "_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME"
_KEY = "_MODEL_INTROSPECTION_SCHEMA_KEY"
_ENDPOINT = "_GRAPHQL_ENDPOINT"
_SUFFIXES = (_BUCKET, _KEY, _ENDPOINT)
_NAMES_A_CALL = 10  # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html

WIRING = (
    "In an Amplify backend, allow.resource(fn) on the schema gives the variables to Node.js functions only; a Python "
    f"function needs them wired: connectData(backend.data, backend.<function>) names them in {SSM_CONFIG}; or set "
    f"{DEFAULT_NAME} and its three variables by hand. See docs/lambda.md."
)


class Parameter(NamedTuple):
    """Where SSM keeps a variable: for this branch, and for all branches of the app."""

    path: str
    shared_path: str | None = None


def is_set(env: Environment) -> bool:
    """Whether the environment says anything about a data API, however incomplete."""
    return any(env[name] and _is_telling(name) for name in env) or any(map(_is_telling, _mentioned(env)))


def resolve(env: Environment, region: str | None) -> Asking[DataClientConfig]:
    """Make the configuration from the environment, with the introspection read from S3.

    Raises:
        ConfigurationError: A variable is missing or malformed, or what it names cannot be used.
    """
    parameters = _parameters(env)
    values = {name: env[name] for name in env if _concerns_data(name)}
    if hidden := _hidden(values, parameters):
        ssm_region = region or (yield from regions.find(env, f"the SSM parameters that {SSM_CONFIG} names"))
        values |= yield from read_parameters(hidden, ssm_region)
    prefix = _prefix(values, parameters)
    bucket, key, endpoint = _require([prefix + suffix for suffix in _SUFFIXES], values, parameters)
    check_endpoint(endpoint, prefix + _ENDPOINT)
    region = region or regions.of_endpoint(endpoint) or (yield from regions.find(env, prefix + _ENDPOINT))
    body = yield ReadObject(bucket, key, region)
    introspection = read_introspection(body, f"The object {key!r} in the S3 bucket {bucket!r}")
    return DataClientConfig(endpoint, region, introspection, source=f"environment ({prefix}_…)")


def read_parameters(wanted: dict[str, Parameter], region: str) -> Asking[dict[str, str]]:
    """Read variables from SSM. What is not at its own path is looked up at the shared one, if there is one."""
    paths = [parameter.path for parameter in wanted.values()]
    values = yield from _read_paths(paths, region)
    shared = [at.shared_path for at in wanted.values() if at.path not in values and at.shared_path]
    # connectData gives both paths the same name: asking for it once more would change nothing
    values |= yield from _read_paths([path for path in shared if path not in paths], region)
    found = ((name, values.get(at.path, values.get(at.shared_path or ""))) for name, at in wanted.items())
    return {name: value for name, value in found if value is not None}


def _read_paths(paths: list[str], region: str) -> Asking[dict[str, str]]:
    once = list(dict.fromkeys(paths))  # JavaScript's shim loses the second variable of a path that is there twice
    values: dict[str, str] = {}
    for start in range(0, len(once), _NAMES_A_CALL):
        values |= yield ReadParameters(tuple(once[start : start + _NAMES_A_CALL]), region)
    return values


def _hidden(values: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Parameter]:
    """Say which variables have to be read from SSM. What is set by hand stays (JavaScript's shim overwrites it)."""

    def is_hidden(name: str) -> bool:
        return name in parameters and values.get(name) in (None, "", PLACEHOLDER)

    if is_hidden(DEFAULT_NAME):
        # which variables belong to the default API is not known yet: asking for all of them saves a round trip
        names = [name for name in parameters if _concerns_data(name)]
    else:
        prefix = variable_prefix(_text(values.get(DEFAULT_NAME)) or "")
        names = [prefix + suffix for suffix in _SUFFIXES]
    return {name: _parameter(name, parameters[name]) for name in names if is_hidden(name)}


def _parameters(env: Environment) -> dict[str, Any]:
    text = env.get(SSM_CONFIG)
    if text in (None, ""):
        return {}
    try:
        parameters = json.loads(text)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{SSM_CONFIG} is not JSON ({error}). Amplify writes it; leave it as it is.") from None
    if not isinstance(parameters, dict):
        raise ConfigurationError(f"{SSM_CONFIG} is not a JSON object. Amplify writes it; leave it as it is.")
    return parameters


def _parameter(name: str, entry: Any) -> Parameter:
    path, shared = (entry.get("path"), entry.get("sharedPath")) if isinstance(entry, dict) else (None, None)
    if not isinstance(path, str) or not path or not isinstance(shared, str | None):
        raise ConfigurationError(
            f'{SSM_CONFIG} has no usable entry for {name}; expected {{"path": "/…"}}. Amplify writes it; '
            "leave it as it is."
        )
    return Parameter(path, shared or None)


def _prefix(values: dict[str, Any], parameters: dict[str, Any]) -> str:
    # JavaScript turns a missing name into an empty prefix, and takes _GRAPHQL_ENDPOINT and the two others
    if DEFAULT_NAME not in values and all(_text(values.get(suffix)) for suffix in _SUFFIXES):
        return ""
    return variable_prefix(*_require([DEFAULT_NAME], values, parameters))


def _require(names: list[str], values: dict[str, Any], parameters: dict[str, Any]) -> list[str]:
    found = {name: text for name in names if (text := _text(values.get(name)))}
    missing = [_describe(name, values, parameters) for name in names if name not in found]
    if missing:
        others = sorted(name for name in values if _is_telling(name) and name not in (*names, DEFAULT_NAME))
        about = "whose first words are made from that name" if names == [DEFAULT_NAME] else "which are not of that name"
        hint = f" It has {', '.join(others)}, {about}." if others else ""
        raise ConfigurationError(f"The environment lacks {', '.join(missing)}. {_meaning(names)}{hint} {WIRING}")
    return list(found.values())


def _meaning(names: list[str]) -> str:
    if names == [DEFAULT_NAME]:
        return f"{DEFAULT_NAME} is the name of the data resource ('amplifyData' unless the backend says otherwise)."
    return f"The first words of these names are made from the data resource's name in {DEFAULT_NAME}."


def _describe(name: str, values: dict[str, Any], parameters: dict[str, Any]) -> str:
    if name in parameters:
        return f"{name} (SSM has no parameter {_parameter(name, parameters[name]).path!r})"
    if values.get(name) == PLACEHOLDER:
        return f"{name} (it holds the placeholder {PLACEHOLDER!r}, and {SSM_CONFIG} does not name it)"
    return f"{name} (it is not a string)" if values.get(name) not in (None, "") else name


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value not in ("", PLACEHOLDER) else None


def _concerns_data(name: str) -> bool:
    return name == DEFAULT_NAME or name.endswith(_SUFFIXES)


def _is_telling(name: str) -> bool:
    """Whether only Amplify gives this name: anybody may have an X_GRAPHQL_ENDPOINT."""
    is_amplifys = name.startswith("AMPLIFY_DATA") and name.endswith(_ENDPOINT)
    return is_amplifys or name == DEFAULT_NAME or name.endswith((_BUCKET, _KEY))


def _mentioned(env: Environment) -> dict[str, Any]:
    # the usual "{}" is not worth parsing, and a malformed one matters only if it may be about data
    text = env.get(SSM_CONFIG)
    is_telling = isinstance(text, str) and any(name in text for name in (DEFAULT_NAME, _BUCKET, _KEY))
    return _parameters(env) if is_telling else {}
