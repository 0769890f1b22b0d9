"""What is selected of a type?"""

from collections.abc import Mapping
from typing import TypeAlias

# the fields selected, each with what is selected of it: None for a scalar or enum; of a hasMany, its items' fields
Tree: TypeAlias = Mapping[str, "Tree | None"]
