"""Decides which configuration holds: what was given, the environment, or a file nearby."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from amplify_data_client.errors import ConfigurationError

from . import environment
from .model import DataClientConfig, json_kind, read_json
from .requests import Asking, Environment, FindFile, Found, ReadFile

OUTPUTS_NAME = "amplify_outputs.json"


class Given:
    """Holds what a caller gave to make a configuration of. No tuple: error reporters look into those."""

    __slots__ = ("api_key", "auth_mode", "endpoint", "introspection", "outputs", "region")

    def __init__(
        self,
        outputs: str | Mapping[str, Any] | None = None,
        endpoint: str | None = None,
        introspection: str | Mapping[str, Any] | None = None,
        region: str | None = None,
        auth_mode: str | None = None,
        api_key: str | None = None,
    ) -> None:
        self.outputs, self.endpoint, self.introspection = outputs, endpoint, introspection
        self.region, self.auth_mode, self.api_key = region, auth_mode, api_key

    def __repr__(self) -> str:  # the key is a secret
        return f"<Given {', '.join(name for name in self.__slots__ if getattr(self, name) is not None)}>"


def resolve(
    env: Environment, *, outputs: str | Mapping[str, Any] | None, region: str | None, wants_iam: bool
) -> Asking[DataClientConfig]:
    """Decide between the outputs that were given, the environment and an outputs file nearby; the first one holds.

    Args:
        wants_iam: The caller brought AWS credentials of their own (a profile or session), so requests are signed.

    Raises:
        ConfigurationError: There is no configuration, or the first one is incomplete or unusable.
    """
    config = yield from _first(env, outputs, region)
    return replace(config, default_auth_mode="iam") if wants_iam else config


def _first(env: Environment, outputs: str | Mapping[str, Any] | None, region: str | None) -> Asking[DataClientConfig]:
    if outputs is not None:
        return (yield from _given(outputs, region))
    if environment.is_set(env):
        return (yield from environment.resolve(env, region))
    found: Found = yield FindFile(OUTPUTS_NAME)
    if found.path is None:
        raise ConfigurationError(_nothing(found))
    return (yield from _file(found.path, region))


def _given(outputs: str | Mapping[str, Any], region: str | None) -> Asking[DataClientConfig]:
    if isinstance(outputs, str) and outputs.lstrip().startswith("{"):
        raise ConfigurationError(
            f"outputs is JSON text; give the path of an {OUTPUTS_NAME}, or json.loads(…) of the text."
        )
    if isinstance(outputs, str):
        return (yield from _file(outputs, region))
    if isinstance(outputs, Mapping):
        return _read(outputs, "outputs argument", region)
    raise ConfigurationError(f"outputs is {json_kind(outputs)}; give the path of an {OUTPUTS_NAME} or its content.")


def _file(path: str, region: str | None) -> Asking[DataClientConfig]:
    where = f"{OUTPUTS_NAME} at {path}"
    return _read(read_json((yield ReadFile(path)), where), where, region)


def _read(value: Any, where: str, region: str | None) -> DataClientConfig:
    from .outputs import read  # a function in Lambda has no such file

    return read(value, where, region)


def _nothing(found: Found) -> str:
    names = f"{environment.DEFAULT_NAME} and its three variables, {environment.SSM_CONFIG}"
    return (
        f"No configuration of a data API was found. Looked at: the arguments (config, outputs); the environment "
        f"({names}); {OUTPUTS_NAME} in {found.first} and its parents up to {found.last}. "
        f"In a script: pass outputs='path/to/{OUTPUTS_NAME}' (npx ampx generate outputs writes it) or start it in the "
        f"project's folder. {environment.WIRING}"
    )
