"""The rules for a new password, and how it is kept."""

import pytest

from app.services.accounts import passwords


def problems(password, **values):
    given = {"username": "county-luoding", "name": "张伟", "staff": True, **values}
    return passwords.password_problems(password, **given)


def test_a_good_password_has_no_problems():
    assert problems("Lushui-2026x") == []
    assert problems("Lushui-202", staff=False) == []


@pytest.mark.parametrize(
    "password, complaint",
    [
        ("Lushui-2026", "长度"),  # eleven: enough for others, not for staff
        ("lushuilushui2026", "至少三类"),
        ("LUSHUI-----------", "至少三类"),
        ("x-County-Luoding-1", "账号或姓名"),
        ("Abc-2026-张伟-x", "账号或姓名"),
        ("Aa1-" * 33, "长度"),
    ],
)
def test_a_bad_password_is_refused_in_words(password, complaint):
    assert complaint in "".join(problems(password))


def test_others_need_ten_characters():
    assert "长度" in problems("Lushui-20", staff=False)[0]


def test_one_time_passwords_meet_the_rules_of_staff():
    made = {passwords.generate_password() for _ in range(200)}
    assert len(made) == 200
    assert not any(problems(password) for password in made)


def test_a_hash_is_argon2id_and_belongs_to_one_password_only():
    hashed = passwords.hash_password("Lushui-2026x")
    assert hashed.startswith("$argon2id$")
    assert passwords.matches(hashed, "Lushui-2026x")
    assert not passwords.matches(hashed, "Lushui-2026y")
    assert not passwords.matches("", "")
    assert not passwords.matches("not a hash", "Lushui-2026x")


def test_the_same_letters_typed_on_another_keyboard_match():
    assert passwords.matches(passwords.hash_password("Cafe\u0301-2026-xx"), "Caf\u00e9-2026-xx")
