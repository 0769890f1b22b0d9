"""Runs flows of requests: two drivers, one blocking and one awaiting, that wait, authorize and send.

Everything that takes requests is such a flow: a call, an upsert, a relation, a batch, and the configuration.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from amplify_data_client._core.wire.flow import Flow
from amplify_data_client._core.wire.messages import Failure, LocalWork, Reply, Request
from amplify_data_client.errors import is_unsent, mark_unsent
from amplify_data_client.options import Deadline

from .log import CallLog

if TYPE_CHECKING:
    from .authorize import Authorizer
    from .http.sender import AsyncSender, Sender
    from .http.transport import AfterSend

T = TypeVar("T")
# AppSync itself gives up after 30 seconds: https://docs.aws.amazon.com/general/latest/gr/appsync.html
DEFAULT_TIMEOUT = 30.0


def run(flow: Flow[T], authorizer: "Authorizer", sender: "Sender", after_send: "AfterSend | None" = None) -> T:
    """Run a flow to its end, and give its result.

    The options of its requests bound the whole of it: waits, retries, and a reply that drips. An exception of a
    user's function, or of the credentials, is raised where the flow asked for the request.

    Args:
        after_send: Work to do while a reply is on its way.
    """
    attempts = _Attempts()
    result: Any = None
    advance: Callable[[Any], Request | LocalWork] = flow.send
    given: Any = None
    try:
        while True:
            try:
                step = advance(given)
            except StopIteration as done:
                result = done.value
                return cast("T", result)
            except _StoppedError as stopped:
                raise stopped.error from None
            try:
                if isinstance(step, LocalWork):
                    advance, given = flow.send, step.work()
                elif (wait := attempts.begin(step)) is None:
                    advance, given = flow.send, attempts.out_of_time()
                else:
                    if wait:
                        time.sleep(wait)
                    outcome = _send(step, attempts.deadline, authorizer, sender, after_send)
                    advance, given = flow.send, attempts.ended(outcome)
            except StopIteration as error:  # of a user's function
                advance, given = flow.throw, _StoppedError(error)
            except Exception as error:
                advance, given = flow.throw, error
    finally:
        attempts.log.end(result)


def _send(
    request: Request, deadline: float, authorizer: "Authorizer", sender: "Sender", after_send: "AfterSend | None"
) -> Reply | Failure:
    try:
        authorized = authorizer.authorize(request)
    except Exception as error:
        mark_unsent(error)
        raise
    outcome = sender.send(authorized, deadline, after_send)
    return outcome if isinstance(outcome, Failure) else _verified(outcome, authorized.url, sender)


class _StoppedError(RuntimeError):
    """Carries a StopIteration through generators, which would end in silence or not take it."""

    def __init__(self, error: StopIteration) -> None:
        super().__init__("a function of the user's raised StopIteration")
        self.error = self.__cause__ = error
        if is_unsent(error):
            mark_unsent(self)


async def run_async(
    flow: Flow[T], authorizer: "Authorizer", sender: "AsyncSender", after_send: "AfterSend | None" = None
) -> T:
    """Run a flow to its end as `run` does, awaiting."""
    import asyncio

    attempts = _Attempts()
    result: Any = None
    advance: Callable[[Any], Request | LocalWork] = flow.send
    given: Any = None
    try:
        while True:
            try:
                step = advance(given)
            except StopIteration as done:
                result = done.value
                return cast("T", result)
            try:
                if isinstance(step, LocalWork):
                    advance, given = flow.send, await asyncio.to_thread(step.work)
                elif (wait := attempts.begin(step)) is None:
                    advance, given = flow.send, attempts.out_of_time()
                else:
                    if wait:
                        await asyncio.sleep(wait)
                    outcome = await _send_async(step, attempts.deadline, authorizer, sender, after_send)
                    advance, given = flow.send, attempts.ended(outcome)
            except Exception as error:
                advance, given = flow.throw, error
    finally:
        attempts.log.end(result)


async def _send_async(
    request: Request,
    deadline: float,
    authorizer: "Authorizer",
    sender: "AsyncSender",
    after_send: "AfterSend | None",
) -> Reply | Failure:
    import asyncio

    scope = asyncio.timeout(deadline - time.monotonic())
    try:
        async with scope:  # a user's function for tokens or headers may wait for something
            authorized = await authorizer.authorize_async(request)
    except TimeoutError as error:
        if not scope.expired():
            mark_unsent(error)
            raise
        return Failure("timeout", error)
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        stopped = RuntimeError("a function of the user's waited for something that was cancelled")  # this call was not
        mark_unsent(stopped)
        raise stopped from error
    except Exception as error:
        mark_unsent(error)
        raise
    outcome = await sender.send(authorized, deadline, after_send)
    return outcome if isinstance(outcome, Failure) else _verified(outcome, authorized.url, sender)


def _verified(reply: Reply, url: str, sender: "Sender | AsyncSender") -> Reply:
    """Mark a refusal whose sender is known: it may correct this machine's clock."""
    if not 400 <= reply.status < 500:
        return reply
    from urllib.parse import urlsplit

    from .http.loopback import is_loopback

    parts = urlsplit(url)
    reply.is_verified = (parts.scheme == "https" and sender.verifies_tls) or is_loopback(parts.hostname or "")
    return reply


class _Attempts:
    """The time and the log of a flow's attempts.

    Attributes:
        deadline: When the flow has to be over, of the monotonic clock.
    """

    __slots__ = ("_is_invocations", "_seconds", "_started", "deadline", "log")

    def __init__(self) -> None:
        self.log = CallLog()
        self.deadline, self._seconds, self._is_invocations = 0.0, 0.0, False
        self._started: float | None = time.monotonic()

    def begin(self, request: Request) -> float | None:
        """Say how long to wait before this attempt; None where no time is left for it."""
        now = time.monotonic()
        if request.renews_timeout:
            self._started = now
        if self._started is not None:
            self._seconds = request.options.timeout or DEFAULT_TIMEOUT
            self.deadline, self._is_invocations = end_of(self._started + self._seconds, request.options.deadline)
            self._started = None
        if request.attempt == 1:
            self.log.call(request, now)
        wait = request.wait_at_least
        if request.wait_at_most:
            wait += jitter(request.wait_at_most)
        if now + wait >= self.deadline:
            return None
        self.log.attempt(request)
        return wait

    def out_of_time(self) -> Failure:
        """Say that there was no time for the attempt."""
        return cast("Failure", self.ended(Failure("timeout", TimeoutError("no time is left for another attempt"))))

    def ended(self, outcome: Reply | Failure) -> Reply | Failure:
        """Note what came of the attempt. A failure learns whose time ran out, if time did."""
        if isinstance(outcome, Failure):
            outcome = outcome._replace(of_invocation=self._is_invocations, seconds=self._seconds)
        self.log.outcome = outcome
        return outcome


def end_of(latest: float, deadline: Deadline | None) -> tuple[float, bool]:
    """Say when a flow has to be over (of the monotonic clock), and whether that is because its invocation ends."""
    if deadline is None:
        return latest, False
    from amplify_data_client._io.lambda_runtime.deadline import earlier

    return earlier(deadline, latest)


def jitter(at_most: float) -> float:
    """Choose how long to wait: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/"""
    if not at_most:
        return 0.0
    # the system's: of a generator's state the copies of a snapshot, or forks, have one each, and would wait alike
    from random import SystemRandom

    return SystemRandom().uniform(0, at_most)
