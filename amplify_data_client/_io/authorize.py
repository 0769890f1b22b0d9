"""Collects what authorizes a request: tokens, users' headers, the trace and AWS credentials; then signs it."""

import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import quote

from amplify_data_client._core.wire import sigv4
from amplify_data_client._core.wire.authorization import Obtained, UnsignedHeaders, post_headers
from amplify_data_client._core.wire.messages import HttpRequest, Request
from amplify_data_client.config.model import DataClientConfig
from amplify_data_client.errors import OperationError
from amplify_data_client.options import CallOptions

from . import clock
from .credentials import Source

if TYPE_CHECKING:  # a cold start need not make a protocol

    class Authorizer(Protocol):
        """Turns a request into one that may be sent: with an address, headers and, where it has to be, a signature."""

        def authorize(self, request: Request, /) -> HttpRequest:
            """Authorize one attempt, blocking."""
            ...

        async def authorize_async(self, request: Request, /) -> HttpRequest:
            """Authorize one attempt, awaiting; tokens and headers may come from coroutine functions."""
            ...


class Endpoint(NamedTuple):
    """The API: where requests go, whose credentials sign them, and the options that hold for every call."""

    config: DataClientConfig
    credentials: Source
    options: CallOptions

    def __repr__(self) -> str:  # keys are secrets
        return f"<Endpoint {self.config.endpoint}>"

    def authorize(self, request: Request) -> HttpRequest:
        """Authorize one attempt.

        Raises:
            OperationError: A key or token is missing, or a header is unfit.
            CredentialsError: There are no credentials to sign with.
        """
        options, obtained = request.options, Obtained()
        obtained.token, obtained.headers = options.auth_token, options.headers
        if callable(options.auth_token):
            obtained.token = _call_users_function("auth_token", options.auth_token)
        if callable(options.headers):
            obtained.headers = _call_users_function("headers", options.headers, self._about(request))
        unsigned = post_headers(self.config, options, obtained, trace())
        return self._http(request, unsigned, self.credentials.current() if unsigned.is_signed else None)

    async def authorize_async(self, request: Request) -> HttpRequest:
        """Authorize one attempt; tokens and headers may come from coroutine functions."""
        options, obtained = request.options, Obtained()
        obtained.token, obtained.headers = options.auth_token, options.headers
        if callable(options.auth_token):
            obtained.token = options.auth_token()
        if callable(options.headers):
            obtained.headers = options.headers(self._about(request))
        if isinstance(obtained.token, Awaitable):
            obtained.token = await obtained.token
        if isinstance(obtained.headers, Awaitable):
            obtained.headers = await obtained.headers
        unsigned = post_headers(self.config, options, obtained, trace())
        return self._http(request, unsigned, await self.credentials.current_async() if unsigned.is_signed else None)

    def _about(self, request: Request) -> dict[str, str]:
        return {"method": "POST", "url": self.config.endpoint, "queryString": request.document}

    def _http(self, request: Request, unsigned: UnsignedHeaders, keys: sigv4.Credentials | None) -> HttpRequest:
        url, region = self.config.endpoint, self.config.region
        if keys is None:
            headers = {**unsigned.headers, "host": sigv4.bare_host(url)}
        else:
            if region is None:
                raise OperationError(
                    "auth_mode 'iam' needs the API's AWS region, and the endpoint does not name it: it is a domain of your "
                    "own. Make the client with region='…'."
                )
            now = _time(request)
            headers = sigv4.sign("POST", url, unsigned.headers, request.body, keys, region, "appsync", now)
        return HttpRequest("POST", url, headers, request.body)


class AwsServices(NamedTuple):
    """The AWS services that a configuration is read from."""

    credentials: Source

    def authorize(self, request: Request) -> HttpRequest:
        """Sign one attempt for the service that it names."""
        return _signed_for_service(request, self.credentials.current())

    async def authorize_async(self, request: Request) -> HttpRequest:
        """Sign one attempt without blocking the event loop."""
        return _signed_for_service(request, await self.credentials.current_async())


def _signed_for_service(request: Request, keys: sigv4.Credentials) -> HttpRequest:
    target = request.target
    assert target is not None  # noqa: S101  # only requests for services come here
    headers = {**trace(), **target.headers}
    now = _time(request)
    headers = sigv4.sign(target.method, target.url, headers, request.body, keys, target.region, target.service, now)
    return HttpRequest(target.method, target.url, headers, request.body)


def _time(request: Request) -> datetime:
    if request.server_time is not None:
        clock.learn(request.server_time)
    return clock.now()


def _call_users_function(name: str, function: Callable[..., Any], *arguments: Mapping[str, str]) -> Any:
    value = function(*arguments)
    if isinstance(value, Awaitable):
        close = getattr(value, "close", None)
        if close is not None:  # or Python warns of a coroutine that was never awaited
            close()
        raise OperationError(
            f"{name} is a coroutine function, which this client cannot await. Use generate_async_client()."
        )
    return value


def trace() -> dict[str, str]:
    """The header that carries the trace of a Lambda invocation on, under botocore's rule; never signed.

    The runtime says in the environment which trace it is, anew for each invocation (and in each of its processes, where
    it has several).
    """
    found = os.environ.get("_X_AMZN_TRACE_ID")
    if not found or "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return {}
    return {"x-amzn-trace-id": quote(found, safe="-=;:+&[]{}\"',")}
