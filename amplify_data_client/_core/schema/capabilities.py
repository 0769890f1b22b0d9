"""Says which operations the API offers for a model, and which relations can be loaded."""

from collections.abc import Mapping

from .introspection import Field, Introspection, Model

# the operations by the word that the introspection uses to disable them all
_GROUPS = {
    "queries": ("get", "list"),
    "mutations": ("create", "update", "delete"),
    "subscriptions": ("onCreate", "onUpdate", "onDelete"),
}
ALL_OPERATIONS = frozenset(name for names in _GROUPS.values() for name in names)


def operations(model: Model) -> frozenset[str]:
    """Name the operations that `disableOperations` leaves: get, list, create, update, delete, onCreate, …"""
    disabled: set[str] = set()
    for group, names in _GROUPS.items():
        setting = model.properties.get(group, {})
        if not isinstance(setting, Mapping) or setting.get("level") == "off":
            disabled.update(names)
        else:
            disabled.update(name for name in names if name in setting and setting[name] is None)
    return ALL_OPERATIONS - disabled


def can_load(introspection: Introspection, type_name: str, field: Field) -> bool:
    """Say whether the related records of a type can be loaded.

    A belongsTo needs the other model's get; a hasMany or hasOne the own model's get, or the other's list.
    """
    models = introspection.models
    if field.association is None or field.type.name not in models:
        return False
    offered = operations(models[field.type.name])
    if field.association.connection == "BELONGS_TO":
        return "get" in offered
    return "list" in offered or (type_name in models and "get" in operations(models[type_name]))
