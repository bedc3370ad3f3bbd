"""Sending of mail over SMTP and of messages to the group's webhook; failures are explained in Chinese."""

from __future__ import annotations

import http.client
import json
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from app.policy import privacy
from app.services.reminders.outbox import NotNow, Refused, Returned, Unreachable
from models.reminders.deliveries import Delivery

TIMEOUT = 15  # seconds
_PORTS = {"smtp": 25, "smtps": 465}


class Mailer:
    """One SMTP connection for one run, opened by the first mail."""

    def __init__(self, url: str, sender: str) -> None:
        self._url, self._sender = urlsplit(url), sender
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Mailer:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()

    def send(self, delivery: Delivery) -> None:
        """Send one mail. Raises Returned, Refused, NotNow, Unreachable."""
        message = self.compose(delivery)
        server = self._connected()
        try:
            server.send_message(message, self._sender, [delivery.to])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _verdict(code, words) from error
        except smtplib.SMTPSenderRefused as error:  # the settings are wrong, not the recipient
            raise Unreachable(f"邮件服务器不接受发件地址（{error.smtp_code}）") from error
        except smtplib.SMTPResponseException as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self._server = None
            raise Unreachable("与邮件服务器的连接中断") from error

    def compose(self, delivery: Delivery) -> EmailMessage:
        """Return the same message at every attempt; its Message-ID identifies repeats and bounces."""
        message = EmailMessage()
        try:
            message["From"], message["To"], message["Subject"] = self._sender, delivery.to, delivery.title
        except ValueError as error:  # an address with a line end
            raise Refused("收件地址不正确") from error
        message["Date"] = formatdate(delivery.created_at.timestamp(), localtime=False)
        message["Message-ID"] = (
            f"<{delivery.pk}.{delivery.token}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        )
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(delivery.text, cte="base64")
        return message

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = self._open()
            except smtplib.SMTPAuthenticationError as error:
                raise Unreachable("邮件服务器不接受账号或口令") from error
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable("邮件服务器没有应答") from error
        return self._server

    def _open(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port or _PORTS[self._url.scheme]
        context = ssl.create_default_context()
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT)
            server.ehlo()
            # A password never travels in the clear: with an account the server must offer encryption.
            if server.has_extn("starttls") or self._url.username:
                server.starttls(context=context)
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server


def _verdict(code: int, words: bytes | str) -> Exception:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    said = privacy.without_addresses(said[:200])
    if 500 <= code < 600:
        return Returned(f"退信：对方服务器拒收（{code} {said}）")
    return NotNow(f"对方服务器暂不接收（{code} {said}）")


class WebhookSender:
    """Sender of one line of text to the configured address; follows no redirect."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def send(self, delivery: Delivery) -> None:
        """Post one message. Raises Refused, NotNow, Unreachable."""
        content = {"msgtype": "text", "text": {"content": f"{delivery.title}\n{delivery.text}"}}
        body = json.dumps(content, ensure_ascii=False).encode()
        connection = self._connection()
        path = self._url.path or "/"
        try:
            connection.request(
                "POST",
                f"{path}?{self._url.query}" if self._url.query else path,
                body,
                {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": str(delivery.pk)},
            )
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable("群消息地址没有应答") from error
        finally:
            connection.close()
        if status in (408, 429) or status >= 500:
            raise NotNow(f"群消息地址暂不接收（{status}）")
        if status >= 300:
            raise Refused(f"群消息地址拒收（{status}）")

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT)
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT)
