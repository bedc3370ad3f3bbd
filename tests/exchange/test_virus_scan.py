"""Uploads are scanned by clamd: a small server speaking its protocol over real sockets."""

import io
import socket
import socketserver
import threading

import pytest

from app.exchange import uploads, virus_scan
from tests.builders.workbooks import pdf, stream

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLEAN = pdf(stream(b"BT (plain) Tj ET", keys=b""))
INFECTED = pdf(stream(EICAR, keys=b""))
SILENT = pdf(stream(b"never answered", keys=b""))
TOO_LONG = pdf(stream(b"too long", keys=b""))


class Clamd(socketserver.StreamRequestHandler):
    """One INSTREAM session: command, chunks, verdict."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            data += self.rfile.read(size)
        self.server.scanned.append(data)
        if b"never answered" in data:
            self.server.released.wait(10)
        elif b"too long" in data:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif EICAR in data:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, tmp_path, monkeypatch):
    if request.param == "tcp":
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
        address = f"127.0.0.1:{server.server_address[1]}"
    else:
        server = socketserver.ThreadingUnixStreamServer(str(tmp_path / "clamd.ctl"), Clamd)
        address = f"unix:{tmp_path}/clamd.ctl"
    server.scanned, server.released = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    monkeypatch.setattr(virus_scan, "_address", None)
    virus_scan.configure(address)
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


def examine(content):
    return uploads.examine(content, "报告.pdf", max_size=1 << 20)


def refused(content, words):
    with pytest.raises(uploads.UploadRefused, match=words) as refusal:
        examine(content)
    assert str(refusal.value).endswith("。")


def test_a_clean_file_passes_whole(clamd):
    assert examine(CLEAN).size == len(CLEAN)
    assert clamd.scanned == [CLEAN]


def test_a_large_file_goes_in_chunks(clamd):
    large = pdf(stream(b"x" * (3 * virus_scan.CHUNK_SIZE + 1), keys=b""))
    examine(io.BytesIO(large))
    assert clamd.scanned == [large]


def test_a_virus_is_named(clamd):
    refused(INFECTED, "“报告.pdf”未通过检查：查出病毒（Eicar-Test-Signature）")


def test_without_a_verdict_the_file_is_refused(clamd, monkeypatch):
    monkeypatch.setattr(virus_scan, "TIMEOUT_SECONDS", 0.2)
    refused(SILENT, "“报告.pdf”没有上传：病毒扫描服务没有给出结果")
    refused(TOO_LONG, "没有上传：病毒扫描服务没有给出结果")


@pytest.mark.parametrize("address", ["127.0.0.1:{port}", "unix:{folder}/nothing.ctl"])
def test_an_unreachable_scanner_refuses_the_file(address, tmp_path, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(virus_scan, "_address", address.format(port=port, folder=tmp_path))
    refused(CLEAN, "没有上传：病毒扫描服务没有给出结果")


def test_without_an_address_nothing_is_scanned(monkeypatch):
    monkeypatch.setattr(virus_scan, "_address", None)
    assert examine(INFECTED).kind == "pdf"
