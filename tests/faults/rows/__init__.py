"""All rows of the table, in its order."""

from tests.faults.cells import Row

from . import cuts, places, processes, replies, times

ROWS: list[Row] = [*cuts.ROWS, *times.ROWS, *replies.ROWS, *places.ROWS, *processes.ROWS]
