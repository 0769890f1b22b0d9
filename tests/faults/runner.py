"""Runs cells in processes, a few at a time, each alone in its process meanwhile."""

import faulthandler
import multiprocessing
import os
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from .cells import run_cell
from .heart import HEART
from .judge import Tally
from .rows import ROWS
from .ways import Way

FOREIGN = ("AWS_", "AMPLIFY_", "SSL_CERT_", "LAMBDA_")
AT_ONCE = 6  # cells: they wait more than they work
LAST_RESORT = 120  # seconds after which a cell that does not end is shown, and ended


def run(numbers: Sequence[int], ways: Sequence[Way], seed: int, many: int, folder: str) -> dict[str, Tally]:
    """Run all cells, a few at a time, each in a process that runs no other meanwhile."""
    tallies = {ROWS[number].name: Tally() for number in numbers}
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(AT_ONCE, spawn, initializer=begin, initargs=(folder,)) as pool:
        cells = [(number, way) for number in numbers for way in ways if ROWS[number].suits(way)]
        futures = [pool.submit(cell, number, way, ways, seed, many) for number, way in cells]
        for (number, way), future in zip(cells, futures, strict=True):
            try:
                tallies[ROWS[number].name].merge(future.result())
            except Exception as error:  # a process ended, or a cell cannot be run: it counts as a fault of the row
                tallies[ROWS[number].name].add(
                    "hung", f"{ROWS[number].name} ({way}) did not come to its end: {error!r}"
                )
    return tallies


def begin(folder: str) -> None:
    """What holds in each process: no setting of this account, certificates of our own, short waits between attempts."""
    for name in [name for name in os.environ if name.startswith(FOREIGN) or name.lower().endswith("_proxy")]:
        del os.environ[name]
    nowhere = {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    os.environ.update(nowhere, SSL_CERT_FILE=f"{folder}/certificate.pem")
    # the times between attempts, which are left to chance, are the product's to choose: here they need not be long
    uniform = random.SystemRandom.uniform
    random.SystemRandom.uniform = lambda self, least, most: uniform(self, least, most) / 50  # type: ignore[method-assign]
    HEART.start()


def cell(number: int, way: Way, ways: Sequence[Way], seed: int, many: int) -> Tally:
    faulthandler.dump_traceback_later(LAST_RESORT * many, exit=True)
    try:
        return run_cell(ROWS[number], way, ways, seed, many)
    finally:
        faulthandler.cancel_dump_traceback_later()
