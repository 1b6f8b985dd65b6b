# SPDX-License-Identifier: MIT
"""What makes a mailbox sick inside real Postfix: a mail filter (milter protocol version 6).

A sick reply is given with the words that Exchange uses, which Postfix passes on unchanged. Which
mailbox is sick, where, and how is told by `behaviours`:

    behaviours[address] = {"submission.mail": "550 5.7.1 Submission has been disabled ..."}

Places are submission.mail, submission.data, submission.end, mx.rcpt, mx.data and mx.end; on
submission the mailbox is the sender, on the MX the recipient. Instead of a reply, .end may say
"discard", "hold" or "junk".
"""

import os
import socket
import socketserver
import struct
import threading

# What is not asked for: HELO, unknown commands, header, end of header, body.
UNWANTED = 0x2 | 0x100 | 0x20 | 0x40 | 0x10
MAY_ADD_HEADER, MAY_QUARANTINE = 0x1, 0x20


class Conversation(socketserver.BaseRequestHandler):
    """One connection of a Postfix server process."""

    def setup(self):
        self.daemon = "mx"
        self.sender, self.recipients = "", []

    def handle(self):
        while True:
            packet = self._receive()
            if packet is None:
                return
            command, data = packet[:1], packet[1:]
            if command == b"Q":
                return
            answers = self._answer(command, data)
            for answer in answers:
                self.request.sendall(struct.pack("!I", len(answer)) + answer)

    def _receive(self):
        head = self._exactly(4)
        return None if head is None else self._exactly(struct.unpack("!I", head)[0])

    def _exactly(self, size):
        got = b""
        while len(got) < size:
            some = self.request.recv(size - len(got))
            if not some:
                return None
            got += some
        return got

    def _answer(self, command, data):
        if command == b"O":
            return [struct.pack("!cIII", b"O", 6, MAY_ADD_HEADER | MAY_QUARANTINE, UNWANTED)]
        if command == b"D":
            self._learn(data)
            return []
        if command in (b"A", b"K"):
            self.sender, self.recipients = "", []
            return []
        if command == b"M":
            self.sender, self.recipients = self._address(data), []
            return self._verdict("mail", [self.sender])
        if command == b"R":
            self.recipients.append(self._address(data))
            return self._verdict("rcpt", self.recipients[-1:])
        if command == b"T":
            return self._verdict("data", self._subjects())
        if command == b"E":
            return self._verdict("end", self._subjects())
        return [b"c"]

    def _learn(self, data):
        words = data[1:].split(b"\0")
        for name, value in zip(words[::2], words[1::2]):
            if name == b"{daemon_name}":
                self.daemon = value.decode("ascii")

    @staticmethod
    def _address(data):
        return data.split(b"\0")[0].decode("utf-8", "replace").strip("<>").lower()

    def _subjects(self):
        return [self.sender] if self.daemon == "submission" else self.recipients

    def _verdict(self, stage, addresses):
        place = f"{self.daemon}.{stage}"
        for address in addresses:
            word = self.server.milter.behaviours.get(address, {}).get(place)
            if word == "discard":
                return [b"d"]
            if word == "hold":
                self.server.milter.held()
                return [b"qheld by the laboratory\0", b"c"]
            if word == "junk":
                return [b"hX-Laboratory-Junk\0yes\0", b"c"]
            if word:
                return [b"y" + word.encode("ascii") + b"\0"]
        return [b"c"]


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = socket.SOMAXCONN


class Milter:
    """behaviours may change at any time; held() is called when a mail was put on hold."""

    def __init__(self, path, held):
        self.behaviours = {}
        self.held = held
        self.server = Server(path, Conversation)
        self.server.milter = self
        os.chmod(path, 0o666)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
