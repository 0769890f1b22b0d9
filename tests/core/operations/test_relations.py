"""The ways by which a hasMany or hasOne is loaded, as values: calls, variables, replies."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from amplify_data_client import GraphQLError, NotAuthorizedError, NotSelectedError, OperationError, ReplyError
from amplify_data_client._core.operations import relations
from amplify_data_client._core.operations.arguments import Arguments
from amplify_data_client._core.operations.graphql_errors import error_for, read_entries
from amplify_data_client._core.operations.operation import Envelope
from amplify_data_client._core.operations.relation_calls import GONE
from amplify_data_client._core.schema.introspection import Introspection
from amplify_data_client.options import DEFAULT, read_options

END = object()


class Loading:
    """The load of one relation, driven by hand."""

    def __init__(self, context: Any, flow: Any) -> None:
        self.context, self.flow, self.raises = context, flow, False
        self.call: Any = None
        self.result: Any = END
        self._step(lambda: next(flow))

    def _step(self, step: Any) -> None:
        try:
            self.call = step()
        except StopIteration as done:
            self.call, self.result = None, done.value

    def answer(self, data: Any, *errors: Any) -> "Loading":
        """Answer the call, as `exchange` would."""
        operation = self.call.operation
        envelope = Envelope(data, read_entries(list(errors)))
        if operation.unwrap is not None:
            envelope = operation.unwrap(envelope)
        result = operation.read(envelope)
        if self.raises and envelope.errors:
            error = error_for(envelope.errors, envelope, operation=operation.name)
            self._step(lambda: self.flow.throw(error))
        else:
            self._step(lambda: self.flow.send(result))
        return self

    @property
    def asked(self) -> tuple[str, dict[str, Any]]:
        """The document and the variables of the call."""
        operation = self.call.operation
        return operation.document, dict(operation.variables)


@pytest.fixture
def loading(context: Any) -> Any:
    """Begin to load `model.relation` of a record with this data."""

    def begin(schema: str, relation: str, data: Mapping[str, Any], *, found: Any = None, **options: Any) -> Loading:
        found = found or context(schema)
        model, _, name = relation.partition(".")
        record = found.api.selection(model).read_one(data, None)
        field = found.api.model(model).fields[name]
        inherited = read_options({"auth_mode": options.pop("auth_mode")}) if "auth_mode" in options else DEFAULT
        return Loading(found, relations.load(found, record, field, inherited, Arguments(options, None, {})))

    return begin


def root(loading: Loading) -> str:
    """The root field that is asked."""
    document, _ = loading.asked
    return document.split("{")[1].split("(")[0].strip()


UNAUTHORIZED = {"errorType": "Unauthorized", "message": "Not Authorized to access getPost on type Query"}
POST = {"id": "p"}
COMMENTS = (
    "query ($id: ID!, $limit: Int, $nextToken: String) "
    "{ getPost(id: $id) { comments(limit: $limit, nextToken: $nextToken)"
)


def test_a_has_many_asks_the_parents_field(loading: Any):
    found = loading("blog", "Post.comments", POST, limit=5, selection_set=["id", "post.id"])
    assert found.asked == (
        f"{COMMENTS} {{ items {{ id post {{ id }} }} nextToken __typename }} }} }}",
        {"id": "p", "limit": 5},
    )
    found.answer({"getPost": {"comments": {"items": [{"id": "c", "post": None}], "nextToken": "t"}}})
    assert [one.id for one in found.result] == ["c"]
    assert found.result.next_token == "t"


def test_a_filter_is_declared_where_it_is_used(loading: Any):
    document, variables = loading("blog", "Post.comments", POST, filter={"text": {"eq": "x"}}).asked
    assert "$filter: ModelCommentFilterInput, $limit: Int" in document
    assert "comments(filter: $filter, limit: $limit, nextToken: $nextToken)" in document
    assert variables == {"id": "p", "filter": {"text": {"eq": "x"}}}


def test_a_has_one_asks_the_parents_field(loading: Any):
    found = loading("blog", "Author.profile", {"id": "a"}, selection_set=["bio"])
    assert found.asked == ("query ($id: ID!) { getAuthor(id: $id) { profile { bio } } }", {"id": "a"})
    found.answer({"getAuthor": {"profile": {"bio": "B"}}})
    assert found.result.data.bio == "B"


def test_a_has_one_that_is_null_is_none(loading: Any):
    found = loading("blog", "Author.profile", {"id": "a"}).answer({"getAuthor": {"profile": None}})
    assert found.result.data is None


@pytest.mark.parametrize(
    ("relation", "data", "root_field", "variables"),
    [
        ("Shop.lines", {"id": "s"}, "listLines", {"shopId": "s"}),
        ("Pair.kids", {"one": "a", "two": "b"}, "getPair", {"one": "a", "two": "b"}),
    ],
)
def test_the_childs_own_key_is_asked_where_it_is_the_foreign_key(
    loading: Any, relation: str, data: Any, root_field: str, variables: Any
):
    found = loading("relations", relation, data)
    assert (root(found), found.asked[1]) == (root_field, variables)


def with_index(context: Any, *, required: bool) -> Any:
    """Dated's index on shopId, whose sort key may be required."""
    found = context("relations")
    raw = dict(found.api.introspection.raw)
    models = raw["models"] = dict(raw["models"])
    dated = models["Dated"] = dict(models["Dated"])
    dated["fields"] = {**dated["fields"], "on": {**dated["fields"]["on"], "isRequired": required}}
    return found._replace(api=type(found.api)(Introspection(raw)))


