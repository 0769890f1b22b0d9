"""Check the input of a create or update against the rules of `.validate` in the schema."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from amplify_data_client._core.schema.introspection import Field, Model
from amplify_data_client._core.schema.naming import did_you_mean
from amplify_data_client.dev.local_backend.dynamodb.filters import length
from amplify_data_client.dev.local_backend.errors import ResolverError

Validation = Mapping[str, Any]
Test = Callable[[Any, Any], bool]
_NUMBERS: dict[str, tuple[Test, str]] = {
    "gt": (lambda value, bound: value > bound, "be greater than"),
    "lt": (lambda value, bound: value < bound, "be less than"),
    "gte": (lambda value, bound: value >= bound, "be greater than or equal to"),
    "lte": (lambda value, bound: value <= bound, "be less than or equal to"),
}
_TEXTS: dict[str, tuple[Test, str]] = {
    "minLength": (lambda text, least: length(text) >= least, "have a minimum length of"),
    "maxLength": (lambda text, most: length(text) <= most, "have a maximum length of"),
    "startsWith": (lambda text, prefix: text.startswith(prefix), "start with"),
    "endsWith": (lambda text, suffix: text.endswith(suffix), "end with"),
    "matches": (lambda text, pattern: re.search(pattern, text) is not None, "match"),
}
_TYPES = _NUMBERS | _TEXTS
_OPERANDS = dict.fromkeys(("minLength", "maxLength"), int) | dict.fromkeys(_NUMBERS, float)


class Validations:
    """The validation rules of a model, by field."""

    def __init__(self, model: Model, given: Mapping[str, Iterable[Validation]]) -> None:
        self._model = model
        if given and model.name[0].islower():
            raise ValueError(
                f"The model {model.name} begins in lower case. Amplify attaches no validation to such a model: leave its "
                "validations out, so that tests tell what the deployed API does."
            )
        self._rules = {name: [self._rule(name, one) for one in rules] for name, rules in given.items()}

    def check(self, given: Mapping[str, Any]) -> None:
        """Refuse values that break a rule, as Amplify's resolvers do: the first one, without an errorType."""
        for name, rules in self._rules.items():
            value = given.get(name)
            for test, operand, message in rules if value is not None else ():
                if not test(value, operand):
                    raise ResolverError(message)

    def _rule(self, name: str, rule: Validation) -> tuple[Test, Any, str]:
        field = self._field(name)
        kind, value = str(rule.get("type")), rule.get("value")
        fitting = _TEXTS if field.type.name == "String" else _NUMBERS if field.type.name in ("Int", "Float") else {}
        if kind not in fitting or field.type.is_array:
            raise ValueError(
                f"The validation {kind!r} does not fit {self._model.name}.{name}, which is a {field.type.graphql}. "
                f"Numbers take {', '.join(_NUMBERS)}; a String takes {', '.join(_TEXTS)}; other types take none."
            )
        test, words = _TYPES[kind]
        message = rule.get("message") or f"Field {name} of type {self._model.name} must {words} {value}"
        return test, self._operand(name, kind, value), str(message)

    def _field(self, name: str) -> Field:
        if name not in self._model.fields:
            known = self._model.fields
            raise LookupError(f"{self._model.name} has no field {name!r}.{did_you_mean(name, known)}")
        return self._model.fields[name]

    def _operand(self, name: str, kind: str, value: Any) -> Any:
        try:
            return re.compile(value) if kind == "matches" else _OPERANDS.get(kind, str)(value)
        except (TypeError, ValueError, re.error) as error:
            raise ValueError(
                f"The validation {kind} of {self._model.name}.{name} has no usable value: {error}."
            ) from None
