"""How does a client come to its configuration and credentials?

Carries what `config.resolution` asks for: the decisions are there, and in the conversations of `s3` and `ssm`.
"""

import os
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import aclosing, closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar, cast

from amplify_data_client._core.wire import s3, sigv4, ssm
from amplify_data_client._core.wire.aws import Send
from amplify_data_client._core.wire.messages import HttpRequest
from amplify_data_client._io.copies import kept_from_snapshots
from amplify_data_client._io.http.sender import AsyncSender, Sender, open_async_sender, open_sender
from amplify_data_client._io.lambda_runtime.gc_pause import GcPause
from amplify_data_client.config import resolution
from amplify_data_client.config.model import DataClientConfig, json_kind
from amplify_data_client.config.requests import FindFile, Found, ReadFile, ReadObject, ReadParameters, Step, Steps
from amplify_data_client.errors import ConfigurationError
from amplify_data_client.options import Deadline, is_invocation

from . import authorize, credentials, drive

if TYPE_CHECKING:
    from amplify_data_client._io.http.transport import AfterSend

T = TypeVar("T")
# Lambda ends an initialisation after ten seconds, without a word: the error has to come before
TIMEOUT = 8.0
Outputs: TypeAlias = str | os.PathLike[str] | Mapping[str, Any]


class Locally(NamedTuple):
    """Work that may block, on this machine."""

    work: Callable[[], Any]


class Resolved(NamedTuple):
    """What a client needs before it can call."""

    config: DataClientConfig
    credentials: credentials.Source


Carried: TypeAlias = Generator[Send | Locally, Any, T]


def get_amplify_data_client_config(
    env: Mapping[str, Any] | None = None,
    *,
    outputs: Outputs | None = None,
    profile: str | None = None,
    session: credentials.Session | None = None,
    region: str | None = None,
) -> DataClientConfig:
    """Make the configuration from `outputs`, the environment, or an amplify_outputs.json nearby; the first one holds.

    Args:
        env: The environment; `os.environ` where it is not given.
        outputs: The path or the parsed content of an amplify_outputs.json.
        profile: An AWS profile; requests are then signed with its credentials.
        session: A boto3 or botocore session instead of a profile.
        region: Overrides what the endpoint, the environment or the session says.

    Raises:
        ConfigurationError: There is no configuration, or it is incomplete or unusable.
        CredentialsError: The introspection is in S3, and there are no usable credentials to read it.
    """
    return resolve(env=env, outputs=outputs, profile=profile, session=session, region=region).config


async def get_async_amplify_data_client_config(
    env: Mapping[str, Any] | None = None,
    *,
    outputs: Outputs | None = None,
    profile: str | None = None,
    session: credentials.Session | None = None,
    region: str | None = None,
) -> DataClientConfig:
    """Make the configuration as `get_amplify_data_client_config` does, without blocking the event loop."""
    resolved = await resolve_async(env=env, outputs=outputs, profile=profile, session=session, region=region)
    return resolved.config


def resolve(
    config: DataClientConfig | None = None,
    sender: Sender | None = None,
    *,
    env: Mapping[str, Any] | None = None,
    outputs: Outputs | None = None,
    profile: str | None = None,
    session: credentials.Session | None = None,
    region: str | None = None,
    deadline: Deadline | None = None,
) -> Resolved:
    """Give a factory all that it needs. Neither waits nor reads anything where the configuration is given.

    Args:
        sender: The client's own, so that the connection's TLS context is made once; a passing one where not given.
        deadline: Holds here too, unless it is a function: at the top of a module there is no invocation yet.
    """
    env = os.environ if env is None else env
    source = kept_from_snapshots(credentials.find(profile, session, env))
    if config is not None:
        return Resolved(_adjusted(config, region, source), source)
    carried = _carried(env, outputs, region, source)
    if sender is not None:
        return Resolved(_run(carried, source, sender, deadline, _learn_records), source)
    with closing(open_sender(None)) as passing:
        return Resolved(_run(carried, source, passing, deadline), source)


