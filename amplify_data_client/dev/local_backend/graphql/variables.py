"""Coerce an operation's variables and report errors in AppSync's words.

AppSync reports the first error only, and names the variable, however deep inside its value the error is.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeNode,
    Undefined,
    VariableDefinitionNode,
    is_input_type,
    type_from_ast,
    value_from_ast,
)

from amplify_data_client.dev.local_backend.errors import DocumentRefused, location, refused

from .scalars import ScalarError


class _WrongValue(Exception):  # noqa: N818  # never leaves this file
    """A value that does not fit its type. `is_whole`: the message is AppSync's whole message."""

    def __init__(self, message: str, *, is_whole: bool = False) -> None:
        super().__init__(message)
        self.is_whole = is_whole


class _ForbiddenNull(Exception):  # noqa: N818  # never leaves this file
    """A null for a non-null type; the message is the type."""


def coerce(schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an operation's variables.

    Raises:
        DocumentRefused: A variable does not fit.
    """
    values: dict[str, Any] = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        try:
            value = _value(schema, definition, given)
        except _ForbiddenNull as error:
            raise _refuse(definition, f"Variable '{name}' has coerced Null value for NonNull type '{error}'") from None
        except _WrongValue as error:
            message = str(error) if error.is_whole else f"Variable '{name}' has an invalid value. {error}"
            raise _refuse(definition, message) from None
        if value is not Undefined:
            values[name] = value
    return values


def _refuse(definition: VariableDefinitionNode, message: str) -> DocumentRefused:
    start = definition.loc.start_token if definition.loc else None
    where = [location(start.line, start.column)] if start else None
    return DocumentRefused([refused(message, where)])


def _input_type(schema: GraphQLSchema, node: TypeNode) -> GraphQLInputType:
    found: Any = type_from_ast(schema, node)
    assert is_input_type(found)  # validation has checked it
    made: GraphQLInputType = found
    return made


def _value(schema: GraphQLSchema, definition: VariableDefinitionNode, given: Mapping[str, Any]) -> Any:
    type_ = _input_type(schema, definition.type)
    name = definition.variable.name.value
    if name in given:
        return _coerce(type_, given[name])
    if definition.default_value is not None:
        return value_from_ast(definition.default_value, type_)
    if isinstance(type_, GraphQLNonNull):
        raise _ForbiddenNull(str(type_))
    return Undefined


def _coerce(type_: GraphQLInputType, value: Any) -> Any:
    if isinstance(type_, GraphQLNonNull):
        if value is None:
            raise _ForbiddenNull(str(type_))
        return _coerce(type_.of_type, value)
    if value is None:
        return None
    if isinstance(type_, GraphQLList):
        return [_coerce(type_.of_type, item) for item in (value if isinstance(value, list) else [value])]
    if isinstance(type_, GraphQLInputObjectType):
        return _object(type_, value)
    assert isinstance(type_, GraphQLScalarType | GraphQLEnumType)
    return _leaf(type_, value)


def _object(type_: GraphQLInputObjectType, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _WrongValue(f"Expected type '{type_.name}' to be an object.")
    if unknown := set(value) - set(type_.fields):
        del unknown
        message = f"The variables input contains a field that is not defined for input object type '{type_.name}' "
        raise _WrongValue(message, is_whole=True)
    result: dict[str, Any] = {}
    for name, field in type_.fields.items():
        if name in value:
            result[name] = _coerce(field.type, value[name])
        elif field.default_value is not Undefined:
            result[name] = field.default_value
        elif isinstance(field.type, GraphQLNonNull):
            raise _ForbiddenNull(str(field.type))
    return result


def _leaf(type_: GraphQLScalarType | GraphQLEnumType, value: Any) -> Any:
    try:
        return type_.parse_value(value)
    except ScalarError as error:
        raise _WrongValue(str(error)) from None
    except GraphQLError as error:
        if isinstance(type_, GraphQLEnumType) and isinstance(value, str):
            raise _WrongValue(f'Value "{value}" does not exist in "{type_.name}" enum.') from None
        raise _WrongValue(error.message) from None