@pytest.mark.parametrize(("required", "root_field"), [(True, "datedByShop"), (False, "getShop")])
def test_an_index_is_asked_where_it_has_all_the_children(loading: Any, context: Any, required: bool, root_field: str):
    # DynamoDB leaves an item without the sort key out of the index
    assert (
        root(loading("relations", "Shop.dated", {"id": "s"}, found=with_index(context, required=required)))
        == root_field
    )


@pytest.mark.parametrize(
    ("filter_", "root_field"),
    [
        ({"text": {"eq": "x"}}, "listLines"),
        ({"number": {"gt": 1}}, "getShop"),
        ({"or": [{"text": {"eq": "x"}}, {"not": {"shopId": {"eq": "s"}}}]}, "listLines"),
    ],
)
def test_a_filter_on_the_keys_of_one_way_takes_another(loading: Any, filter_: Any, root_field: str):
    found = loading("relations", "Shop.lines", {"id": "s"}, filter=filter_)
    assert root(found) == root_field
    is_scan = "and" in found.asked[1].get("filter", {})
    assert is_scan == ("or" in filter_)  # the last one names the index's own key, so nothing is left but the list


@pytest.mark.parametrize(
    ("relation", "data", "options", "listed"),
    [
        ("NoGet.kids", {"id": "p"}, {}, True),
        ("Plain.kids", {"id": "p"}, {}, False),
        ("Plain.one", {"id": "p"}, {}, False),
        ("TsPair.kids", {"s": "x", "t": 1}, {}, True),
        ("TsPair.one", {"s": "x", "t": 1}, {}, False),
        ("NumPair.kids", {"one": 1, "two": 2}, {}, True),
        ("DatePair.kids", {"s": "x", "d": "2024-01-02"}, {}, False),
        ("FloatTriple.kids", {"s": "x", "f": 1.5, "g": 2}, {}, False),
        ("Counted.kids", {"n": 1}, {}, False),
        ("Triple.kids", {"one": "#", "two": "a", "three": "b"}, {}, False),
        ("Triple.kids", {"one": "x", "two": "a#", "three": "b"}, {}, True),
        ("Pair.kids", {"one": "a", "two": "b#c"}, {}, False),
        ("Pair.kids", {"one": "a", "two": "b"}, {"filter": {"two": {"eq": "b"}}}, True),
        ("Pair.kids", {"one": "a", "two": "b"}, {"filter": {"text": {"eq": "b"}}}, False),
        ("Triple.kids", {"one": "x", "two": "a", "three": "b"}, {"filter": {"two": {"eq": "b"}}}, False),
        ("Triple.kids", {"one": "x", "two": "a", "three": "b"}, {"filter": {"and": [{"one": {"eq": "b"}}]}}, True),
        ("Pair.kid", {"one": "a", "two": "b"}, {"filter": {"text": {"eq": "b"}}}, True),
        ("userProfile.kids", {"id": "p"}, {}, False),
        ("userProfile.kids", {"id": "p"}, {"filter": {"text": {"eq": "b"}}}, True),
    ],
)
def test_the_list_is_asked_where_the_parents_field_cannot_answer(
    loading: Any, relation: str, data: Any, options: Any, listed: bool
):
    found = loading("relations", relation, data, **options)
    assert root(found).startswith("list") is listed, found.asked