async def resolve_async(
    config: DataClientConfig | None = None,
    sender: AsyncSender | None = None,
    *,
    env: Mapping[str, Any] | None = None,
    outputs: Outputs | None = None,
    profile: str | None = None,
    session: credentials.Session | None = None,
    region: str | None = None,
    deadline: Deadline | None = None,
) -> Resolved:
    """Do as `resolve` without blocking the event loop."""
    env = os.environ if env is None else env
    source = kept_from_snapshots(credentials.find(profile, session, env))
    if config is not None:
        return Resolved(_adjusted(config, region, source), source)
    carried = _carried(env, outputs, region, source)
    if sender is not None:
        return Resolved(await _run_async(carried, source, sender, deadline, _learn_records), source)
    async with aclosing(open_async_sender(None)) as passing:
        return Resolved(await _run_async(carried, source, passing, deadline), source)


def _adjusted(config: object, region: str | None, source: credentials.Source) -> DataClientConfig:
    if not isinstance(config, DataClientConfig):
        raise ConfigurationError(
            f"config is {json_kind(config)}; give a DataClientConfig (get_amplify_data_client_config() makes one), or "
            "pass outputs='…' for an amplify_outputs.json."
        )
    changes: dict[str, Any] = {"region": region} if region else {}
    if source.is_chosen:
        changes["default_auth_mode"] = "iam"
    return replace(config, **changes) if changes else config


def _carried(
    env: Mapping[str, Any], outputs: Outputs | None, region: str | None, source: credentials.Source
) -> Carried[DataClientConfig]:
    given = os.fspath(outputs) if isinstance(outputs, os.PathLike) else outputs
    return _carry(resolution.resolve(env, outputs=given, region=region, wants_iam=source.is_chosen), env, source)


def _carry(steps: Steps[T], env: Mapping[str, Any], source: credentials.Source) -> Carried[T]:
    yield Locally(source.check)
    answer: Any = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            return cast("T", end.value)
        answer = yield from _answer(step, env, source)


def _answer(step: Step, env: Mapping[str, Any], source: credentials.Source) -> Carried[Any]:
    if isinstance(step, ReadObject):
        return (yield from s3.read_object(step, env))
    if isinstance(step, ReadParameters):
        return (yield from ssm.read_parameters(step, env))
    if isinstance(step, ReadFile):
        return (yield Locally(partial(_read_file, step.path)))
    if isinstance(step, FindFile):
        return (yield Locally(partial(_find_file, step.name)))
    return (yield Locally(source.region))


def _read_file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigurationError(
            f"{path} cannot be read: {reason}. Give the path of the amplify_outputs.json that npx ampx "
            f"sandbox, or npx ampx generate outputs, has written (the working directory is {os.getcwd()})."
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


def _run(
    steps: Carried[T],
    source: credentials.Source,
    sender: Sender,
    deadline: Deadline | None,
    after_send: "AfterSend | None" = None,
) -> T:
    end, is_invocations = _end(deadline)
    answer: Any = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as done:
            return cast("T", done.value)
        if isinstance(step, Locally):
            answer = step.work()
        else:
            time.sleep(_wait(step, end))
            headers = _sign(step, source.current())
            answer = sender.send(HttpRequest(step.method, step.url, headers, step.body), end, after_send)
            answer = drive.timed(answer, TIMEOUT, is_invocations=is_invocations)


async def _run_async(
    steps: Carried[T],
    source: credentials.Source,
    sender: AsyncSender,
    deadline: Deadline | None,
    after_send: "AfterSend | None" = None,
) -> T:
    import asyncio

    end, is_invocations = _end(deadline)
    answer: Any = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as done:
            return cast("T", done.value)
        if isinstance(step, Locally):
            answer = await asyncio.to_thread(step.work)
        else:
            await asyncio.sleep(_wait(step, end))
            headers = _sign(step, await source.current_async())
            answer = await sender.send(HttpRequest(step.method, step.url, headers, step.body), end, after_send)
            answer = drive.timed(answer, TIMEOUT, is_invocations=is_invocations)


def _learn_records() -> None:
    """Import what records are made of, pydantic above all, while S3 answers: its time is then not spent on waiting."""
    with GcPause():
        from amplify_data_client._core.records import record  # noqa: F401


def _end(deadline: Deadline | None) -> tuple[float, bool]:
    return drive.end_of(TIMEOUT, deadline if is_invocation(deadline) else None)


def _wait(step: Send, end: float) -> float:
    return min(drive.jitter(step.wait_at_most), max(0.0, end - time.monotonic()))


def _sign(step: Send, keys: sigv4.Credentials) -> dict[str, str]:
    now = datetime.now(UTC)
    headers = {**authorize.trace(), **step.headers}
    return sigv4.sign(step.method, step.url, headers, step.body, keys, step.region, step.service, now)
