"""Resolves a client's configuration and credentials: reads what `config.resolution` asks for."""

import os
from collections.abc import Callable, Mapping
from contextlib import aclosing, closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

from amplify_data_client._core.wire import s3
from amplify_data_client._core.wire.aws import PROFILE_SETTINGS, ServiceContext
from amplify_data_client._core.wire.flow import Flow, expand
from amplify_data_client._core.wire.messages import LocalWork
from amplify_data_client._io.http.sender import AsyncSender, Sender, open_async_sender, open_sender
from amplify_data_client._io.lambda_runtime.gc_pause import GcPause
from amplify_data_client.config import resolution
from amplify_data_client.config.model import DataClientConfig, json_kind
from amplify_data_client.config.requests import (
    Asking,
    Environment,
    FindFile,
    Found,
    ReadFile,
    ReadObject,
    ReadParameters,
    Wanted,
)
from amplify_data_client.config.resolution import Given
from amplify_data_client.errors import ConfigurationError
from amplify_data_client.options import AuthMode, CallOptions, Deadline, is_invocation

from . import authorize, credentials, drive

if TYPE_CHECKING:
    from amplify_data_client._io.http.transport import AfterSend

# Lambda ends an initialisation after ten seconds, without a word: the error has to come before
TIMEOUT = 8.0
Outputs: TypeAlias = str | os.PathLike[str] | Mapping[str, Any]
NOTHING = Given()


class Resolved(NamedTuple):
    """What a client needs before it can call."""

    config: DataClientConfig
    credentials: credentials.Source


def get_amplify_data_client_config(
    env: Mapping[str, Any] | None = None,
    *,
    outputs: Outputs | None = None,
    endpoint: str | None = None,
    introspection: Outputs | None = None,
    profile: str | None = None,
    session: credentials.Session | None = None,
    region: str | None = None,
    auth_mode: AuthMode | str | None = None,
    api_key: str | None = None,
) -> DataClientConfig:
    """Make the configuration from what is given, the environment, or an amplify_outputs.json nearby.

    Args:
        env: The environment; `os.environ` where it is not given.
        outputs: The path of an amplify_outputs.json, or its content.
        endpoint: The API's GraphQL URL, in place of `outputs`.
        introspection: Beside `endpoint`: the path of a modelIntrospectionSchema.json, or its content. Without it the
            client has no models, only `graphql`.
        profile: An AWS profile; requests are then signed with its credentials.
        session: A boto3 or botocore session instead of a profile.
        region: Overrides what the endpoint, the environment or the session says.
        auth_mode: How to authorize by default, in place of what the configuration says.
        api_key: The API's key, in place of the configuration's; beside `endpoint` it makes "api_key" the default mode.

    Raises:
        ConfigurationError: There is no configuration, or it is incomplete or unusable.
        CredentialsError: The introspection is in S3, and there are no usable credentials to read it.
    """
    given = given_by(outputs, endpoint, introspection, region, auth_mode, api_key)
    api_key = None  # error reporters show what the frames of a traceback hold
    return _with_authorization(resolve(given=given, env=env, profile=profile, session=session).config, given)


async def get_async_amplify_data_client_config(
    env: Mapping[str, Any] | None = None,
    *,
    outputs: Outputs | None = None,
    endpoint: str | None = None,
    introspection: Outputs | None = None,
    profile: str | None = None,
    session: credentials.Session | None = None,
    region: str | None = None,
    auth_mode: AuthMode | str | None = None,
    api_key: str | None = None,
) -> DataClientConfig:
    """Make the configuration as `get_amplify_data_client_config` does, without blocking the event loop."""
    given = given_by(outputs, endpoint, introspection, region, auth_mode, api_key)
    api_key = None  # error reporters show what the frames of a traceback hold
    resolved = await resolve_async(given=given, env=env, profile=profile, session=session)
    return _with_authorization(resolved.config, given)


def given_by(
    outputs: Outputs | None,
    endpoint: str | None,
    introspection: Outputs | None,
    region: str | None,
    auth_mode: str | None,
    api_key: str | None,
) -> Given:
    """Hold what a caller gave, with paths as text."""
    paths = [os.fspath(one) if isinstance(one, os.PathLike) else one for one in (outputs, introspection)]
    return Given(paths[0], endpoint, paths[1], region, auth_mode, api_key)