@pytest.mark.parametrize(
    ("relation", "data"),
    [
        ("orders.lines", {"id": 1}),
        ("products.lines", {"sku": "x"}),
        ("customers.orders", {"customer_id": "c"}),
        ("customers.profile", {"customer_id": "c"}),
    ],
)
def test_rows_of_a_database_are_listed_as_it_looks_them_up_by_their_column_anyway(
    loading: Any, relation: str, data: Any
):
    found = loading("sqlkeys", relation, data)
    assert root(found).startswith("list")
    assert [*found.asked[1]] == ["filter"]


def test_a_relation_that_no_operation_offers_says_so(loading: Any, context: Any):
    found = context("relations")
    raw = dict(found.api.introspection.raw)
    raw["models"] = {
        name: {**model, "attributes": [{"type": "model", "properties": {"queries": {"level": "off"}}}]}
        for name, model in raw["models"].items()
    }
    found = found._replace(api=type(found.api)(Introspection(raw)))
    with pytest.raises(OperationError, match="the schema disables 'get' of Pair and 'list' of PairKid"):
        loading("relations", "Pair.kids", {"one": "a", "two": "b"}, found=found)


@pytest.mark.parametrize("foreign", [[], ["parentId", "text"]])
def test_a_relation_whose_keys_do_not_fit_its_model_says_so(loading: Any, context: Any, foreign: list[str]):
    found = context("relations")
    raw = dict(found.api.introspection.raw)
    raw["models"] = {**raw["models"], "Plain": copy.deepcopy(raw["models"]["Plain"])}
    raw["models"]["Plain"]["fields"]["kids"]["association"]["associatedWith"] = foreign
    found = found._replace(api=type(found.api)(Introspection(raw)))
    with pytest.raises(OperationError, match=r"Plain\.kids cannot be loaded: the model introspection gives it"):
        loading("relations", "Plain.kids", {"id": "p"}, found=found)


def test_the_token_of_a_fetched_list_needs_the_parents_get(loading: Any):
    with pytest.raises(OperationError, match=r"NoGet\.kids cannot go on from this next_token"):
        loading("relations", "NoGet.kids", {"id": "p"}, next_token="parent:t")


AWKWARD = ("filter", "limit", "nextToken", "limit_")


def test_no_variable_of_the_identifier_is_one_of_an_option(loading: Any, context: Any):
    found = context("relations")
    raw = dict(found.api.introspection.raw)
    pair, kid = (dict(raw["models"][name]) for name in ("Pair", "PairKid"))
    text = {"type": "String", "isArray": False, "isRequired": True, "attributes": []}
    pair["fields"] = {**pair["fields"], **{name: {"name": name, **text} for name in AWKWARD}}
    pair["primaryKeyInfo"] = {
        "isCustomPrimaryKey": True,
        "primaryKeyFieldName": AWKWARD[0],
        "sortKeyFieldNames": list(AWKWARD[1:]),
    }
    association = {"connectionType": "HAS_MANY", "associatedWith": [f"f{n}" for n in range(4)]}
    pair["fields"]["kids"] = {**pair["fields"]["kids"], "association": association}
    kid["fields"] = {**kid["fields"], **{f"f{n}": {"name": f"f{n}", **text} for n in range(4)}}
    raw["models"] = {**raw["models"], "Pair": pair, "PairKid": kid}
    found = found._replace(api=type(found.api)(Introspection(raw)))
    values = {name: name.upper() for name in AWKWARD}
    document, variables = loading("relations", "Pair.kids", values, found=found, limit=3).asked
    assert variables == {
        "filter_": "FILTER",
        "limit__": "LIMIT",
        "nextToken_": "NEXTTOKEN",
        "limit_": "LIMIT_",
        "limit": 3,
    }
    assert "getPair(filter: $filter_, limit: $limit__, nextToken: $nextToken_, limit_: $limit_)" in document


