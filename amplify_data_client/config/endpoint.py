"""Makes the configuration of an endpoint that the caller gave, with the schema beside it or without one."""

from collections.abc import Mapping
from typing import Any, cast

from amplify_data_client.errors import ConfigurationError

from . import regions
from .model import DataClientConfig, check_auth_mode, check_endpoint, check_introspection, json_kind, read_json
from .requests import Asking, Environment, ReadFile
from .resolution import Given

_FILE = "modelIntrospectionSchema.json"
_WRITES = f"the model introspection that Amplify writes ({_FILE} in the bucket of the data stack)"


def resolve(env: Environment, given: Given, *, wants_iam: bool) -> Asking[DataClientConfig]:
    """Make the configuration; the region is read from the endpoint's host where that is AppSync's own.

    Args:
        wants_iam: The caller brought AWS credentials of their own (a profile or session), so requests are signed.

    Raises:
        ConfigurationError: What was given does not go together or cannot be used, or requests would be signed and
            nothing names the region.
    """
    _check(given)
    endpoint = cast("str", given.endpoint)
    mode = check_auth_mode(given.auth_mode or (not wants_iam and given.api_key and "apiKey") or "iam")
    region = given.region or regions.of_endpoint(endpoint) or regions.of_environment(env)
    if region is None and mode == "iam":
        region = yield from regions.find(env, "the endpoint argument, which names none")
    introspection = None if given.introspection is None else (yield from _read(given.introspection))
    source = "endpoint argument" if introspection is None else "endpoint and introspection arguments"
    return DataClientConfig(endpoint, region, introspection, mode, given.api_key, source)


def _check(given: Given) -> None:
    if given.endpoint is None:
        raise ConfigurationError("introspection= goes with endpoint=: give the API's GraphQL URL too, or outputs=….")
    if given.outputs is not None:
        raise ConfigurationError(
            "endpoint= and outputs= were both given. An amplify_outputs.json names its endpoint: leave one of them out."
        )
    check_endpoint(given.endpoint, "endpoint")


def _read(introspection: object) -> Asking[Mapping[str, Any]]:
    if isinstance(introspection, str) and introspection.lstrip().startswith("{"):
        raise ConfigurationError(
            f"introspection is JSON text; give the path of a {_FILE}, or json.loads(…) of the text."
        )
    if isinstance(introspection, str):
        where = f"The model introspection at {introspection}"
        value = read_json((yield ReadFile(introspection, _WRITES)), where)
    elif isinstance(introspection, Mapping):
        where, value = "introspection argument", introspection
    else:
        raise ConfigurationError(
            f"introspection is {json_kind(introspection)}; give the path of a {_FILE}, or its content."
        )
    if isinstance(value, Mapping) and isinstance(data := value.get("data"), Mapping) and "model_introspection" in data:
        raise ConfigurationError(
            f"{where} is an amplify_outputs.json, which names the endpoint too: give it as outputs=…, without endpoint=."
        )
    check_introspection(value, where)
    return cast("Mapping[str, Any]", value)
