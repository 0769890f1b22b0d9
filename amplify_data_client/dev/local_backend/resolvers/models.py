"""Make the tables and resolvers of all models; seed and read items."""

from collections.abc import Iterable, Mapping
from typing import Any

from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client._core.schema.naming import Names, did_you_mean
from amplify_data_client.dev.local_backend.dynamodb.page_tokens import Tokens
from amplify_data_client.dev.local_backend.dynamodb.store import Item, Query, Store
from amplify_data_client.dev.local_backend.dynamodb.tables import models, tables

from .authorization import ModelRules, Rule
from .model import ModelResolvers
from .validations import Validation, Validations

Rules = Mapping[str, Mapping[str, Iterable[Rule]]]
_PAGE = 1000


class Models:
    """All models, with direct access to the stored items."""

    def __init__(
        self,
        introspection: Introspection,
        db: str,
        secret: bytes,
        field_rules: Rules,
        defaults: Mapping[str, Mapping[str, Any]],
        validations: Mapping[str, Mapping[str, Iterable[Validation]]],
    ) -> None:
        found, laid_out = models(introspection), tables(introspection)
        for given in (field_rules, defaults, validations):
            if unknown := set(given) - set(found):
                raise LookupError(
                    f"The schema has no model {', '.join(map(repr, sorted(unknown)))}; it has {', '.join(found)}."
                )
        checks = {name: Validations(model, validations.get(name, {})) for name, model in found.items()}
        self.store = Store(db, laid_out)
        tokens = Tokens(secret)
        self.resolvers = {
            name: ModelResolvers(
                model,
                laid_out[name],
                ModelRules(model, {field: tuple(given) for field, given in field_rules.get(name, {}).items()}),
                self.store,
                tokens,
                defaults.get(name, {}),
                checks[name],
            )
            for name, model in found.items()
        }

    def seed(self, items: Mapping[str, Iterable[Mapping[str, Any]]], stamp: str) -> None:
        """Store items as they are, without the rules of mutations; ids and timestamps are filled in.

        Raises:
            LookupError: There is no such model, or no such field.
        """
        with self.store.writing():
            for name, given in items.items():
                resolvers = self._of(name)
                names = Names(resolvers.model.fields)
                for item in given:
                    resolvers.seed({_schema_name(name, names, word): value for word, value in item.items()}, stamp)

    def items(self, name: str) -> list[Item]:
        """Return all stored items of a model."""
        table = self._of(name).table
        found: list[Item] = []
        position: tuple[bytes, ...] | None = None
        while True:
            page = self.store.page(Query(table), _PAGE, position)
            found += page.items
            if page.position is None:
                return [{key: value for key, value in item.items() if key != "__typename"} for item in found]
            position = page.position

    def _of(self, name: str) -> ModelResolvers:
        if name not in self.resolvers:
            raise LookupError(f"The schema has no model {name!r}; it has {', '.join(self.resolvers)}.")
        return self.resolvers[name]


def _schema_name(model: str, names: Names, word: str) -> str:
    name = word if "#" in word else names.schema(word)  # `items` has the attributes of composite keys too
    if name is None:
        raise LookupError(f"{model} has no field {word!r}.{did_you_mean(word, names)}")
    return name