@pytest.mark.parametrize("raises", [False, True])
@pytest.mark.parametrize("path", [["getPost"], ["getPost", "comments"]])
def test_where_the_parent_is_refused_the_list_is_asked_and_its_answer_is_final(loading: Any, path: Any, raises: bool):
    found = loading("blog", "Post.comments", POST, limit=2)
    found.raises = raises
    found.answer({"getPost": None if len(path) == 1 else {"comments": None}}, {**UNAUTHORIZED, "path": path})
    assert root(found) == "listComments"
    assert found.asked[1] == {"filter": {"and": [{"postId": {"eq": "p"}}]}, "limit": 2}
    found.raises = False
    found.answer({"listComments": None}, {**UNAUTHORIZED, "path": ["listComments"]})
    assert found.result.data == []
    assert [entry.path for entry in found.result.errors] == [("listComments",)]


@pytest.mark.parametrize("raises", [False, True])
def test_where_there_is_no_such_parent_the_list_is_asked(loading: Any, raises: bool):
    found = loading("blog", "Post.comments", POST)
    found.raises = raises
    found.answer({"getPost": None})
    assert root(found) == "listComments"
    found.answer({"listComments": {"items": [{"id": "c"}], "nextToken": "t"}})
    assert [one.id for one in found.result] == ["c"]


def test_a_has_one_is_looked_for_on_every_page_of_a_list(loading: Any):
    found = loading("blog", "Author.profile", {"id": "a"}).answer({"getAuthor": None})
    found.answer({"listProfiles": {"items": [], "nextToken": "t"}})
    assert found.asked[1] == {"filter": {"and": [{"authorId": {"eq": "a"}}]}, "nextToken": "t"}
    found.answer({"listProfiles": {"items": [{"id": "p"}], "nextToken": "u"}})
    assert found.result.data.id == "p"


def test_without_a_list_a_parent_that_is_not_there_has_no_children(loading: Any):
    assert loading("relations", "Plain.kids", POST).answer({"getPlain": None}).result.data == []
    assert loading("relations", "Plain.one", POST).answer({"getPlain": None}).result.data is None


def test_without_a_list_the_refusal_is_the_answer(loading: Any):
    found = loading("relations", "Plain.kids", POST)
    found.raises = True
    with pytest.raises(NotAuthorizedError):
        found.answer({"getPlain": {"kids": None}}, {**UNAUTHORIZED, "path": ["getPlain", "kids"]})


@pytest.mark.parametrize("raises", [False, True])
def test_every_other_error_is_the_calls(loading: Any, raises: bool):
    found = loading("blog", "Post.comments", POST)
    found.raises = raises
    error = {"errorType": "DynamoDB:ValidationException", "message": "no", "path": ["getPost", "comments"]}
    if raises:
        with pytest.raises(GraphQLError, match=r"Post\.comments failed \(at Post\.comments\)"):
            found.answer({"getPost": {"comments": None}}, error)
    else:
        assert found.answer({"getPost": {"comments": None}}, error).result.errors[0].error_type == error["errorType"]


def test_paths_of_errors_show_the_relation(loading: Any):
    found = loading("blog", "Post.comments", POST)
    item = {"errorType": "Unauthorized", "message": "no", "path": ["getPost", "comments", "items", 0, "text"]}
    page = {"items": [{"id": "c", "text": None}], "nextToken": None}
    found.answer(
        {"getPost": {"comments": page}}, item, {"message": "elsewhere", "path": ["other"]}, {"message": "none"}
    )
    assert [entry.path for entry in found.result.errors] == [("Post.comments", "items", 0, "text"), ("other",), None]
    assert [one.id for one in found.result] == ["c"]


@pytest.mark.parametrize(
    "data", [{}, {"getPost": "text"}, {"getPost": {}}, {"getPost": {"comments": "text"}}, {"x": None}]
)
def test_a_reply_that_does_not_answer_is_judged_as_one_of_the_relation(loading: Any, data: Any):
    operation = loading("blog", "Post.comments", POST).call.operation
    envelope = operation.unwrap(Envelope(data))
    assert operation.expected.flaw(envelope.data.get(operation.name)) is not None
    assert envelope.errors == ()


def test_a_document_that_is_refused_as_a_whole_stays_what_it_is(loading: Any):
    found = loading("blog", "Post.comments", POST)
    refusal = {"message": "Validation error", "locations": [{"line": 1, "column": 1}], "path": None}
    assert found.answer(None, refusal).result.errors[0].path is None


