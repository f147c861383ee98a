"""What the rows of devices need on the host: a disk's image, and a server to talk TCP to."""

import os
import socket
import struct
import threading

IMAGE_SIZE = 64 << 20
BLOCK = 4096
STAMP = 0x9e3779b97f4a7c15
PIECE = bytes(1 << 16)


def make_image(path):
    """Each block begins with a number of its own, for which work_devices.c looks when it reads."""
    with open(path, "wb") as image:
        for block in range(IMAGE_SIZE // BLOCK):
            number = (block + 1) * STAMP & (1 << 64) - 1
            image.write(struct.pack("<Q", number).ljust(BLOCK, b"."))
        # What the host has to write back is written back before anything is measured.
        os.fsync(image.fileno())


class Peer:
    """A server on the host's loopback, for one guest after the other.  A client says how many bytes
    it wants, in 8 bytes; 0: it sends, and is told at its end how many bytes came.
    """

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _serve(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            with connection:
                try:
                    self._talk(connection)
                except OSError:
                    pass    # the guest's own end says what is wrong

    @staticmethod
    def _talk(connection):
        wanted = struct.unpack("<Q", connection.recv(8, socket.MSG_WAITALL))[0]
        while wanted:
            wanted -= connection.send(PIECE[:min(wanted, len(PIECE))])
            if not wanted:
                return
        buffer = bytearray(len(PIECE))
        total = 0
        while count := connection.recv_into(buffer):
            total += count
        connection.sendall(struct.pack("<Q", total))
