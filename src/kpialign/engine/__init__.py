"""Runs the shipped SQL: models in the order they need each other, checks, named queries."""

from kpialign.engine.models import build, check, checks, drop, query

__all__ = ["build", "check", "checks", "drop", "query"]
