"""hasMany, hasOne, belongsTo: simple and composite keys, self references, join models; and in what mutations return."""

from tests.real_backend.differential.callers import ANN, BOB, CAT, FUNCTION
from tests.real_backend.differential.notation import NEXT, Scenario, document, run

LISTS = [
    run("createTodoList", "id", input={"id": "l1", "name": "L1"}),
    run("createTodoList", "id", input={"id": "l2", "name": "L2"}),
    *(run("createTodo", "id", input={"id": f"t{n}", "content": f"c{n}", "rank": n, "listId": "l1"}) for n in range(5)),
    run("createTodo", "id", input={"id": "alone", "content": "x"}),
    run("createTodo", "id", input={"id": "lost", "content": "x", "listId": "gone"}),
    run("createListProfile", "id", input={"id": "p", "listId": "l1", "color": "red"}),
]
KEY = {"country": "CH", "city": "Bern", "number": 1}
FOREIGN = {"warehouseCountry": "CH", "warehouseCity": "Bern", "warehouseNumber": 1}
WAREHOUSES = [
    run("createWarehouse", "city", input={**KEY, "capacity": 5}),
    run("createWarehouse", "city", input={**KEY, "number": 2}),
    run("createShelf", "id", input={"id": "s1", "code": "a", **FOREIGN}),
    run("createShelf", "id", input={"id": "s2", "code": "b", **FOREIGN}),
    run("createShelf", "id", input={"id": "none", "code": "c"}),
    run("createShelf", "id", input={"id": "lost", "code": "c", **FOREIGN, "warehouseNumber": 9}),
    run("createManager", "id", input={"id": "m", "name": "M", **FOREIGN}),
]
POSTS = [
    run("createAuthor", "id", input={"id": "a", "name": "A"}).by(FUNCTION),
    run("createAuthor", "id", input={"id": "b", "name": "B"}).by(FUNCTION),
    run("createProfile", "id", input={"id": "p", "bio": "bio", "authorId": "a"}).by(FUNCTION),
    run("createPost", "id", input={"id": "1", "title": "One", "authorId": "a", "reviewerId": "b"}).by(FUNCTION),
    run("createPost", "id", input={"id": "2", "title": "Two", "authorId": "a"}).by(FUNCTION),
    run("createTag", "label", input={"label": "t"}),
    run("createTag", "label", input={"label": "u"}),
    run("createPostTag", "id", input={"id": "x", "postId": "1", "tagLabel": "t", "weight": 1}),
    run("createPostTag", "id", input={"id": "y", "postId": "1", "tagLabel": "u", "weight": 2}),
]
TOKENS = [
    run("createPost", "id", input={"id": "1", "title": "One", "authorId": "a"}).by(FUNCTION),
    run("createPost", "id", input={"id": "2", "title": "Two", "authorId": "a"}).by(FUNCTION),
    *(run("createComment", "id", input={"id": f"c{n}", "text": "x", "postId": "1"}) for n in range(3)),
    *(
        run("createComment", "id", input={"id": f"r{n}", "text": "x", "postId": "2", "parentId": "c1"})
        for n in range(2)
    ),
]

