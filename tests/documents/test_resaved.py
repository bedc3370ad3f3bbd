"""Skeletons that a clerk has opened and saved in LibreOffice still give papers that pass every check."""

import subprocess

import pytest

from app import documents
from app.documents import checks
from app.documents.layout.skeletons import FOLDER


def resaved(content, folder):
    """As LibreOffice writes it when somebody presses save."""
    source = folder / "skeleton.docx"
    source.write_bytes(content)
    command = [
        "soffice",
        "--headless",
        "--norestore",
        f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(folder / "saved"),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "saved" / source.name).read_bytes()


@pytest.mark.parametrize(
    "family, kind, number, times",
    [
        ("letter", "nomination", "云工信函〔2027〕7号", 2),
        pytest.param("red_head", "listing_announcement", "云工信〔2027〕7号", 2, marks=pytest.mark.slow),
        pytest.param("plain", "public_notice", None, 2, marks=pytest.mark.slow),
    ],
)
def test_a_skeleton_survives_being_saved_by_libreoffice(family, kind, number, times, tmp_path):
    skeleton = (FOLDER / f"{family}.docx").read_bytes()
    for _ in range(times):
        skeleton = resaved(skeleton, tmp_path)
    content = documents.build(kind, documents.specimen(kind), number=number, skeleton=skeleton)
    found = checks.check(content, kind_family=family, pdf=documents.preview_pdf(content))
    assert [(one.name, one.found) for one in found if not one.ok] == []
