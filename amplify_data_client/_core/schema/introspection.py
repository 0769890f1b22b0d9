"""Reads the model introspection JSON into models, types and operations.

Amplify writes this JSON (version 1) beside every Data API. Each type is read when it is first used:
a cold start with a hundred models costs no more than the models it uses.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from amplify_data_client.config.model import check_introspection
from amplify_data_client.errors import ConfigurationError, OperationError, UnknownNameError

from .naming import Names

T = TypeVar("T")
Kind = Literal["scalar", "enum", "non_model", "model", "input"]
Connection = Literal["HAS_ONE", "HAS_MANY", "BELONGS_TO"]

_KINDS: dict[str, Kind] = {"enum": "enum", "nonModel": "non_model", "model": "model", "input": "input"}


class TypeRef(NamedTuple):
    """A named type with its list and null wrappers. `is_required` is the item's where `is_array` is set."""

    kind: Kind
    name: str
    is_array: bool = False
    is_required: bool = False
    is_array_required: bool = False

    @property
    def graphql(self) -> str:
        """The type as a GraphQL document writes it: `[String!]!`."""
        item = self.name + ("!" if self.is_required else "")
        return f"[{item}]{'!' if self.is_array_required else ''}" if self.is_array else item

    @property
    def must_be_given(self) -> bool:
        """Whether the API refuses null, and a missing value."""
        return self.is_array_required if self.is_array else self.is_required


class Association(NamedTuple):
    """How a field reaches another model.

    BELONGS_TO: `fields` are this model's foreign keys, in the order of the other model's identifier.
    HAS_ONE, HAS_MANY: `fields` are the other model's foreign keys, in the order of this model's identifier.
    """

    connection: Connection
    fields: tuple[str, ...]


class Field(NamedTuple):
    """A field of a model or custom type, or an argument of an operation.

    `is_implicit`: the schema does not declare the field, but an owner rule adds it to the API's type. It can be read,
    selected and filtered by, but not set.
    """

    name: str
    type: TypeRef
    is_read_only: bool = False
    association: Association | None = None
    is_implicit: bool = False

    @property
    def is_settable(self) -> bool:
        """Whether a create or update takes a value for it; the API sets the other fields itself."""
        return not (self.is_read_only or self.is_implicit)

    @property
    def is_connection(self) -> bool:
        """Whether the field comes as a connection, `{"items": […]}`: a hasMany does."""
        return self.association is not None and self.association.connection == "HAS_MANY"


class Index(NamedTuple):
    """A secondary index: `query_field` is null where the API has no query for it."""

    name: str
    query_field: str | None
    fields: tuple[str, ...]


class Model(NamedTuple):
    """A model: `identifier` names the key fields, partition key first."""

    name: str
    plural_name: str
    fields: Mapping[str, Field]
    identifier: tuple[str, ...]
    has_custom_identifier: bool
    indexes: tuple[Index, ...]
    auth_rules: tuple[Mapping[str, Any], ...]
    properties: Mapping[str, Any]

    @property
    def owners(self) -> list[str]:
        """The fields that owner rules fill."""
        return _owners(self.auth_rules)

    @property
    def is_sql(self) -> bool:
        """Whether the items are rows of a SQL database: Gen 2 compiles those models, and no others, without timestamps."""
        return self.properties.get("timestamps", "") is None


class NonModel(NamedTuple):
    """A custom type, or an input type of a custom operation."""

    name: str
    fields: Mapping[str, Field]


class Enum(NamedTuple):
    name: str
    values: tuple[str, ...]


class CustomOperation(NamedTuple):
    """A custom query, mutation or subscription, or a generation route."""

    name: str
    type: TypeRef
    arguments: Mapping[str, Field]


class Conversation(NamedTuple):
    """A conversation route: its two models are not among the introspection's models."""

    name: str
    conversation: Model
    message: Model
    send: CustomOperation
    subscribe: CustomOperation


class Catalog(Mapping[str, T], Generic[T]):
    """A mapping whose values are read from JSON on first use and then kept."""

    __slots__ = ("_made", "_raw", "_read", "_what")

    def __init__(self, what: str, raw: Any, read: Callable[[str, Mapping[str, Any]], T]) -> None:
        if not isinstance(raw, Mapping):
            raise ConfigurationError(
                f"The model introspection is malformed: {what!r} is {_describe(raw)}, not an object. {_REMEDY}"
            )
        self._what, self._raw, self._read = what, raw, read
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        try:
            return self._made[name]
        except KeyError:
            raw = self._raw[name]
        try:
            made = self._made[name] = self._read(name, raw)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            reason = str(error) if isinstance(error, _UnfitError) else repr(error)
            raise ConfigurationError(
                f"The model introspection is malformed: {self._what}.{_printable(name)} cannot be read ({reason}). {_REMEDY}"
            ) from error
        return made

    def __contains__(self, name: object) -> bool:
        return name in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


