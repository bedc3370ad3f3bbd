"""Accounts as situations, and a hash that does not cost a test its patience."""
