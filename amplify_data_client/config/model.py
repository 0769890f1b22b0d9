"""Holds what a client needs to know of its API, and checks it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from amplify_data_client.errors import ConfigurationError, OperationError
from amplify_data_client.options import AuthMode, read_auth_mode, shown


@dataclass(frozen=True, slots=True, repr=False)
class DataClientConfig:
    """Where the API is, how it is called by default, and its schema.

    Attributes:
        endpoint: The GraphQL URL.
        region: The AWS region that requests are signed for; None where none is known, and nothing is signed.
        model_introspection: The parsed JSON of Amplify's model introspection. None for a client without models.
        default_auth_mode: Holds where neither the client nor the call says otherwise.
        source: What the configuration was made from, for people.

    Raises:
        ConfigurationError: A value cannot be meant.
    """

    endpoint: str
    region: str | None = None
    model_introspection: Mapping[str, Any] | None = None
    default_auth_mode: AuthMode = "iam"
    api_key: str | None = None
    source: str = "config argument"

    def __post_init__(self) -> None:
        check_endpoint(self.endpoint, "endpoint")
        if self.model_introspection is not None:
            check_introspection(self.model_introspection, "model_introspection")
        if self.api_key is not None and not isinstance(self.api_key, str):
            raise ConfigurationError(f"api_key is {json_kind(self.api_key)}, not a string.")
        mode = check_auth_mode(self.default_auth_mode)
        is_text = isinstance(self.region, str) and re.fullmatch(r"[a-z0-9-]+", self.region)
        if not is_text and (self.region is not None or mode == "iam"):
            raise ConfigurationError(f"region is {self.region!r}; give the API's AWS region, such as 'eu-west-1'.")
        object.__setattr__(self, "default_auth_mode", mode)

    def __repr__(self) -> str:  # the API key is a secret, the JSON may have half a megabyte
        return (
            f"DataClientConfig(endpoint={self.endpoint!r}, region={self.region!r}, "
            f"default_auth_mode={self.default_auth_mode!r}, source={self.source!r})"
        )


# a name or address, and a port; no user, no password
_URL = re.compile(r"https?://(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]]+)(?::(\d{1,5}))?(?:[/?][^\s#]*)?")


def check_endpoint(value: object, where: str, expected: str = "") -> None:
    """Refuse what is not an http(s) URL, without showing it: it may be anything that was set by mistake."""
    expected = expected or "the API's GraphQL URL, such as https://<id>.appsync-api.<region>.amazonaws.com/graphql"
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{where} is {json_kind(value)}; expected {expected}.")
    found = _URL.fullmatch(value)
    if found is None or not value.isprintable() or int(found[1] or 0) > 65535:
        raise ConfigurationError(f"{where} is not a URL; expected {expected}.")


def check_auth_mode(value: object) -> AuthMode:
    """Give an authorization mode its schema spelling, or refuse it."""
    try:
        return read_auth_mode(value)
    except OperationError as error:
        raise ConfigurationError(f"default_{error}") from error


def check_introspection(value: object, where: str) -> None:
    """Refuse JSON that is not a model introspection of the version that this library reads."""
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{where} is {json_kind(value)}, expected a model introspection: {_EXPECTED}")
    refuse_other_files(value, where)
    if not isinstance(value.get("models"), Mapping):
        keys = ", ".join(sorted(map(repr, value))[:8]) or "no keys at all"
        found = f"'models' is {json_kind(value['models'])}" if "models" in value else f"it has {keys}"
        raise ConfigurationError(
            f"{where} is not a model introspection: it has no 'models' object, {found}. Expected {_EXPECTED}"
        )
    if value.get("version", 1) != 1:
        raise ConfigurationError(
            f"{where} has version {shown(value['version'])}; this library reads version 1. Look for a newer release "
            "of amplify-data-client."
        )


def refuse_other_files(value: Mapping[str, Any], where: str) -> None:
    """Refuse files of Amplify Gen 1, and the API's own GraphQL schema, which are easily taken for those of Gen 2."""
    marks = [mark for mark in _GEN_1 if mark in value]
    if isinstance(plugins := value.get("api"), Mapping) and "plugins" in plugins:
        marks.append("api.plugins")
    if isinstance(apis := value.get("API"), Mapping) and "GraphQL" in apis:
        marks.append("API.GraphQL")
    if marks:
        raise ConfigurationError(
            f"{where} is of Amplify Gen 1 (it has {marks[0]}); this client reads the files of Gen 2: "
            f"amplify_outputs.json and modelIntrospectionSchema.json. {_REWRITE}"
        )
    answer = value.get("data")
    if "__schema" in value or (isinstance(answer, Mapping) and "__schema" in answer):
        raise ConfigurationError(
            f"{where} is the API's GraphQL schema (it has __schema), which does not say what the models are. Give "
            f"Amplify's amplify_outputs.json or modelIntrospectionSchema.json. {_REWRITE}"
        )


def read_json(body: bytes, where: str) -> Any:
    """Parse JSON; a byte order mark is allowed.

    Raises:
        ConfigurationError: There is nothing, or no JSON, in it.
    """
    if not body.strip():
        raise ConfigurationError(f"{where} is empty. {_REWRITE}")
    try:
        return json.loads(body)  # detects the byte order mark of UTF-8, and UTF-16 and 32
    except (ValueError, RecursionError) as error:
        if b"aws_project_region" in body or b"aws_appsync_graphqlEndpoint" in body:
            raise ConfigurationError(
                f"{where} is JavaScript of Amplify Gen 1 (aws-exports.js); this client reads the amplify_outputs.json of "
                f"Gen 2. {_REWRITE}"
            ) from None
        # ValueError's own `doc` would carry the whole text along
        raise ConfigurationError(f"{where} ({len(body)} bytes) is not JSON: {_reason(error)}. {_REWRITE}") from None


def read_introspection(body: bytes, where: str) -> Mapping[str, Any]:
    """Parse a model introspection.

    Raises:
        ConfigurationError: It is something else.
    """
    value = read_json(body, where)
    check_introspection(value, where)
    return cast("Mapping[str, Any]", value)


def json_kind(value: object) -> str:
    """Say what a value is, as JSON has it, without showing it."""
    if isinstance(value, str):
        return "a string" if value else "empty"
    if isinstance(value, Mapping):
        return "an object"
    names = {list: "a list", type(None): "null", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), f"a {type(value).__name__}")


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


# aws-exports.js, amplifyconfiguration.json, what Amplify.configure() takes, and the schema that Gen 1 generates for DataStore
_GEN_1 = ("aws_appsync_graphqlEndpoint", "aws_project_region", "UserAgent", "codegenVersion")
_EXPECTED = (
    "a JSON object with 'version' and 'models'. Amplify writes it to modelIntrospectionSchema.json in the bucket of "
    "the data stack, and under data.model_introspection into amplify_outputs.json."
)
_REWRITE = "Deploy the backend again, or write the file again (npx ampx generate outputs)."
