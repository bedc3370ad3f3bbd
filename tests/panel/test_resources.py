"""A resource is declared once: table, models and screens agree."""

import pytest

from app.policy.resources import RESOURCES, menu_groups
from app.policy.terms import Role
from models import database
from views.screens import screens

MODELS = {document.__name__.lower() for document in database.documents()}
SCREENS = {screen.endpoint: screen for screen in screens()}


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_a_resource_is_planned_exactly_when_nothing_has_its_name(resource):
    assert resource.planned == (resource.name not in MODELS | SCREENS.keys())


def test_the_menu_names_every_screen_and_nothing_else():
    in_menu = [resource.name for resources in menu_groups().values() for resource in resources]
    assert sorted(in_menu) == sorted(SCREENS)
    assert all(resource.icon for resources in menu_groups().values() for resource in resources)
    assert not [name for name, resource in RESOURCES.items() if resource.icon and not resource.group]


def test_a_screen_has_the_label_of_its_resource():
    assert {name: screen.name for name, screen in SCREENS.items()} == {
        name: RESOURCES[name].label for name in SCREENS
    }


def test_hidden_fields_and_limiting_states_belong_to_the_model():
    models = {document.__name__.lower(): document for document in database.documents()}
    for resource in RESOURCES.values():
        for role, fields in resource.hidden.items():
            assert role in resource.grants and not set(fields) - set(models[resource.name]._fields)
        for role, states in resource.only.items():
            assert role in resource.grants and states
            offered = dict(models[resource.name].state.choices)
            assert all(state.value in offered for state in states)


def test_nothing_is_granted_to_the_system():
    assert not [name for name, resource in RESOURCES.items() if Role.SYSTEM in resource.grants]