def test_what_the_schema_refuses_to_a_kind_of_credential_is_not_asked_again(loading: Any, context: Any):
    shared = context("blog")
    refused = {**UNAUTHORIZED, "path": ["getPost"]}
    first = loading("blog", "Post.comments", POST, found=shared, auth_mode="apiKey").answer({"getPost": None}, refused)
    assert root(first) == "listComments"
    assert root(loading("blog", "Post.comments", {"id": "q"}, found=shared, auth_mode="apiKey")) == "listComments"
    assert root(loading("blog", "Post.comments", POST, found=shared, auth_mode="iam")) == "getPost"
    assert root(loading("blog", "Author.posts", {"id": "a"}, found=shared, auth_mode="apiKey")) == "getAuthor"


def test_what_a_rule_refuses_for_one_item_is_asked_again_for_the_next(loading: Any, context: Any):
    shared = context("blog")
    refused = {**UNAUTHORIZED, "message": "Not Authorized to access getPost on type Post", "path": ["getPost"]}
    loading("blog", "Post.comments", POST, found=shared).answer({"getPost": None}, refused)
    assert root(loading("blog", "Post.comments", {"id": "q"}, found=shared)) == "getPost"


def test_a_token_keeps_the_way_of_its_page(loading: Any):
    found = loading("blog", "Post.comments", POST).answer({"getPost": None})
    listed = found.call
    found.answer({"listComments": {"items": [], "nextToken": "t"}})
    token = found.result.next_token
    assert token == "list:t"
    assert listed.at(token).operation.variables["nextToken"] == "t"
    assert listed.at(token).operation.next_token == token
    again = loading("blog", "Post.comments", POST, next_token=token)
    assert (root(again), again.asked[1]["nextToken"]) == ("listComments", "t")
    assert root(loading("blog", "Post.comments", POST, next_token="t")) == "getPost"


@pytest.mark.parametrize("raises", [False, True])
def test_if_the_parent_is_gone_on_a_later_page_it_says_so_and_never_lists(loading: Any, raises: bool):
    found = loading("blog", "Post.comments", POST, next_token="t")
    found.raises = raises
    if raises:
        with pytest.raises(GraphQLError, match="The Post is no longer there"):
            found.answer({"getPost": None})
    else:
        found.answer({"getPost": None})
        assert [entry.error_type for entry in found.result.errors] == [GONE]


def test_a_relation_without_a_key_value_is_empty_without_a_request(loading: Any):
    assert loading("blog", "Post.comments", {"id": None}).result.data == []
    assert loading("blog", "Author.profile", {"id": None}).result.data is None


# ---------------------------------------------------------------- going on from what a selection set fetched


def going_on(
    context: Any,
    paths: list[str],
    wire: Any,
    *,
    relation: str = "Post.comments",
    schema: str = "blog",
    token: str = "t",
) -> tuple[Any, Loading]:
    found = context(schema)
    model, _, name = relation.partition(".")
    record = found.api.selection(model, paths).read_one(wire, None)
    field = found.api.model(model).fields[name]
    given = getattr(record, name)
    page = relations.fetched(found, record, field, list(given), given.next_token)
    return page, Loading(found, relations.go_on(found, record, field, DEFAULT, list(given), token))


def comments(*texts: str, token: str | None = None) -> Any:
    return {"items": [{"text": text} for text in texts], "nextToken": token}


PATHS = ["id", "comments.text"]


def test_a_fetched_list_goes_on_through_the_parent_with_its_selection(context: Any):
    page, found = going_on(context, PATHS, {"id": "p", "comments": comments("a", token="t")})
    assert ([one.text for one in page], page.next_token) == (["a"], "t")
    assert found.asked == (
        f"{COMMENTS} {{ items {{ text }} nextToken __typename }} }} }}",
        {"id": "p", "nextToken": "t"},
    )
    found.answer({"getPost": {"comments": comments("b", token="u")}})
    assert ([one.text for one in found.result], found.result.next_token) == (["b"], "u")


def test_a_deep_selection_is_that_of_the_later_pages(context: Any):
    paths = ["id", "comments.post.metadata.source", "comments.replies.text", "comments.id"]
    items = [{"id": "c", "post": {"metadata": {"source": "s"}}, "replies": comments("r")}]
    _, found = going_on(context, paths, {"id": "p", "comments": {"items": items, "nextToken": "t"}})
    assert (
        "{ items { post { metadata { source } } replies { items { text } nextToken } id } nextToken" in found.asked[0]
    )


