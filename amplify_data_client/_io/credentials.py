"""Finds AWS credentials: in the environment, a profile, a session, or botocore's chain.

Lambda puts them into the environment, and may change them between calls: those are read anew for every request, without
botocore (its import costs more than a call). botocore finds all others, and is imported when it is first needed.
"""

import os
from collections.abc import Callable
from threading import Lock, RLock
from typing import Any, Protocol, TypeVar

from amplify_data_client._core.wire.sigv4 import Credentials
from amplify_data_client._io import copies
from amplify_data_client.config.requests import Environment
from amplify_data_client.errors import ConfigurationError, CredentialsError

T = TypeVar("T")
# botocore starts to refresh fifteen minutes before credentials expire; a minute earlier nothing can block
_REFRESH_WINDOW = 16 * 60


class Session(Protocol):
    """A `boto3.Session` or `botocore.session.Session`."""

    def get_credentials(self) -> Any: ...


class Source(Protocol):
    """A source of credentials. Safe to share between threads.

    Attributes:
        is_chosen: Whether the caller asked for it (a profile or session), and so for signed requests.
    """

    is_chosen: bool

    def current(self) -> Credentials:
        """Give the credentials of this moment; may block while they are fetched or refreshed."""
        ...

    async def current_async(self) -> Credentials:
        """Give the credentials without blocking the event loop."""
        ...

    def region(self) -> str | None:
        """Give the region that belongs to the credentials; may read files."""
        ...

    def settings(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Give settings of the profile in use, those that it has; may read files."""
        ...

    def check(self) -> None:
        """Check what can be checked without fetching anything: whether the profile exists."""
        ...

    def forget(self) -> None:
        """Drop what has been fetched; the next request fetches it anew."""
        ...


def find(profile: str | None = None, session: Session | None = None, env: Environment | None = None) -> Source:
    """Choose the source of credentials; nothing is read yet.

    Args:
        env: Where AWS_ACCESS_KEY_ID and the others are looked up; `os.environ` where it is not given.

    Raises:
        ConfigurationError: The arguments exclude each other, or are of the wrong kind.
    """
    if session is not None and profile is not None:
        raise ConfigurationError("Both profile and session are given; a session has its own profile, so pass one.")
    if session is not None:
        return SessionSource(lambda: session, _session_name(session))
    if profile is not None:
        if not isinstance(profile, str) or not profile:
            raise ConfigurationError(f"profile is {profile!r}; give the name of a profile in ~/.aws/config.")
        return SessionSource(lambda: _open_session(profile), f"profile {profile!r}")
    return EnvironmentSource(Environment(os.environ) if env is None else env)


class EnvironmentSource:
    """The environment's keys as they are at each request; where there are none, botocore's chain."""

    is_chosen = False

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._chain = SessionSource(lambda: _open_session(None), None)

    def __repr__(self) -> str:
        return "<credentials of the environment>"

    def current(self) -> Credentials:
        return self._keys() or self._chain.current()

    async def current_async(self) -> Credentials:
        return self._keys() or await self._chain.current_async()

    def region(self) -> str | None:
        return self._chain.region()

    def settings(self, names: tuple[str, ...]) -> dict[str, Any]:
        # a function in Lambda has no such file, and importing botocore would cost more than its whole start
        return self._chain.settings(names) if _config_file_mentions(names, self._env) else {}

    def check(self) -> None:
        pass  # the keys may come later

    def forget(self) -> None:
        self._chain.forget()

    def _keys(self) -> Credentials | None:
        env = self._env  # the keys go into no variables: error reporters show those of a function that raises
        found = Credentials(
            env.get(_ACCESS_KEY) or "", env.get(_SECRET_KEY) or "", env.get("AWS_SESSION_TOKEN") or None
        )
        if found.access_key and found.secret_key:
            return found
        if found.access_key or found.secret_key:
            there, lacking = (_ACCESS_KEY, _SECRET_KEY)[:: 1 if found.access_key else -1]
            raise CredentialsError(f"The environment has {there} but not {lacking}. Set both, or neither.")
        return None


class SessionSource:
    """A session's credentials, refreshed by botocore when they are about to expire."""

    def __init__(self, open_session: Callable[[], Any], name: str | None) -> None:
        self._open_session = open_session
        self._name = name  # None: nobody chose it, it is botocore's chain
        self.is_chosen = name is not None
        self._session: Any = None
        self._credentials: Any = None
        self._lock = RLock()  # a signal's handler may make a call while this thread fetches
        copies.watch(self)

    def __repr__(self) -> str:
        return f"<credentials of {self._name or 'the default AWS session'}>"

    def current(self) -> Credentials:
        return self._guarded(lambda: _freeze(self._load()))

    async def current_async(self) -> Credentials:
        if self._credentials is not None and not _may_refresh(self._credentials):
            return self.current()
        import asyncio

        return await asyncio.to_thread(self.current)

    def region(self) -> str | None:
        return self._guarded(lambda: _region(self._get_session()))

    def settings(self, names: tuple[str, ...]) -> dict[str, Any]:
        return self._guarded(lambda: _settings(self._get_session(), names))

    def check(self) -> None:
        self._guarded(self._get_session)

    def forget(self) -> None:
        with self._lock:
            self._session = self._credentials = None

    def renew(self) -> None:
        """Replace the locks, in a fork; keep what was fetched, but not what another thread was fetching."""
        self._lock = RLock()
        if self._credentials is None or _was_refreshing(self._credentials):
            self._session = self._credentials = None

    def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except CredentialsError:
            raise
        except Exception as error:
            raise _explain(error, self._name or "the default AWS session") from _cause(error)

    def _get_session(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = self._open_session()
            return self._session

    def _load(self) -> Any:
        session = self._get_session()
        with self._lock:
            if self._credentials is None:
                _prepare(session)
                self._credentials = _checked(session.get_credentials(), self._name)
            return self._credentials


def _open_session(profile: str | None) -> Any:
    try:
        with copies.importing():
            from botocore.session import Session as BotocoreSession
    except ImportError as error:
        looked_for = f"profile {profile!r}" if profile else f"credentials other than the environment's ({_KEYS})"
        raise CredentialsError(
            f"botocore is needed for {looked_for} and is not installed: pip install boto3."
        ) from error
    session = BotocoreSession(profile=profile)
    if profile is not None and profile not in session.available_profiles:
        known = ", ".join(map(repr, sorted(session.available_profiles))) or "none"
        raise CredentialsError(
            f"There is no AWS profile {profile!r}; the configuration files have: {known}. Check the name, and "
            "AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE if they are set."
        )
    return session


def _prepare(session: Any) -> None:
    # its providers have TLS contexts: OpenSSL has locks of its own, which a fork would leave locked
    botocores = getattr(session, "_session", session)  # a boto3.Session has one of botocore's
    if hasattr(botocores, "get_component"):
        with copies.importing():
            botocores.get_component("credential_provider")


def _session_name(session: object) -> str:
    if not callable(getattr(session, "get_credentials", None)):
        raise ConfigurationError(
            f"session is of the class {type(session).__name__!r}; give a boto3.Session or a botocore.session.Session."
        )
    name = getattr(session, "profile_name", None) or getattr(session, "profile", None)
    return f"the session (profile {name!r})" if isinstance(name, str) else "the session"


def _region(session: Any) -> str | None:
    if hasattr(session, "region_name"):  # boto3
        return session.region_name or None
    read = getattr(session, "get_config_variable", None)
    return (read("region") or None) if read else None


def _settings(session: Any, names: tuple[str, ...]) -> dict[str, Any]:
    # boto3 has no public way to its profile's settings; its session holds botocore's
    read = getattr(getattr(session, "_session", session), "get_config_variable", None)
    found = {name: read(name) for name in names} if read else {}
    return {name: value for name, value in found.items() if value is not None}


def _config_file_mentions(names: tuple[str, ...], env: Environment) -> bool:
    path = os.path.expanduser(env.get("AWS_CONFIG_FILE") or "~/.aws/config")
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except (OSError, ValueError):
        return False  # as botocore takes it
    return any(name in text for name in names)


def _checked(credentials: Any, name: str | None) -> Any:
    if credentials is None:
        raise _nothing_found(name)
    if not hasattr(credentials, "get_frozen_credentials"):
        if hasattr(credentials, "close"):
            credentials.close()  # a coroutine complains when nobody awaits it
        raise CredentialsError(
            f"The session gave a {type(credentials).__name__} for credentials; give a boto3.Session or a "
            "botocore.session.Session (not an asynchronous one)."
        )
    return credentials


def _freeze(credentials: Any) -> Credentials:
    found = _frozen(credentials)
    if not found.access_key or not found.secret_key:
        raise CredentialsError("The AWS session gave credentials without a key. Sign in again.")
    return found


def _frozen(credentials: Any) -> Credentials:
    frozen = credentials.get_frozen_credentials()  # a tuple, which error reporters would look into
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token or None)


def _may_refresh(credentials: Any) -> bool:
    refresh_needed = getattr(credentials, "refresh_needed", None)
    return refresh_needed is not None and bool(refresh_needed(_REFRESH_WINDOW))


def _was_refreshing(credentials: Any) -> bool:
    # botocore's own lock would stay locked for ever. It is replaced even where it does not say that it is locked: a thread
    # that has waited for it takes it before it says so.
    lock = getattr(credentials, "_refresh_lock", None)
    if lock is None:
        return False
    credentials._refresh_lock = Lock()
    return bool(lock.locked())


def _nothing_found(name: str | None) -> CredentialsError:
    if name is not None:
        return CredentialsError(f"There are no AWS credentials in {name}. Sign in (aws sso login, aws configure).")
    return CredentialsError(
        f"No AWS credentials were found. Looked for: {_KEYS} in the environment; AWS_PROFILE and the default profile "
        "in ~/.aws; web identity, container and instance credentials. In Lambda the function's role provides them; in "
        "a script pass profile='…' or session=boto3.Session(…), or call the API with auth_mode='api_key' or a token."
    )


def _explain(error: Exception, name: str) -> CredentialsError:
    what = f"The AWS credentials of {name} cannot be obtained"
    if type(error).__module__.startswith("botocore."):
        return CredentialsError(f"{what}: {str(error).strip().rstrip('.')}. {_advice(error)}")
    # botocore's own texts hold no secrets; those of anything else could quote what a process or file has said
    return CredentialsError(
        f"{what}: {type(error).__name__}. If they come from a credential_process, check what it starts and prints "
        "(https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html)."
    )


def _advice(error: Exception) -> str:
    kind = type(error).__name__
    if "SSO" in kind or kind == "TokenRetrievalError":
        return "Sign in again: aws sso login --profile <profile>."
    if hasattr(error, "operation_name"):  # a ClientError, or one of its subclasses made at run time
        return "Check that the source profile may assume the role, and that the role trusts it."
    return "Check with: aws sts get-caller-identity --profile <profile>."


def _cause(error: Exception) -> Exception | None:
    # a JSONDecodeError carries the text that it could not read
    return error if type(error).__module__.startswith("botocore.") else None


_ACCESS_KEY, _SECRET_KEY = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
_KEYS = f"{_ACCESS_KEY}, {_SECRET_KEY}"
