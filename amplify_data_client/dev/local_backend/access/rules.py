"""Read authorization rules: credential kind, operations, AppSync's directives. A new rule begins here."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from amplify_data_client._core.schema.introspection import Model
from amplify_data_client.errors import ConfigurationError

Provider = Literal["apiKey", "iam", "userPools", "oidc", "function"]
PROVIDERS: tuple[Provider, ...] = ("apiKey", "iam", "userPools", "oidc", "function")

DIRECTIVES: dict[Provider, str] = {
    "apiKey": "aws_api_key",
    "iam": "aws_iam",
    "userPools": "aws_cognito_user_pools",
    "oidc": "aws_oidc",
    "function": "aws_lambda",
}

_DEFAULTS: dict[str, Provider] = {
    "public": "apiKey",
    "private": "userPools",
    "owner": "userPools",
    "groups": "userPools",
    "custom": "function",
}
_READS = ("get", "list", "listen", "sync", "search")
_ALIASES: dict[str, Provider] = {"identityPool": "iam"}


def check(model: Model) -> None:
    """Refuse rules that are not as Amplify writes them.

    Raises:
        ConfigurationError: A rule cannot be read.
    """
    for rule in model.auth_rules:
        texts = (
            rule.get(name) for name in ("allow", "provider", "ownerField", "identityClaim", "groupsField", "groupClaim")
        )
        lists = (rule.get(name) for name in ("operations", "groups"))
        if not (all(map(_is_text, texts)) and all(one is None or _is_texts(one) for one in lists)):
            raise ConfigurationError(
                f"An authorization rule of {model.name} in the model introspection is malformed: {rule}."
            )


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def provider(rule: Mapping[str, Any]) -> Provider:
    """Return the kind of credential that a rule applies to."""
    named = rule.get("provider") or _DEFAULTS.get(rule.get("allow", ""), "userPools")
    return _ALIASES.get(named, named)


def operations(rule: Mapping[str, Any]) -> frozenset[str]:
    """Return the operations that a rule allows; `read` means get, list, listen, sync and search."""
    named: Iterable[str] = rule.get("operations") or ("create", "update", "delete", "read")
    spelt: set[str] = set()
    for name in named:
        spelt.update(_READS if name == "read" else (name,))
    return frozenset(spelt)


def providers(model: Model, operation: str | None = None) -> list[Provider]:
    """List the kinds of credential that may use an operation of a model, or any operation of it.

    `iam` is always included: only their policy limits functions with `allow.resource`.
    """
    found = {provider(rule) for rule in model.auth_rules if operation is None or operation in operations(rule)}
    if not found and model.auth_rules:
        found.add("userPools")  # Amplify leaves the API's default mode; its resolver refuses the caller
    found.add("iam")
    return [name for name in PROVIDERS if name in found]


def directives(names: Iterable[Provider]) -> str:
    """Write providers as AppSync's schema directives: ` @aws_api_key @aws_iam`."""
    return "".join(f" @{DIRECTIVES[name]}" for name in names)
