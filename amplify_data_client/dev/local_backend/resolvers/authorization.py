"""Apply a model's authorization rules to items and fields, as Amplify's resolvers do.

AppSync checks the schema's directives before that, see `graphql/guard.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from amplify_data_client._core.schema.introspection import Model
from amplify_data_client.dev.local_backend.access import rules
from amplify_data_client.dev.local_backend.access.identity import Identity
from amplify_data_client.dev.local_backend.dynamodb.filters import same
from amplify_data_client.dev.local_backend.errors import ResolverError, unauthorized

Rule = Mapping[str, Any]
Item = Mapping[str, Any]
_DEFAULT_CLAIMS = ("cognito:username", "sub::username", None)


@dataclass(frozen=True)
class ModelRules:
    """The rules of a model, and those of fields that have their own."""

    model: Model
    fields: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)

    def check_create(self, identity: Identity, field_name: str, given: Item) -> dict[str, Any]:
        """Refuse a caller who may not create this item; give the item with its owners filled in."""
        item = dict(given)
        if identity.is_function:
            return item
        for rule in self._every_rule("create", identity):
            owner = _owner_field(rule)
            if owner and owner not in given:
                item[owner] = _as_stored(self.model, owner, _claim(rule, identity))
        self._check_input(identity, "create", field_name, item, given)
        return item

    def check_update(self, identity: Identity, field_name: str, stored: Item | None, given: Item) -> None:
        if not identity.is_function:
            self._check_input(identity, "update", field_name, stored or {}, given)

    def check_delete(self, identity: Identity, field_name: str, stored: Item | None) -> None:
        if not identity.is_function and not self._passes(self.model.auth_rules, "delete", identity, stored or {}):
            raise unauthorized(field_name, self.model.name)

    def visible(self, identity: Identity, field_name: str, return_type: str, *operations: str) -> "Visible | None":
        """Return the test of which items the caller may see, or None if it may see all.

        Args:
            operations: A rule for any of these is enough; relations ask for `get` and `list`.

        Raises:
            ResolverError: Unauthorized: no rule applies to this caller.
        """
        if identity.is_function:
            return None
        mine = [rule for rule in self.model.auth_rules if any(_is_about(rule, one, identity) for one in operations)]
        if any(_is_static(rule, identity) for rule in mine):
            return None
        dynamic = [rule for rule in mine if _owner_field(rule) or (rule.get("groupsField") and _groups(rule, identity))]
        if not dynamic:
            raise unauthorized(field_name, return_type)
        return Visible(tuple(dynamic), identity)

    def is_redacted(self, other: "ModelRules") -> bool:
        """Whether a relation to the other model is empty in the result of a mutation.

        The result goes to every subscriber of this model. So Amplify leaves related items out, unless the same callers
        may read both models and their right does not depend on the item.
        """
        mine, others = _readers(self.model), _readers(other.model)
        return mine != others or any(reader[0] == "owner" or reader[-1] for reader in mine)

    def may_read_field(self, identity: Identity, name: str, item: Item) -> bool:
        """Whether a caller may read a field that has its own rules."""
        return identity.is_function or self._passes(self.fields[name], "get", identity, item)

    def _every_rule(self, operation: str, identity: Identity) -> Iterable[Rule]:
        for rule in (*self.model.auth_rules, *(rule for own in self.fields.values() for rule in own)):
            if _is_about(rule, operation, identity):
                yield rule

    def _passes(self, found: Iterable[Rule], operation: str, identity: Identity, item: Item) -> bool:
        return any(_is_about(rule, operation, identity) and _matches(rule, identity, item) for rule in found)

    def _check_input(self, identity: Identity, operation: str, field_name: str, item: Item, given: Item) -> None:
        on_model = self._passes(self.model.auth_rules, operation, identity, item)
        allowed = {name for name in self.fields if self._passes(self.fields[name], operation, identity, item)}
        if not on_model and not allowed:
            raise unauthorized(field_name, self.model.name)
        key = set(self.model.identifier)
        denied = [
            name for name in given if name not in allowed and name not in key and (name in self.fields or not on_model)
        ]
        if denied:
            raise ResolverError(f"Unauthorized on [{', '.join(denied)}]", "Unauthorized")


@dataclass(frozen=True, slots=True)
class Visible:
    """Tests whether the caller may see an item because of its owner or group."""

    rules: tuple[Rule, ...]
    identity: Identity

    def __call__(self, item: Item) -> bool:
        return any(_matches(rule, self.identity, item) for rule in self.rules)


def _readers(model: Model) -> set[tuple[Any, ...]]:
    found = [rule for rule in model.auth_rules if rules.operations(rule) & {"get", "list"}]
    everyone = {rules.provider(rule) for rule in found if rule.get("allow") == "private"}
    return {
        (rule.get("allow"), rules.provider(rule), tuple(rule.get("groups") or ()), rule.get("groupsField"))
        for rule in found
        if rule.get("allow") in ("private", "public") or rules.provider(rule) not in everyone
    }


def _is_about(rule: Rule, operation: str, identity: Identity) -> bool:
    return rules.provider(rule) == identity.provider and operation in rules.operations(rule)


def _owner_field(rule: Rule) -> str | None:
    return (rule.get("ownerField") or "owner") if rule.get("allow") == "owner" else None


def _is_static(rule: Rule, identity: Identity) -> bool:
    if rule.get("allow") == "groups":
        return not rule.get("groupsField") and bool(set(rule.get("groups") or ()) & set(_groups(rule, identity)))
    return rule.get("allow") != "owner"


def _matches(rule: Rule, identity: Identity, item: Item) -> bool:
    if owner := _owner_field(rule):
        return _holds(item.get(owner), _claims(rule, identity))
    if rule.get("allow") == "groups" and rule.get("groupsField"):
        return _holds(item.get(rule["groupsField"]), _groups(rule, identity))
    return _is_static(rule, identity)


def _holds(stored: Any, wanted: Iterable[Any]) -> bool:
    values = stored if isinstance(stored, list) else [stored]
    return any(same(value, one) for value in values for one in wanted if one)


def _groups(rule: Rule, identity: Identity) -> tuple[str, ...]:
    claim = rule.get("groupClaim") or "cognito:groups"
    found = identity.groups if claim == "cognito:groups" else identity.claim(claim)
    return (found,) if isinstance(found, str) else tuple(found or ())


def _claims(rule: Rule, identity: Identity) -> tuple[Any, ...]:
    named = rule.get("identityClaim")
    return identity.owners if named in _DEFAULT_CLAIMS else (identity.claim(str(named)),)


def _claim(rule: Rule, identity: Identity) -> Any:
    return _claims(rule, identity)[0]


def _as_stored(model: Model, name: str, owner: Any) -> Any:
    declared = model.fields.get(name)
    return [owner] if declared is not None and declared.type.is_array else owner
