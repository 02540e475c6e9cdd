"""Drafts of definitions, made by looking at a file; what cannot be told is asked."""

from kpialign.drafting.layout import Draft, draft_layout
from kpialign.drafting.write import item_text, layout_text

__all__ = ["Draft", "draft_layout", "item_text", "layout_text"]
