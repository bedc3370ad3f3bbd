"""Delivery reports as Postfix, Exim, Exchange and Coremail lay them out; who, which mail and what happened are filled in."""

POSTFIX = """\
Return-Path: <>
Received: by relay.example.gov.cn (Postfix) id 4Xq2Jk1c0Gz9; Wed, 1 Apr 2026 08:47:02 +0800 (CST)
Date: Wed, 1 Apr 2026 08:47:02 +0800 (CST)
From: Mail Delivery System <MAILER-DAEMON@relay.example.gov.cn>
Subject: {subject}
To: lvti@example.cn
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Xq2Jk1Yt3z8.1775004422/relay.example.gov.cn"
Content-Transfer-Encoding: 8bit
Message-Id: <4Xq2Jk1c0Gz9@relay.example.gov.cn>

This is a MIME-encapsulated message.

--4Xq2Jk1Yt3z8.1775004422/relay.example.gov.cn
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

This is the mail system at host relay.example.gov.cn.

<{to}>: host mx.enterprise.example[203.0.113.7] said: 550 5.1.1 <{to}>:
    Recipient address rejected: User unknown (in reply to RCPT TO command)

--4Xq2Jk1Yt3z8.1775004422/relay.example.gov.cn
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.gov.cn
X-Postfix-Queue-ID: 4Xq2Jk1Yt3z8
X-Postfix-Sender: rfc822; lvti@example.cn
Arrival-Date: Wed,  1 Apr 2026 08:46:58 +0800 (CST)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.enterprise.example
Diagnostic-Code: smtp; {diagnostic}

--4Xq2Jk1Yt3z8.1775004422/relay.example.gov.cn
Content-Description: Undelivered Message
Content-Type: message/rfc822
Content-Transfer-Encoding: 8bit

From: lvti@example.cn
To: {to}
Subject: =?utf-8?b?5LqR5rWu5biC5bel5Lia5ZKM5L+h5oGv5YyW5bGA57u/6Imy5Yi26YCg?=
 =?utf-8?b?5ZCN5Y2V5bel5L2c5o+Q6YaS?=
Message-ID: {mail}
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

5bqU5LqO

--4Xq2Jk1Yt3z8.1775004422/relay.example.gov.cn--
"""

EXIM = """\
Return-path: <>
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx2.example.cn>
To: lvti@example.cn
References: {mail}
Content-Type: multipart/report; report-type=delivery-status; boundary=1775004500-eximdsn-804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender

--1775004500-eximdsn-804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

--1775004500-eximdsn-804289383
Content-type: message/delivery-status

Reporting-MTA: dns; mx2.example.cn

Action: delivered
Final-Recipient: rfc822;colleague@example.cn
Status: 2.0.0

Action: failed
Final-Recipient: rfc822;{to}
Status: 5.0.0
Remote-MTA: dns; mx.enterprise.example
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

--1775004500-eximdsn-804289383
Content-type: text/rfc822-headers

Return-path: <lvti@example.cn>
Message-ID: {mail}
To: {to}

--1775004500-eximdsn-804289383--
"""

# A Chinese provider: the diagnosis is raw GB 18030, the report lies one level deeper, nothing else is quoted.
COREMAIL = """\
From: Postmaster@vip.example.cn
To: lvti@example.cn
Subject: =?gbk?B?z7XNs83L0MU=?=
In-Reply-To: {mail}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="----=_Part_1"

------=_Part_1
content-type: multipart/report; report-type=delivery-status; boundary="----=_Part_2"

------=_Part_2
content-type: text/html; charset=gbk
Content-Transfer-Encoding: base64

z7XNs83L0MU=

------=_Part_2
content-type: message/delivery-status

reporting-mta: dns; vip.example.cn

final-recipient: rfc822;{to}
action: Failed
status: 5.1.1 (permanent failure)
diagnostic-code: smtp; 550 用户不存在
 或已停用

------=_Part_2--
------=_Part_1--
"""


def report(form: str, mail: str, to: str, **given: str) -> bytes:
    """The octets as they arrive over the pipe."""
    plain = {
        "subject": "Undelivered Mail Returned to Sender",
        "action": "failed",
        "status": "5.1.1",
        "diagnostic": f"550 5.1.1 <{to}>: Recipient address rejected:\n    User unknown",
    }
    text = form.format(mail=mail, to=to, **(plain | given))
    return text.encode("gb18030" if form is COREMAIL else "utf-8")
