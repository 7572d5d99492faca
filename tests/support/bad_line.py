#!/usr/bin/env python3
"""A line between a box and its hub whose quality is what a file says, at every moment.

    bad_line.py LISTEN_ADDRESS:PORT HUB_ADDRESS:PORT MODE_FILE CERTIFICATE KEY SEED

honest  passes everything on
lossy   passes it on late and in pieces, and breaks off now and then
portal  a login page under a certificate of its own answers for everybody

Says "listening" once it does.
"""

import random
import socket
import ssl
import sys
import threading
import time
from pathlib import Path
from select import select

LOOK_SECONDS = 0.05
MOST_DELAY_SECONDS = 0.03
PAGE = b"<html><title>Welcome</title>Accept our terms.</html>"
PORTAL = (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE,
          b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\n\r\n")


def parse(address):
    host, port = address.rsplit(":", 1)
    return host, int(port)


class BadLine:
    def __init__(self, hub, mode_file, certificate, key, seed):
        self.hub = parse(hub)
        self.mode_file = Path(mode_file)
        self.random = random.Random(int(seed))
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)

    def mode(self):
        return self.mode_file.read_text(encoding="ascii").strip()

    def serve(self, box):
        with box:
            mode = self.mode()
            try:
                if mode == "portal":
                    self.be_a_portal(box)
                else:
                    with socket.create_connection(self.hub) as hub:
                        self.pass_on(mode, box, hub)
            except OSError:
                pass  # either side has gone: so does the line

    def be_a_portal(self, box):
        with self.tls.wrap_socket(box, server_side=True) as visitor:
            while visitor.recv(65536):
                visitor.sendall(self.random.choice(PORTAL))

    def pass_on(self, mode, box, hub):
        room = self.random.randint(500, 6000) if mode == "lossy" else None  # bytes until it breaks off
        while self.mode() == mode:
            for source in select([box, hub], [], [], LOOK_SECONDS)[0]:
                data = source.recv(65536 if mode == "honest" else self.random.randint(1, 400))
                if not data:
                    return
                if room is not None:
                    time.sleep(self.random.uniform(0, MOST_DELAY_SECONDS))
                    data = data[:room]
                    room -= len(data)
                (hub if source is box else box).sendall(data)
                if room == 0:
                    return


def main():
    listen, hub, mode_file, certificate, key, seed = sys.argv[1:]
    line = BadLine(hub, mode_file, certificate, key, seed)
    with socket.create_server(parse(listen)) as listener:
        print("listening", flush=True)
        while True:
            box, _ = listener.accept()
            threading.Thread(target=line.serve, args=(box,), daemon=True).start()


if __name__ == "__main__":
    main()
