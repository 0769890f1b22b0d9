"""Runs the requests of a batch, several at a time, and gives the outcomes in order: with threads, or with tasks."""

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeVar

from amplify_data_client._core.operations.batch import Batch
from amplify_data_client._core.operations.batch_request import Sent, SentFlow
from amplify_data_client.results import BatchResult, Outcome, ended_early

T = TypeVar("T")


def run(batch: Batch, drive: Callable[[SentFlow], Sent]) -> Iterator[Outcome[Any]]:
    """Run a batch in a pool of threads; `drive` carries one flow to its end.

    Whoever stops early waits for the requests under way, and does not see their outcomes.
    """
    from concurrent.futures import Future, ThreadPoolExecutor
    from contextvars import copy_context

    with ThreadPoolExecutor(batch.concurrency, "amplify_data_client") as pool:
        under_way: deque[Future[Sent]] = deque()
        for flow in batch.flows():
            # a token function may look at the caller's context variables
            under_way.append(pool.submit(copy_context().run, drive, flow))
            if len(under_way) >= batch.concurrency:
                yield from batch.outcomes(under_way.popleft().result())
        while under_way:
            yield from batch.outcomes(under_way.popleft().result())
    batch.finish()


async def run_async(batch: Batch, drive: Callable[[SentFlow], Awaitable[Sent]]) -> AsyncIterator[Outcome[Any]]:
    """Run a batch in tasks; `drive` carries one flow to its end.

    Whoever stops early cancels the requests under way: AppSync may have carried them out.
    """
    import asyncio

    under_way: deque[asyncio.Future[Sent]] = deque()
    try:
        async for flow in batch.async_flows():
            under_way.append(asyncio.ensure_future(drive(flow)))
            if len(under_way) >= batch.concurrency:
                for outcome in batch.outcomes(await under_way.popleft()):
                    yield outcome
        while under_way:
            for outcome in batch.outcomes(await under_way.popleft()):
                yield outcome
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
    batch.finish()


def collect(outcomes: Iterator[Outcome[T]]) -> BatchResult[T]:
    """Run a batch to its end.

    Raises:
        BatchError: It ended early; the error has the outcomes until then.
    """
    found: list[Outcome[T]] = []
    try:
        found.extend(outcomes)
    except Exception as error:
        raise ended_early(found, error) from error
    return BatchResult(found)


async def collect_async(outcomes: AsyncIterator[Outcome[T]]) -> BatchResult[T]:
    """Run a batch to its end as `collect` does, awaiting."""
    found: list[Outcome[T]] = []
    try:
        async for outcome in outcomes:
            found.append(outcome)  # noqa: PERF401  # what came before an error is kept
    except Exception as error:
        raise ended_early(found, error) from error
    return BatchResult(found)
