"""Accounts of people: administration, passwords, signing in, second factor (第五条)."""

from app.services.accounts.credentials import change_password, reset_password, reset_second_factor
from app.services.accounts.passwords import (
    MAX_PASSWORD_LENGTH,
    generate_password,
    hash_password,
    min_password_length,
)
from app.services.accounts.people import (
    assignable_names,
    create_user,
    disable_user,
    enable_user,
    load_user,
    unlock_user,
    update_user,
    user_offers,
)
from app.services.accounts.second_factor import Vault, new_secret, provisioning_uri
from app.services.accounts.signing_in import (
    authenticate,
    check_code,
    complete_sign_in,
    enrol_second_factor,
    pending_user,
    record_sign_out,
)

__all__ = [
    "MAX_PASSWORD_LENGTH",
    "Vault",
    "assignable_names",
    "authenticate",
    "change_password",
    "check_code",
    "complete_sign_in",
    "create_user",
    "disable_user",
    "enable_user",
    "enrol_second_factor",
    "generate_password",
    "hash_password",
    "load_user",
    "min_password_length",
    "new_secret",
    "pending_user",
    "provisioning_uri",
    "record_sign_out",
    "reset_password",
    "reset_second_factor",
    "unlock_user",
    "update_user",
    "user_offers",
]