def resolve(
    config: DataClientConfig | None = None,
    open_reader: Callable[[], Sender] = open_sender,
    after_send: "AfterSend | None" = None,
    *,
    given: Given = NOTHING,
    env: Mapping[str, Any] | None = None,
    profile: str | None = None,
    session: credentials.Session | None = None,
    deadline: Deadline | None = None,
) -> Resolved:
    """Give a factory all that it needs. Neither waits nor reads anything where the configuration is given.

    Args:
        open_reader: Opens what S3 and SSM are read with; it is closed afterwards.
        after_send: Work to do while S3 and SSM answer.
        given: What the caller gave to make the configuration of.
        deadline: Holds here too, unless it is a function: at the top of a module there is no invocation yet.
    """
    variables = Environment(os.environ if env is None else env)
    source = credentials.find(profile, session, variables)
    if config is not None:
        return Resolved(_adjusted(config, given, source), source)
    flow, services = _flow(variables, given, source, deadline), authorize.AwsServices(source)
    with closing(open_reader()) as reader:
        return Resolved(drive.run(flow, services, reader, after_send), source)


async def resolve_async(
    config: DataClientConfig | None = None,
    open_reader: Callable[[], AsyncSender] = open_async_sender,
    after_send: "AfterSend | None" = None,
    *,
    given: Given = NOTHING,
    env: Mapping[str, Any] | None = None,
    profile: str | None = None,
    session: credentials.Session | None = None,
    deadline: Deadline | None = None,
) -> Resolved:
    """Do as `resolve` without blocking the event loop."""
    variables = Environment(os.environ if env is None else env)
    source = credentials.find(profile, session, variables)
    if config is not None:
        return Resolved(_adjusted(config, given, source), source)
    flow, services = _flow(variables, given, source, deadline), authorize.AwsServices(source)
    async with aclosing(open_reader()) as reader:
        return Resolved(await drive.run_async(flow, services, reader, after_send), source)


def _adjusted(config: object, given: Given, source: credentials.Source) -> DataClientConfig:
    if not isinstance(config, DataClientConfig):
        raise ConfigurationError(
            f"config is {json_kind(config)}; give a DataClientConfig (get_amplify_data_client_config() makes one), or "
            "pass outputs='…' for an amplify_outputs.json."
        )
    if given.endpoint is not None or given.introspection is not None:
        raise ConfigurationError(
            "config= was given, and endpoint= or introspection= too. A configuration has both: leave one of them out."
        )
    changes: dict[str, Any] = {"region": given.region} if given.region else {}
    if source.is_chosen:
        changes["default_auth_mode"] = "iam"
    return replace(config, **changes) if changes else config


def _with_authorization(config: DataClientConfig, given: Given) -> DataClientConfig:
    if given.auth_mode is None and given.api_key is None:
        return config
    mode = cast("Any", given.auth_mode or config.default_auth_mode)
    return replace(config, default_auth_mode=mode, api_key=given.api_key or config.api_key)


def _flow(
    env: Environment, given: Given, source: credentials.Source, deadline: Deadline | None
) -> Flow[DataClientConfig]:
    options = CallOptions(timeout=TIMEOUT, deadline=deadline if is_invocation(deadline) else None)
    yield LocalWork(source.check)
    return (yield from expand(_resolution(env, given, source), partial(answer, ServiceContext(env, options), source)))


def _resolution(env: Environment, given: Given, source: credentials.Source) -> Asking[DataClientConfig]:
    if given.endpoint is None and given.introspection is None:
        return resolution.resolve(env, outputs=given.outputs, region=given.region, wants_iam=source.is_chosen)
    from amplify_data_client.config import endpoint  # a function in Lambda is not given one

    return endpoint.resolve(env, given, wants_iam=source.is_chosen)


def answer(context: ServiceContext, source: credentials.Source, wanted: Wanted) -> Flow[Any]:
    """Answer what the resolution of a configuration asks for: by requests to AWS, or by work on this machine."""
    if isinstance(wanted, ReadObject | ReadParameters):
        profile = yield LocalWork(partial(source.settings, PROFILE_SETTINGS))
        context = context._replace(profile=profile)
        if isinstance(wanted, ReadObject):
            return (yield from s3.read_object(wanted, context))
        from amplify_data_client._core.wire import ssm

        return (yield from ssm.read_parameters(wanted, context))
    if isinstance(wanted, ReadFile):
        return (yield LocalWork(partial(_read_file, wanted)))
    if isinstance(wanted, FindFile):
        return (yield LocalWork(partial(_find_file, wanted.name)))
    return (yield LocalWork(source.region))


def _read_file(wanted: ReadFile) -> bytes:
    try:
        with open(wanted.path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigurationError(
            f"{wanted.path} cannot be read: {reason}. Give the path of {wanted.what} (the working directory is "
            f"{os.getcwd()})."
        ) from error


def _find_file(name: str) -> Found:
    first = folder = os.getcwd()
    while True:
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return Found(path, first, folder)
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):  # a file in worktrees and submodules
            return Found(None, first, folder)
        folder = parent


def import_records() -> None:
    """Import what records are made of, pydantic above all, while S3 answers: its time is then not spent on waiting."""
    with GcPause():
        from amplify_data_client._core.records import record  # noqa: F401  # imported for later