class NoSchema(Catalog[Any]):
    """The catalog of a client that knows no schema: looking for a name in it says why there is none."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        raise UnknownNameError(
            f"There is no {name!r}: this client knows no schema, since it was made from an endpoint alone, for graphql(). "
            "Give Amplify's model introspection too: introspection='modelIntrospectionSchema.json' beside endpoint=, or "
            "outputs='amplify_outputs.json' in place of it."
        )


_REMEDY = "Deploy the backend again, or name the right file: it is what Amplify calls modelIntrospectionSchema.json."


class Introspection:
    """The schema that a client works with, made from the parsed JSON (which is kept as it is, in `raw`).

    Raises:
        ConfigurationError: The value is not a model introspection.
    """

    __slots__ = (
        "_names",
        "conversations",
        "enums",
        "generations",
        "inputs",
        "models",
        "mutations",
        "non_models",
        "queries",
        "raw",
        "subscriptions",
    )

    def __init__(self, raw: Any, catalog: "type[Catalog[Any]]" = Catalog) -> None:
        check_introspection(raw, "The model introspection")
        self.raw: Mapping[str, Any] = raw
        self.models: Catalog[Model] = catalog("models", raw["models"], _model)
        self.non_models = Catalog("nonModels", raw.get("nonModels") or {}, _non_model)
        self.inputs = Catalog("inputs", raw.get("inputs") or {}, _non_model)
        self.enums: Catalog[Enum] = catalog("enums", raw.get("enums") or {}, _enum)
        self.queries: Catalog[CustomOperation] = catalog("queries", raw.get("queries") or {}, _operation)
        self.mutations: Catalog[CustomOperation] = catalog("mutations", raw.get("mutations") or {}, _operation)
        self.subscriptions = Catalog("subscriptions", raw.get("subscriptions") or {}, _operation)
        self.generations: Catalog[CustomOperation] = catalog("generations", raw.get("generations") or {}, _operation)
        self.conversations: Catalog[Conversation] = catalog(
            "conversations", raw.get("conversations") or {}, _conversation
        )
        self._names: dict[str, Names] = {}

    @classmethod
    def of(cls, raw: Any) -> "Introspection":
        """Make the schema of a client; None makes one that knows nothing, and says so when it is asked."""
        return cls({"models": {}}, NoSchema) if raw is None else cls(raw)

    def fields(self, type_name: str) -> Mapping[str, Field]:
        """Find the fields of a model, custom type or input type.

        Raises:
            OperationError: The introspection does not define the type.
        """
        return self._defined(type_name).fields

    def identifier(self, type_name: str) -> tuple[str, ...]:
        """Name the key fields of a model; a custom type has none."""
        defined = self._defined(type_name)
        return defined.identifier if isinstance(defined, Model) else ()

    def enum_values(self, enum_name: str) -> tuple[str, ...]:
        """Find the values of an enum.

        Raises:
            OperationError: The introspection does not define the enum.
        """
        if enum_name not in self.enums:
            raise _undefined("an enum", enum_name)
        return self.enums[enum_name].values

    def _defined(self, type_name: str) -> "Model | NonModel":
        for kind in (self.models, self.non_models, self.inputs):
            if type_name in kind:
                return kind[type_name]
        for route in self.conversations.values():
            for model in (route.conversation, route.message):
                if model.name == type_name:
                    return model
        raise _undefined("a type", type_name)

    def names(self, type_name: str) -> Names:
        """Give the fields of a type in both spellings; they are worked out once."""
        names = self._names.get(type_name)
        if names is None:
            names = self._names[type_name] = Names(self.fields(type_name))
        return names

    def __repr__(self) -> str:
        return f"<Introspection of {len(self.models)} models>"


def _describe(value: object) -> str:
    return {dict: "an object", list: "a list", str: "a string", type(None): "null", bool: "a boolean"}.get(
        type(value), "a number"
    )


def _undefined(what: str, name: str) -> OperationError:
    return OperationError(f"The model introspection mentions {what} {name!r} but does not define it.")


class _UnfitError(ValueError):
    """Something that cannot be used, said in words."""


def _name(value: Any, what: str) -> str:
    """Check a name before it becomes part of a document, where any other text could change what the document does.

    For ASCII, `isidentifier` is GraphQL's own rule. Names that begin with two underscores are GraphQL's.
    """
    if not isinstance(value, str):
        raise _UnfitError(f"{what} is {_describe(value)}, not a name")
    if value.isidentifier() and value.isascii() and value[:2] != "__":
        return value
    raise _UnfitError(
        f"{what} {_printable(value)} is not a name in GraphQL: letters, digits and _ only, no digit first, no __ first"
    )


def _printable(name: str) -> str:
    short = name if len(name) <= 60 else f"{name[:60]}…"
    return short if short.isidentifier() else repr(short)


def _type(raw: Mapping[str, Any]) -> TypeRef:
    kind: Kind = "scalar"
    name = raw["type"]
    if isinstance(name, Mapping):
        [(word, name)] = name.items()
        kind = _KINDS[word]
    is_array = bool(raw.get("isArray"))
    return TypeRef(
        kind=kind,
        name=_name(name, "the type"),
        is_array=is_array,
        is_required=bool(raw.get("isRequired")),
        is_array_required=is_array and not raw.get("isArrayNullable", False),
    )


def _field(name: str, raw: Mapping[str, Any]) -> Field:
    association = None
    if found := raw.get("association"):
        # a HAS_ONE has both lists, one of them empty
        names = found.get("targetNames") if found["connectionType"] == "BELONGS_TO" else found["associatedWith"]
        if isinstance(names, str):
            raise _UnfitError(f"the relation {name} has its keys as text, as Amplify Gen 1 wrote them")
        keys = tuple([_name(key, f"a key of the relation {name}:") for key in names])
        association = Association(found["connectionType"], keys)
    return Field(name, _type(raw), bool(raw.get("isReadOnly")), association)


def _fields(raw: Mapping[str, Any]) -> dict[str, Field]:
    return {_name(name, "the field"): _field(name, field) for name, field in raw.items()}


def _model(name: str, raw: Mapping[str, Any]) -> Model:
    attributes = raw.get("attributes") or ()
    keys = [entry["properties"] for entry in attributes if entry["type"] == "key"]
    rules = [rule for entry in attributes if entry["type"] == "auth" for rule in entry["properties"]["rules"]]
    properties: Mapping[str, Any] = next(
        (dict(entry["properties"] or {}) for entry in attributes if entry["type"] == "model"), {}
    )
    declared = _fields(raw["fields"])
    fields = declared | _owner_fields(rules, declared)
    identifier, has_custom_identifier = _identifier(raw, keys)
    return Model(
        name=_name(name, "the model"),
        plural_name=_name(raw["pluralName"], "the plural name"),
        fields=fields,
        identifier=_known(identifier, fields),
        has_custom_identifier=has_custom_identifier,
        indexes=tuple(_index(key, fields) for key in keys if key.get("name")),
        auth_rules=tuple(rules),
        properties=properties,
    )


def _identifier(raw: Mapping[str, Any], keys: list[Mapping[str, Any]]) -> tuple[tuple[str, ...], bool]:
    """The identifier's fields, and whether the schema chose them."""
    if (primary := raw.get("primaryKeyInfo")) is not None:
        return (primary["primaryKeyFieldName"], *primary["sortKeyFieldNames"]), bool(primary["isCustomPrimaryKey"])
    # older versions of Amplify wrote the identifier only as a key without a name, and nothing where it is `id`
    named = next((tuple(key["fields"]) for key in keys if not key.get("name")), ("id",))
    return named, named != ("id",)


