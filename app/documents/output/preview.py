"""PDF preview drawn by LibreOffice, where it is installed: own profile, time limit, nothing fetched."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

TIME_LIMIT = 120
SUBSTITUTE_FONTS = {
    "仿宋_GB2312": "FandolFang",
    "仿宋": "FandolFang",
    "楷体_GB2312": "FandolKai",
    "楷体": "FandolKai",
    "黑体": "FandolHei",
    "SimHei": "FandolHei",
    "宋体": "FandolSong",
    "SimSun": "FandolSong",
    "方正小标宋简体": "FandolSong:bold",
    "华文中宋": "FandolSong:bold",
    "Times New Roman": "Liberation Serif",
}
FONT_FOLDERS = (
    "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol",
    "/usr/share/texmf/fonts/opentype/public/fandol",
)
_ACTIVE = re.compile(r"vbaProject|word/embeddings/|activeX|\.bin$", re.IGNORECASE)


class PreviewError(RuntimeError):
    """A failed preview; the Chinese sentence says why."""


def available() -> bool:
    """Return whether LibreOffice is installed."""
    return bool(shutil.which("soffice"))


def preview_pdf(content: bytes, time_limit: float = TIME_LIMIT) -> bytes:
    """Return the PDF of a .docx, drawn with substitute fonts. Raises PreviewError."""
    if not available():
        raise PreviewError("服务器未安装 LibreOffice，不能生成 PDF 预览；公文本身不受影响。")
    with tempfile.TemporaryDirectory(prefix="paper-") as name:
        folder = Path(name)
        (folder / "paper.docx").write_bytes(_for_rendering(content))
        (folder / "fonts.conf").write_text(_font_configuration(folder), encoding="utf-8")
        _convert(folder, time_limit)
        result = folder / "paper.pdf"
        if not result.exists():
            raise PreviewError("LibreOffice 没有生成 PDF，请检查文件内容。")
        return result.read_bytes()


def _for_rendering(content: bytes) -> bytes:
    """Return a copy for LibreOffice, which reads overflowPunct inverted; refuse active content."""
    result = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.namelist():
            data = source.read(entry)
            if _ACTIVE.search(entry) or (entry.endswith(".rels") and b'TargetMode="External"' in data):
                raise PreviewError(f"文件含有宏、嵌入对象或外部链接（{entry}），不能预览。")
            if entry == "word/styles.xml":
                data = data.replace(b'overflowPunct w:val="0"', b'overflowPunct w:val="1"')
            target.writestr(entry, data)
    return result.getvalue()


def _font_configuration(folder: Path) -> str:
    folders = "".join(f"<dir>{escape(path)}</dir>" for path in FONT_FOLDERS if Path(path).is_dir())
    aliases = "".join(_alias(*pair) for pair in SUBSTITUTE_FONTS.items())
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"{folders}<cachedir>{escape(str(folder / 'cache'))}</cachedir>{aliases}</fontconfig>"
    )


def _alias(name: str, substitute: str) -> str:
    family, _, weight = substitute.partition(":")
    bold = '<edit name="weight" mode="assign" binding="strong"><const>bold</const></edit>' if weight else ""
    return (
        f'<match target="pattern"><test name="family" qual="any"><string>{escape(name)}</string></test>'
        f'<edit name="family" mode="prepend" binding="strong"><string>{family}</string>'
        f"<string>Noto Serif CJK SC</string></edit>{bold}</match>"
    )


def _command(folder: Path) -> list[str]:
    return [
        "soffice",
        "--headless",
        "--norestore",
        "--nologo",
        f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(folder / "paper.docx"),
    ]


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        # nothing answers at this address, so the file cannot fetch anything
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }


def _convert(folder: Path, time_limit: float) -> None:
    command = _command(folder)
    environment = _environment(folder)
    process = subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(time_limit)
    except subprocess.TimeoutExpired as error:
        raise PreviewError(f"生成 PDF 预览超过{time_limit}秒，已停止。") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
