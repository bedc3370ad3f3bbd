"""Oversight of listed units and third-party institutions (第十九至二十三条)."""