def _known(names: Iterable[str], fields: Mapping[str, Field]) -> tuple[str, ...]:
    return tuple(fields[name].name for name in names)


def _index(raw: Mapping[str, Any], fields: Mapping[str, Field]) -> Index:
    query = raw.get("queryField")
    return Index(
        _name(raw["name"], "the index"),
        None if query is None else _name(query, "the index query"),
        _known(raw["fields"], fields),
    )


def _owner_fields(rules: list[Mapping[str, Any]], declared: Mapping[str, Field]) -> dict[str, Field]:
    # Group fields are not added: the compiled API has them only where the schema declares them
    # (the JavaScript client selects them all the same, and is refused).
    text = TypeRef("scalar", "String")
    return {name: Field(name, text, is_implicit=True) for name in _owners(rules) if name not in declared}


def _owners(rules: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        _name(rule.get("ownerField") or "owner", "the owner field") for rule in rules if rule.get("allow") == "owner"
    ]


def _non_model(name: str, raw: Mapping[str, Any]) -> NonModel:
    return NonModel(_name(name, "the type"), _fields(raw["fields"] if "fields" in raw else raw["attributes"]))


def _enum(name: str, raw: Mapping[str, Any]) -> Enum:
    values = raw["values"]
    if not isinstance(values, list):
        raise _UnfitError(f"its values are {_describe(values)}, not a list")
    return Enum(_name(name, "the enum"), tuple([_name(value, "a value") for value in values]))


def _operation(name: str, raw: Mapping[str, Any]) -> CustomOperation:
    return CustomOperation(_name(name, "the operation"), _type(raw), _fields(raw.get("arguments") or {}))


def _conversation(name: str, raw: Mapping[str, Any]) -> Conversation:
    def model(key: str) -> Model:
        called = raw[key]["modelName"]
        return _model(called, raw["models"][called])

    message = raw["message"]
    return Conversation(
        _name(name, "the conversation"),
        conversation=model("conversation"),
        message=model("message"),
        send=_operation(message["send"]["name"], message["send"]),
        subscribe=_operation(message["subscribe"]["name"], message["subscribe"]),
    )