@pytest.mark.parametrize("error_type", ["BadRequestException", "DynamoDB:ValidationException"])
@pytest.mark.parametrize("raises", [False, True])
def test_a_token_that_is_refused_starts_anew_without_what_was_given(context: Any, error_type: str, raises: bool):
    _, found = going_on(context, PATHS, {"id": "p", "comments": comments("a", "b", "a", token="t")})
    found.raises = raises
    refusal = {"errorType": error_type, "message": "no", "path": ["getPost", "comments"]}
    found.answer({"getPost": {"comments": None}}, refusal)
    assert found.asked[1] == {"id": "p"}
    call = found.call
    found.answer({"getPost": {"comments": comments("a", "c", token="v")}})
    assert ([one.text for one in found.result], found.result.next_token) == (["c"], "v")
    rest = call.at("v").operation.read(
        call.operation.unwrap(Envelope({"getPost": {"comments": comments("a", "b", "a")}}))
    )
    assert [one.text for one in rest] == ["a"]  # three were, two were given


def test_what_was_given_is_told_by_its_identifier_where_that_was_selected(context: Any):
    wire = {"id": "p", "comments": {"items": [{"id": "1"}, None, {"id": "2"}], "nextToken": "t"}}
    _, found = going_on(context, ["id", "comments.id"], wire)
    found.answer({"getPost": None})
    found.answer({"getPost": None})
    found.answer({"listComments": {"items": [{"id": "2"}, None, {"id": "3"}, {"id": "1"}], "nextToken": None}})
    assert [one.id for one in found.result] == ["3"]


def test_without_the_parents_get_the_list_is_asked_anew(context: Any):
    wire = {"id": "p", "kids": comments("a", token="t")}
    page, found = going_on(
        context, ["id", "kids.text"], wire, relation="NoGet.kids", schema="relations", token="parent:t"
    )
    assert page.next_token == "parent:t"
    assert root(found) == "listNoGetKids"
    found.answer({"listNoGetKids": comments("b", "a")})
    assert [one.text for one in found.result] == ["b"]


def test_a_fetched_lists_token_is_marked_where_the_relation_has_another_way(context: Any, loading: Any):
    wire = {"id": "s", "lines": comments("a", token="t")}
    page, found = going_on(
        context, ["id", "lines.text"], wire, relation="Shop.lines", schema="relations", token="parent:t"
    )
    assert page.next_token == "parent:t"
    assert (root(found), found.asked[1]) == ("getShop", {"id": "s", "nextToken": "t"})
    found.answer({"getShop": {"lines": comments("b", token="u")}})
    assert found.result.next_token == "parent:u"
    by_hand = loading("relations", "Shop.lines", {"id": "s"}, next_token="parent:u")
    assert (root(by_hand), by_hand.asked[1]["nextToken"]) == ("getShop", "u")


def test_a_list_that_cannot_be_read_anew_is_an_error_when_the_parent_is_gone(context: Any):
    wire = {"id": "p", "kids": comments("a", token="t")}
    _, found = going_on(context, ["id", "kids.text"], wire, relation="Plain.kids", schema="relations")
    found.raises = True
    with pytest.raises(GraphQLError, match="The Plain is no longer there"):
        found.answer({"getPlain": None})


def test_going_on_needs_the_parents_identifier(context: Any):
    found = context("blog")
    record = found.api.selection("Post", ["title", "comments.text"]).read_one(
        {"comments": comments("a", token="t")}, None
    )
    field = found.api.model("Post").fields["comments"]
    assert relations.fetched(found, record, field, list(record.comments), "t").next_token == "t"
    with pytest.raises(NotSelectedError, match=r"Post\.comments cannot be loaded: the record has no 'id'"):
        Loading(found, relations.go_on(found, record, field, DEFAULT, list(record.comments), "t"))


def test_a_has_one_whose_list_repeats_its_token_ends(loading: Any):
    found = loading("blog", "Author.profile", {"id": "a"}).answer({"getAuthor": None})
    found.answer({"listProfiles": {"items": [], "nextToken": "t"}})
    with pytest.raises(ReplyError, match="token"):
        found.answer({"listProfiles": {"items": [], "nextToken": "t"}})
