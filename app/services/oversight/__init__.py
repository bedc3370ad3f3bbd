"""Oversight of listed units and third-party institutions (第十九至二十三条)."""

from app.services.oversight.sanctions import change_evaluator, evaluator_fields

__all__ = ["change_evaluator", "evaluator_fields"]
