"""GraphiQL comes from its npm package."""

from tests.browser import take


def test_the_files_are_those_of_the_locked_packages():
    shipped = {path.name: path.read_bytes() for path in take.SHIPPED.iterdir()}
    expected = take.files()
    assert sorted(shipped) == sorted(expected)
    assert [name for name in shipped if shipped[name] != expected[name]] == []