SCENARIOS = [
    Scenario(
        "sample",
        "hasMany lists the children with all arguments of a list",
        *LISTS,
        run("getTodoList", "name todos { items { id content } nextToken }", id="l1"),
        run("getTodoList", "todos { items { id } nextToken }", id="l2"),
        run("getTodoList", "todos(filter: {rank: {gt: 2}}) { items { id } nextToken }", id="l1"),
        run("getTodoList", "todos(filter: {}) { items { id } nextToken }", id="l1"),
        run("getTodoList", "todos(filter: {content: {}}) { items { id } nextToken }", id="l1"),
        run("getTodoList", "todos(sortDirection: DESC) { items { id } nextToken }", id="l1"),
        run("getTodoList", "todos(limit: 0) { items { id } nextToken }", id="l1"),
        run("getTodoList", "todos(limit: 5) { items { __typename } nextToken }", id="l1"),
        run("getTodoList", "todos(limit: 2) { items { __typename } nextToken }", id="l1"),
        run("getTodoList", 'todos(nextToken: "garbage") { items { id } nextToken }', id="l1"),
        run("listTodoLists", "items { id todos { items { id list { name } } } profile { color } }"),
        run("getTodoList", "a: todos(filter: {rank: {eq: 1}}) { items { id } } b: todos { items { id } }", id="l1"),
    ),
    Scenario(
        "sample",
        "hasOne and belongsTo give one item or null",
        *LISTS,
        run("getTodoList", "profile { color list { name profile { color } } }", id="l1"),
        run("getTodoList", "profile { color }", id="l2"),
        run("getTodo", "list { name todos(filter: {rank: {eq: 1}}) { items { id } } }", id="t1"),
        run("getTodo", "list { name }", id="alone"),
        run("getTodo", "list { name }", id="lost"),
        run("listTodos", "items { id list { id name } }"),
        run("listListProfiles", "items { list { name } }"),
        run("updateTodo", "id listId list { name }", input={"id": "t1", "listId": "l2"}),
        run("getTodoList", "todos { items { id } }", id="l2"),
        run("updateTodo", "id list { name }", input={"id": "t1", "listId": None}),
        run("deleteTodoList", "name todos { items { id } } profile { color }", input={"id": "l1"}),
        run("getTodo", "list { name }", id="t2"),
        run("createListProfile", "list { name } color", input={"id": "q", "listId": "l2"}),
        run("createListProfile", "list { name } color", input={"id": "r"}),
    ),
    Scenario(
        "sample",
        "what mutations return has relations between models with the same readers",
        *LISTS,
        run(
            "createTodo", "id list { name todos { items { id } } }", input={"id": "new", "content": "x", "listId": "l1"}
        ),
        run(
            "updateTodoList",
            "name todos { items { id list { name } } } profile { color }",
            input={"id": "l1", "name": "N"},
        ),
        run("deleteTodo", "list { name }", input={"id": "new"}),
    ),
    Scenario(
        "blog",
        "identifiers of several fields relate in both directions",
        *WAREHOUSES,
        run("getWarehouse", "capacity shelves { items { id code } nextToken } manager { name }", **KEY),
        run("getWarehouse", "shelves { items { id } } manager { name }", **{**KEY, "number": 2}),
        run("getWarehouse", 'shelves(filter: {code: {eq: "b"}}) { items { id } }', **KEY),
        run("getWarehouse", "shelves(limit: 1) { items { __typename } nextToken }", **KEY),
        run("getShelf", "warehouse { capacity city shelves { items { code } } manager { name } }", id="s1"),
        run("getShelf", "warehouse { capacity }", id="none"),
        run("getShelf", "warehouse { capacity }", id="lost"),
        run("getManager", "warehouse { country city number }", id="m"),
        run("listWarehouses", "items { number shelves { items { id } } }"),
        run("listWarehouses", "items { number }", country="CH", cityNumber={"eq": {"city": "Bern", "number": 2}}),
        run(
            "listWarehouses",
            "items { number }",
            country="CH",
            cityNumber={"beginsWith": {"city": "B"}},
            sortDirection="DESC",
        ),
        run("updateShelf", "id warehouseNumber", input={"id": "s1", "warehouseNumber": 2}),
        run("updateShelf", "id warehouseNumber", input={"id": "s1", "warehouseCity": "Bern", "warehouseNumber": 2}),
        run("getWarehouse", "shelves { items { id } }", **{**KEY, "number": 2}),
        run("createShelf", "id", input={"code": "x", "warehouseCountry": "CH"}),
        run("createShelf", "id", input={"code": "x", "warehouseCity": "Bern"}),
        run("createShelf", "id", input={"code": "x", "warehouseCity": "Bern", "warehouseNumber": None}),
        run("createShelf", "id", input={"code": "x", "warehouseCountry": None}),
        run("createShelf", "warehouse { city } code", input={"code": "x", **FOREIGN}),
        run("updateWarehouse", "capacity shelves { items { id } } manager { name }", input={**KEY, "capacity": 6}),
    ),
    Scenario(
        "blog",
        "a model relates to itself",
        run("createComment", "id", input={"id": "a", "text": "a"}),
        run("createComment", "id", input={"id": "b", "text": "b", "parentId": "a"}),
        run("createComment", "id", input={"id": "c", "text": "c", "parentId": "a"}),
        run("createComment", "id", input={"id": "self", "text": "s", "parentId": "self"}),
        run("getComment", "replies { items { text parent { text replies { items { id } } } } }", id="a"),
        run("getComment", "parent { text parent { text } }", id="b"),
        run("getComment", "parent { parent { parent { text } } } replies { items { id } }", id="self"),
        run("updateComment", "text replies { items { id } nextToken } parent { text }", input={"id": "b", "text": "B"}),
        run("updateComment", "text parent { text }", input={"id": "b", "text": "B"}).by(FUNCTION),
    ),
    Scenario(
        "blog",
        "a document may be as deep as it likes",
        run("createComment", "id", input={"id": "self", "text": "s", "parentId": "self"}),
        run("getComment", f"{'parent { ' * 60} text {'}' * 60}", id="self"),
        run("getComment", f"{'replies { items { ' * 12} text {'} }' * 12}", id="self"),
    ),
    Scenario(
        "blog",
        "many-to-many through a join model, for a function",
        *POSTS,
        run("getPost", "title tags { items { weight tag { label posts { items { post { title } } } } } }", id="1").by(
            FUNCTION
        ),
        run("getPost", "tags { items { id } } author { name } reviewer { name }", id="2").by(FUNCTION),
        run("getAuthor", "posts { items { title } } reviewedPosts { items { id } } profile { bio }", id="a").by(
            FUNCTION
        ),
        run("getAuthor", "posts { items { title } } reviewedPosts { items { id } } profile { bio }", id="b").by(
            FUNCTION
        ),
        run("getProfile", "author { name profile { bio } }", id="p").by(FUNCTION),
        run("listPostTags", "items { post { title author { name } } tag { label } }").by(FUNCTION),
        run("getTag", "posts(filter: {weight: {eq: 1}}) { items { post { title } } }", label="t"),
    ),
    Scenario(
        "blog",
        "what a mutation returns lacks relations to models with other readers",
        *POSTS,
        *(
            step
            for caller in (None, FUNCTION)
            for step in (
                run("createPostTag", "weight post { title } tag { label }", input={"postId": "1", "tagLabel": "t"}),
                run(
                    "createComment",
                    "post { title } replies { items { id } nextToken }",
                    input={"text": "x", "postId": "1"},
                ),
                run("updateTag", "label posts { items { id } nextToken }", input={"label": "t"}),
                run("createShelf", "code warehouse { city }", input={"code": "x", **FOREIGN}),
            )
            for step in ([step.by(caller)] if caller else [step])
        ),
        run(
            "updatePost",
            "title author { name } tags { items { id } } comments { items { id } }",
            input={"id": "1", "title": "x"},
        ).by(FUNCTION),
        run("updateAuthor", "name posts { items { id } nextToken } profile { bio }", input={"id": "a", "name": "x"}).by(
            FUNCTION
        ),
        run("createProfile", "bio author { name }", input={"bio": "x", "authorId": "a"}).by(FUNCTION),
    ),
    Scenario(
        "blog",
        "operations that a model does not have",
        run("createKeeper", "name", input={"id": "k", "name": "K"}),
        run("createSecret", "value keeper { name }", input={"id": "s", "value": "v", "keeperId": "k"}),
        run("listKeepers", "items { name secrets { items { value } } }"),
        run("getSecret", "value keeper { name }", id="s"),
        document('{ getKeeper(id: "k") { name } }'),
        document("{ listSecrets { items { value } } }"),
        document("subscription { onCreateSecret { id } }"),
    ),
    Scenario(
        "blog",
        "a token of a relation goes on in its parent, and in no other query",
        *TOKENS,
        *(
            step
            for query in (
                '($t: String) { getPost(id: "1") { comments(nextToken: $t) { items { id } nextToken } } }',
                '($t: String) { getPost(id: "2") { comments(nextToken: $t) { items { id } nextToken } } }',
                "($t: String) { listComments(nextToken: $t) { items { id } nextToken } }",
                '($t: String) { getComment(id: "c1") { replies(nextToken: $t) { items { id } nextToken } } }',
                '($t: String) { getPost(id: "none") { comments(nextToken: $t) { items { id } nextToken } } }',
            )
            for step in (
                document('{ getPost(id: "1") { comments(limit: 1) { items { __typename } nextToken } } }'),
                document(f"query {query.replace('items { id }', 'items { __typename }')}", {"t": NEXT}),
            )
        ),
        document("{ listComments(limit: 1) { nextToken } }"),
        document('query ($t: String) { getPost(id: "1") { comments(nextToken: $t) { items { id } } } }', {"t": NEXT}),
    ),
    Scenario(
        "blog",
        "a relation takes no filter on its index's own keys",
        *TOKENS,
        *WAREHOUSES,
        run("getPost", 'comments(filter: {postId: {eq: "1"}}) { items { id } }', id="1"),
        run(
            "getPost",
            'comments(filter: {or: [{text: {eq: "x"}}, {not: {postId: {eq: "2"}}}]}) { items { id } }',
            id="1",
        ),
        run("getPost", 'comments(filter: {id: {eq: "c0"}}) { items { id } }', id="1"),
        run("getWarehouse", 'shelves(filter: {warehouseCountry: {eq: "CH"}}) { items { id } }', **KEY),
        run("getWarehouse", 'shelves(filter: {warehouseCity: {eq: "Bern"}}) { items { id } }', **KEY),
        run("getWarehouse", "shelves(filter: {warehouseNumber: {ne: 1}}) { items { id } }", **KEY),
    ),
    Scenario(
        "relations",
        "keys of numbers and dates",
        run("createCounted", "n", input={"n": 7}),
        run("createIntKid", "id", input={"id": "k", "n": 7}),
        run("getCounted", "kids { items { id } } one { id }", n=7),
        run("createTsPair", "s", input={"s": "x", "t": 1700000000}),
        run("createTsKid", "id", input={"id": "k", "s": "x", "t": 1700000000}),
        run("createTsOne", "id", input={"id": "o", "s": "x", "t": 1700000000}),
        run("getTsPair", "kids { items { id } }", s="x", t=1700000000),
        run("getTsPair", "one { id }", s="x", t=1700000000),
        run("getTsKid", "parent { t }", id="k"),
        run("createFloatPair", "s", input={"s": "x", "f": 1.5}),
        run("getFloatPair", "kids { items { id } }", s="x", f=1.5),
        run("createFloatTriple", "s", input={"s": "x", "f": 1.5, "g": 2}),
        run("createFloatTripleKid", "id", input={"id": "k", "s": "x", "f": 1.5, "g": 2}),
        run("getFloatTriple", "kids { items { id } }", s="x", f=1.5, g=2),
        run("createDatePair", "s", input={"s": "x", "d": "2024-01-02"}),
        run("createDateKid", "id", input={"id": "k", "s": "x", "d": "2024-01-02"}),
        run("getDatePair", "kids { items { id } } one { id }", s="x", d="2024-01-02"),
        run("createTriple", "one", input={"one": "x", "two": "a#b", "three": "c"}),
        run("createTripleKid", "id", input={"id": "right", "one": "x", "two": "a#b", "three": "c"}),
        run("createTripleKid", "id", input={"id": "wrong", "one": "x", "two": "a", "three": "b#c"}),
        run("getTriple", "kids { items { id } }", one="x", two="a#b", three="c"),
    ),
    Scenario(
        "relations",
        "a model named in lower case has a filter and a connection of its own in relations",
        run("createUserProfile", "id", input={"id": "p"}),
        run("createUserThing", "id", input={"id": "k", "profileId": "p", "text": "t"}),
        *(
            document(
                f'query ($f: {kind}) {{ getUserProfile(id: "p") {{ kids(filter: $f) {{ items {{ id }} __typename }} }} }}',
                {"f": {"text": {"eq": "t"}}},
            )
            for kind in ("ModeluserThingFilterInput", "ModelUserThingFilterInput")
        ),
        run("listUserThings", "items { id } __typename", filter={"text": {"eq": "t"}}),
    ),
    Scenario(
        "relations",
        "relations admit rules for get or list, and unite their owners",
        run("createSomeParent", "id", input={"id": "p"}).by(FUNCTION),
        *(
            run(f"create{model}", "id", input={"id": "k", "parentId": "p"}).by(FUNCTION)
            for model in ("ListedKid", "GotKid", "ListedOne", "GotOne")
        ),
        run("getSomeParent", "listed { items { id } } got { items { id } } listedOne { id } gotOne { id }", id="p"),
        run("createListParent", "id", input={"id": "p"}).by(FUNCTION),
        run("createListKid", "id", input={"id": "k", "parentId": "p"}).by(FUNCTION),
        run("getListParent", "id", id="p"),
        run("getListKid", "parent { id }", id="k"),
        run("listListParents", "items { kids { items { id } } }"),
        run("createMixParent", "id", input={"id": "p"}).by(FUNCTION),
        *(
            run(f"createMix{kind}", "id", input={"id": number, "parentId": "p", "writer": get, "viewer": list_}).by(
                FUNCTION
            )
            for kind, number, get, list_ in (
                ("Kid", "1", "ann", "bob"),
                ("Kid", "2", "bob", "ann"),
                ("Kid", "3", "bob", "bob"),
                ("Kid", "4", "ann", "ann"),
                ("One", "1", "ann", "bob"),
            )
        ),
        *(run("getMixParent", "kids { items { id } } one { id }", id="p").by(user) for user in (ANN, BOB, CAT)),
    ),
]
