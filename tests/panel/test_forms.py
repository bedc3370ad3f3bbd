"""A form holds what concerns the record; the part that a browser copies into a list is the list's own."""

from html import unescape

from lxml import html as parser

from models.registry.units import Unit
from tests.builders import cases


def fields_of(text):
    return set(parser.fromstring(text).xpath("//@data-field"))


def empty_part(text, name):
    """The labels of the part that "添加" copies into this list."""
    made = parser.fromstring(text).xpath(
        f'//div[@id="{name}"]/div[contains(@class,"inline-field-template")]'
    )[0]
    inside = parser.fromstring(unescape(parser.tostring(made, encoding="unicode")))
    return [one.text_content() for one in inside.xpath(".//label")]


def test_a_kinds_own_part_comes_with_the_kind_and_what_it_holds_stays_in_sight(browser, world):
    city, unit = browser("city"), cases.unit(name="云城单类机械厂")
    url = f"/admin/unit/edit/?id={unit.pk}"
    assert fields_of(city.get(url).text) & {"factory", "park", "supply_chain"} == {"factory"}
    Unit.objects(pk=unit.pk).update(set__kinds=["park"], set__factory__employees=12)
    assert fields_of(city.get(url).text) & {"factory", "park", "supply_chain"} == {"factory", "park"}
    unit.delete()


def test_every_list_has_its_own_empty_part_on_every_page(browser, world):
    city = browser("city")
    for _ in range(2):  # made once, shown again
        unit = city.get(f"/admin/unit/edit/?id={world.ours.unit.pk}").text
        other = city.get(f"/admin/evaluator/edit/?id={world.ours.records['evaluator'].pk}").text
        assert empty_part(unit, "contacts") == ["姓名", "部门和职务", "电话", "电子邮箱"]
        assert empty_part(unit, "former_names") == ["曾用名＊", "用至"]
        assert empty_part(other, "qualifications") == ["证明材料＊", "编号", "有效期至"]


def test_a_new_form_holds_what_is_most_likely(browser, world):
    page = parser.fromstring(browser("unit").get("/admin/application/new/").text)
    assert page.xpath('//input[@name="year"]/@value') == ["2026"]
    assert page.xpath('//input[@name="unit_id"]/@value') == [str(world.ours.unit.pk)]
