"""Show a page at `/`: models, operations, the environment to export, and GraphiQL.

Who may see it, and who may ask from a browser at all, is in `visitors`.
"""

from .page import Page

__all__ = ["Page"]
