"""Who carries a conversation?

Two drivers, one blocking and one awaiting: wait, sign, send, and hand over what came.
"""

import time
from collections.abc import Generator
from typing import TypeVar, cast

from amplify_data_client._core.wire.messages import Failure, HttpRequest, Reply, Request
from amplify_data_client.options import CallOptions, Deadline

from .authorize import Endpoint, authorized, authorized_async
from .http.sender import AsyncSender, Sender
from .log import CallLog

T = TypeVar("T")
# AppSync itself gives up after 30 seconds: https://docs.aws.amazon.com/general/latest/gr/appsync.html
DEFAULT_TIMEOUT = 30.0


def run(steps: Generator[Request, Reply | Failure, T], endpoint: Endpoint, sender: Sender, call: CallOptions) -> T:
    """Carry a conversation to its end.

    `timeout` and `deadline` bound the whole of it: waits, retries, and a reply that drips.
    """
    options, log = endpoint.merged(call), CallLog()
    seconds = options.timeout or DEFAULT_TIMEOUT
    deadline, is_invocations = end_of(seconds, options.deadline)
    outcome: Reply | Failure | None = None
    result: T | None = None
    request = next(steps)
    try:
        while True:
            wait = jitter(request.wait_at_most)
            if time.monotonic() + wait >= deadline:
                outcome = Failure("timeout", TimeoutError("no time is left for another attempt"))
            else:
                log.attempt(request, outcome)
                if wait:
                    time.sleep(wait)
                headers = authorized(endpoint, options, request)
                outcome = sender.send(HttpRequest("POST", endpoint.config.endpoint, headers, request.body), deadline)
            outcome = timed(outcome, seconds, is_invocations=is_invocations)
            try:
                request = steps.send(outcome)
            except StopIteration as done:
                result = done.value
                return cast("T", result)
    finally:
        log.end(request, outcome, result)


async def run_async(
    steps: Generator[Request, Reply | Failure, T], endpoint: Endpoint, sender: AsyncSender, call: CallOptions
) -> T:
    """Carry a conversation to its end, awaiting."""
    import asyncio

    options, log = endpoint.merged(call), CallLog()
    seconds = options.timeout or DEFAULT_TIMEOUT
    deadline, is_invocations = end_of(seconds, options.deadline)
    outcome: Reply | Failure | None = None
    result: T | None = None
    request = next(steps)
    try:
        while True:
            wait = jitter(request.wait_at_most)
            if time.monotonic() + wait >= deadline:
                outcome = Failure("timeout", TimeoutError("no time is left for another attempt"))
            else:
                log.attempt(request, outcome)
                if wait:
                    await asyncio.sleep(wait)
                outcome = await _sent(endpoint, options, request, sender, deadline)
            outcome = timed(outcome, seconds, is_invocations=is_invocations)
            try:
                request = steps.send(outcome)
            except StopIteration as done:
                result = done.value
                return cast("T", result)
    finally:
        log.end(request, outcome, result)


async def _sent(
    endpoint: Endpoint, options: CallOptions, request: Request, sender: AsyncSender, deadline: float
) -> Reply | Failure:
    import asyncio

    scope = asyncio.timeout(deadline - time.monotonic())
    try:
        async with scope:  # a user's function for tokens or headers may wait for something
            headers = await authorized_async(endpoint, options, request)
    except TimeoutError as error:
        if not scope.expired():
            raise
        return Failure("timeout", error)
    return await sender.send(HttpRequest("POST", endpoint.config.endpoint, headers, request.body), deadline)


def end_of(timeout: float, deadline: Deadline | None) -> tuple[float, bool]:
    """Say when a call has to be over (of the monotonic clock), and whether that is because its invocation ends."""
    latest = time.monotonic() + timeout
    if deadline is None:
        return latest, False
    from amplify_data_client._io.lambda_runtime.deadline import earlier

    return earlier(deadline, latest)


def timed(outcome: Reply | Failure, seconds: float, *, is_invocations: bool) -> Reply | Failure:
    """Say of a failure what time it was that ran out, if time did: the invocation's, or so many seconds."""
    if isinstance(outcome, Failure):
        return outcome._replace(of_invocation=is_invocations, seconds=seconds)
    return outcome


def jitter(at_most: float) -> float:
    """Choose how long to wait: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/"""
    if not at_most:
        return 0.0
    # the system's: of a generator's state the copies of a snapshot, or forks, have one each, and would wait alike
    from random import SystemRandom

    return SystemRandom().uniform(0, at_most)
