# SPDX-License-Identifier: MIT
"""What the stand-in for the web face of Exchange Server does beside webmail: ActiveSync, EWS, MAPI
and Autodiscover. It answers as the papers of these protocols say (MS-ASHTTP, MS-OXDSCLI,
MS-OXCMAPIHTTP and the reference of EWS), no more.

How a service treats a mailbox whose password is right is told by mailbox and service (`manners`):

    manners[address] = {"activesync": "blocked", "ews": "ErrorAccountDisabled"}

    activesync     not-enabled, blocked, password-expired, expires-soon
    ews            a ResponseCode
    autodiscover   an ErrorCode
"""

import base64
import binascii
import xml.etree.ElementTree as xml

SOAP = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<m:GetFolderResponse xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
 xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><m:ResponseMessages>
<m:GetFolderResponseMessage ResponseClass="{kind}">{text}<m:ResponseCode>{code}</m:ResponseCode>
{folders}</m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse>
</s:Body></s:Envelope>
"""
FOLDERS = '<m:Folders><t:Folder><t:FolderId Id="AAMk" ChangeKey="AQAA"/></t:Folder></m:Folders>'
MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"

POX = "http://schemas.microsoft.com/exchange/autodiscover/outlook/"
POX_REQUEST, POX_ANSWER = POX + "requestschema/2006", POX + "responseschema/2006a"
AUTODISCOVER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">'
    "{response}</Autodiscover>\n"
)
ERROR = (
    '<Response><Error Time="12:00:00.0000000" Id="1">'
    "<ErrorCode>{code}</ErrorCode><Message>{text}</Message><DebugData /></Error></Response>"
)
SETTINGS = """<Response xmlns="{answer}">
<User><DisplayName>{user}</DisplayName>
<AutoDiscoverSMTPAddress>{user}</AutoDiscoverSMTPAddress></User>
<Account><AccountType>email</AccountType><Action>settings</Action>
<Protocol><Type>EXCH</Type><Server>ex4mbx01.mail.ovh.net</Server>
<EwsUrl>https://{host}/EWS/Exchange.asmx</EwsUrl></Protocol>
<Protocol><Type>EXPR</Type><Server>{host}</Server><SSL>On</SSL><AuthPackage>Basic</AuthPackage>
<EwsUrl>https://{host}/EWS/Exchange.asmx</EwsUrl></Protocol>
{mapi}</Account></Response>"""
MAPI = """<Protocol Type="mapiHttp"><External>
<MailStore>
<ExternalUrl>https://{host}/mapi/emsmdb/?MailboxId=1@office.example</ExternalUrl></MailStore>
</External></Protocol>
"""
V2_URLS = {
    "ews": "/EWS/Exchange.asmx",
    "activesync": "/Microsoft-Server-ActiveSync",
    "autodiscoverv1": "/autodiscover/autodiscover.xml",
}
WINDOWS = ("Negotiate", "NTLM")


class Services:
    """Half of owa_stand_in.Request, which says what self.host, self.face and _reply are."""

    def _challenge(self, *schemes):
        return [("WWW-Authenticate", scheme) for scheme in schemes]

    def _schemes(self, *others):
        """What a host offers beside others, as its face says."""
        if self.face == "windows-login":
            return others or WINDOWS
        if self.face == "modern-login":
            return ('Bearer client_id="00000002-0000-0ff1-ce00-000000000000"',)
        return (*others, f'Basic realm="{self.host}"')

    def _user(self, service):
        """The mailbox that logs in to a service, or None, and then it is turned away."""
        scheme, _, word = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.stand_in.tokens.get(word)
        if scheme.lower() != "basic" or self.face == "modern-login":
            return None
        try:
            user, _, password = base64.b64decode(word, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return user.lower() if self.stand_in.judge(service, user.lower(), password) else None

    def _manner(self, user, service):
        return self.stand_in.manners.get(user, {}).get(service)

    # ---- ActiveSync ----

    def _active_sync(self):
        user = self._user("activesync")
        if user is None:
            return self._reply(401, "Unauthorized\n", *self._challenge(*self._schemes()))
        manner = self._manner(user, "activesync")
        if manner == "not-enabled":
            return self._reply(403, "Forbidden\n")
        if manner == "blocked":
            return self._reply(456, "")
        if manner == "password-expired":
            return self._reply(
                457, "", ("X-MS-Credential-Service-Url", f"https://{self.host}/ecp/")
            )
        soon = [("X-MS-Credentials-Expire", "3")] if manner == "expires-soon" else []
        return self._reply(
            200,
            "",
            ("MS-Server-ActiveSync", "15.1"),
            ("MS-ASProtocolVersions", "2.5,12.0,12.1,14.0,14.1,16.0,16.1"),
            ("MS-ASProtocolCommands", "Sync,SendMail,FolderSync,Provision,Ping"),
            ("Allow", "OPTIONS,POST"),
            *soon,
        )

    # ---- EWS ----

    def _ews(self, body):
        user = self._user("ews")
        if user is None:
            return self._reply(401, "Unauthorized\n", *self._challenge(*self._schemes(*WINDOWS)))
        if self.command != "POST" or not self._asks_for_inbox(body):
            return self._reply(500, "", kind="text/xml")
        code = self._manner(user, "ews") or "NoError"
        if code == "NoError":
            answer = SOAP.format(kind="Success", text="", code=code, folders=FOLDERS)
        else:
            text = "<m:MessageText>The request failed.</m:MessageText>"
            answer = SOAP.format(kind="Error", text=text, code=code, folders="")
        return self._reply(200, answer, kind="text/xml; charset=utf-8")

    @staticmethod
    def _asks_for_inbox(body):
        try:
            asked = xml.fromstring(body).find(f"{{{ENVELOPE}}}Body/{{{MESSAGES}}}GetFolder")
        except xml.ParseError:
            return False
        return asked is not None and b'Id="inbox"' in body

    # ---- MAPI ----

    def _mapi(self):
        return self._reply(401, "Unauthorized\n", *self._challenge(*WINDOWS))

    # ---- Autodiscover ----

    def _autodiscover(self, path, query, body):
        if "/autodiscover.json" in path:
            return self._autodiscover_v2(query)
        user = self._user("autodiscover")
        if user is None:
            return self._reply(401, "Unauthorized\n", *self._challenge(*self._schemes(*WINDOWS)))
        asked = self._asked_address(body)
        code = self._manner(user, "autodiscover")
        if self.command != "POST" or asked is None:
            code = "600"
        if code is not None:
            text = "Invalid Request" if code == "600" else "Not found"
            answer = ERROR.format(code=code, text=text)
        else:
            capable = self.headers.get("X-MapiHttpCapability", "0") != "0"
            mapi = MAPI.format(host=self.host) if capable else ""
            answer = SETTINGS.format(answer=POX_ANSWER, user=asked, host=self.host, mapi=mapi)
        return self._reply(
            200, AUTODISCOVER.format(response=answer), kind="text/xml; charset=utf-8"
        )

    @staticmethod
    def _asked_address(body):
        try:
            request = xml.fromstring(body).find(f"{{{POX_REQUEST}}}Request")
        except xml.ParseError:
            return None
        if request is None:
            return None
        if request.findtext(f"{{{POX_REQUEST}}}AcceptableResponseSchema") != POX_ANSWER:
            return None
        return request.findtext(f"{{{POX_REQUEST}}}EMailAddress")

    def _autodiscover_v2(self, query):
        protocol = query.get("Protocol", [""])[0]
        where = V2_URLS.get(protocol.lower())
        if where is None:
            words = '{"ErrorCode":"InvalidProtocol","ErrorMessage":"It is not supported."}'
            return self._reply(400, words, kind="application/json; charset=utf-8")
        words = f'{{"Protocol":"{protocol}","Url":"https://{self.host}{where}"}}'
        return self._reply(200, words, kind="application/json; charset=utf-8")
