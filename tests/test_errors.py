"""Errors as values."""

import copy
import pickle

import pytest

from amplify_data_client import (
    BatchError,
    CallTimeoutError,
    GraphQLError,
    ReplyLostError,
    RequestError,
    UnauthorizedError,
)
from amplify_data_client.errors import ErrorEntry


def test_an_error_comes_out_of_another_process_as_it_went_in():
    entry = ErrorEntry("no", error_type="X", path=["a", 0])
    refused = UnauthorizedError("refused", status=403, error_type="U", entries=[entry], operation="o", request_id="r")
    listed = GraphQLError("listed", errors=[entry], data={"a": 1}, extensions={"b": 2}, operation="o")
    late = CallTimeoutError("late", operation="o", may_have_executed=True)
    refused.next_token = "t"
    for error in (refused, listed, late, ReplyLostError("lost")):
        for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert type(other) is type(error)
            assert (str(other), other.args) == (str(error), error.args)
            assert (other.operation, other.request_id, other.next_token) == (
                "o" if error.operation else None,
                error.request_id,
                error.next_token,
            )
            assert other.may_have_executed is error.may_have_executed
            assert [entry.to_dict() for entry in other.entries] == [entry.to_dict() for entry in error.entries]
    again = pickle.loads(pickle.dumps(refused))
    assert (again.status, again.error_type) == (403, "U")
    assert again.entries[0].cause is again
    again = pickle.loads(pickle.dumps(listed))
    assert (again.data, again.extensions) == ({"a": 1}, {"b": 2})


def test_a_batch_error_keeps_its_result_in_a_pickle():
    assert pickle.loads(pickle.dumps(BatchError("some failed", result=[1, 2]))).result == [1, 2]


@pytest.mark.parametrize("error", [CallTimeoutError("late"), RequestError("no")])
def test_each_error_shows_itself_as_an_entry(error: RequestError):
    [entry] = error.entries
    assert (entry.message, entry.error_type, entry.cause) == (str(error), type(error).__name__, error)


def test_entries_are_compared_by_content():
    assert ErrorEntry("a", path=["x"]) == ErrorEntry("a", path=("x",))
    assert ErrorEntry("a") != ErrorEntry("b")
    assert ErrorEntry("a") != "a"
    assert repr(ErrorEntry("no", error_type="X", path=["a", 0])) == "<ErrorEntry X at a.0: no>"
    assert ErrorEntry("no", data=0).to_dict() == {"message": "no", "data": 0}
