"""Pages of a PDF as pictures, drawn by poppler's pdftoppm where it is installed."""

import re
import shutil
import subprocess

from app.documents.output.preview import PreviewError

RESOLUTION = 80
TIME_LIMIT = 30
MAX_PAGES = 60


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has. Raises PreviewError."""
    match = re.search(rb"^Pages:\s+(\d+)", _run(["pdfinfo", "-"], pdf), re.MULTILINE)
    if not match:
        raise PreviewError("PDF 无法读取，不能生成图片预览。")
    return min(int(match[1]), MAX_PAGES)


def page_png(pdf: bytes, page: int) -> bytes:
    """Return one page as PNG. Raises PreviewError."""
    return _run(
        ["pdftoppm", "-png", "-r", str(RESOLUTION), "-f", str(page), "-l", str(page), "-singlefile", "-"], pdf
    )


def _run(command: list[str], content: bytes) -> bytes:
    if not shutil.which(command[0]):
        raise PreviewError("服务器未安装 PDF 工具，不能生成图片预览；可下载 Word 文件查看。")
    try:
        process = subprocess.run(command, input=content, capture_output=True, timeout=TIME_LIMIT, check=True)
    except subprocess.TimeoutExpired as error:
        raise PreviewError(f"生成图片预览超过{TIME_LIMIT}秒，已停止。") from error
    except subprocess.CalledProcessError as error:
        raise PreviewError("PDF 无法读取，不能生成图片预览。") from error
    return process.stdout
