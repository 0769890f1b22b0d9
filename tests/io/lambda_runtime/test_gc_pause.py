"""The collector rests while much is imported, and nothing is kept from it afterwards."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest

from amplify_data_client._io.lambda_runtime.gc_pause import GcPause


@pytest.fixture(autouse=True)
def enabled() -> Iterator[None]:
    gc.enable()
    yield
    gc.unfreeze()
    gc.enable()


class Knot:
    def __init__(self) -> None:
        self.itself = self


def test_nothing_is_collected_within_the_block():
    with GcPause():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_the_block_made_is_old_afterwards_and_not_looked_at_again_soon():
    gc.collect()
    with GcPause():
        made = [Knot() for _ in range(5000)]
    young = {id(one) for generation in (0, 1) for one in gc.get_objects(generation)}
    assert not [one for one in made if id(one) in young]
    assert gc.get_count()[0] < 5000


def test_what_becomes_garbage_is_collected_all_the_same():
    with GcPause():
        made = Knot()
    seen = weakref.ref(made)
    del made
    gc.collect()
    assert seen() is None
    assert gc.get_freeze_count() < 1000


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    with GcPause():
        pass
    assert not gc.isenabled()


def test_what_the_program_has_frozen_stays_frozen():
    gc.freeze()
    frozen = gc.get_freeze_count()
    with GcPause():
        pass
    assert frozen > 1000
    assert frozen - 100 < gc.get_freeze_count() <= frozen  # some of it ends meanwhile


def test_it_is_on_again_after_an_import_that_failed():
    with pytest.raises(ImportError), GcPause():
        raise ImportError
    assert gc.isenabled()


def test_importing_the_package_leaves_the_collector_as_it_was():
    program = "import gc; gc.{}(); import amplify_data_client; print(gc.isenabled(), gc.get_freeze_count() < 1000)"
    for state, expected in (("enable", "True True"), ("disable", "False True")):
        done = subprocess.run([sys.executable, "-c", program.format(state)], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected
