"""What the rows of devices need on the host: a disk's image, a server to talk TCP to, and a network
namespace with tap interfaces in it.
"""

import contextlib
import ctypes
import os
import socket
import struct
import subprocess
import threading

IMAGE_SIZE = 64 << 20
BLOCK = 4096
STAMP = 0x9e3779b97f4a7c15
PIECE = bytes(1 << 16)

# What a client of Peer says first instead of a number of bytes.
TAKE, ECHO = 0, (1 << 64) - 1

CLONE_NEWNET = 0x40000000


def make_image(path):
    """Each block begins with a number of its own, for which work_devices.c looks when it reads."""
    with open(path, "wb") as image:
        for block in range(IMAGE_SIZE // BLOCK):
            number = (block + 1) * STAMP & (1 << 64) - 1
            image.write(struct.pack("<Q", number).ljust(BLOCK, b"."))
        # What the host has to write back is written back before anything is measured.
        os.fsync(image.fileno())


class Peer:
    """A server on the host, for one guest after the other.  A client says in 8 bytes how many bytes
    it wants.  TAKE: it sends, and is told at its end how many bytes came; ECHO: what it sends comes
    back.
    """

    def __init__(self, address):
        self.listener = socket.create_server((address, 0))
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
        if wanted == TAKE:
            buffer = bytearray(len(PIECE))
            total = 0
            while count := connection.recv_into(buffer):
                total += count
            connection.sendall(struct.pack("<Q", total))
        elif wanted == ECHO:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while piece := connection.recv(len(PIECE)):
                connection.sendall(piece)
        else:
            while wanted:
                wanted -= connection.send(PIECE[:min(wanted, len(PIECE))])


@contextlib.contextmanager
def network_namespace():
    """A new network namespace: what this thread opens and starts meanwhile is in it.  OSError where
    we may not."""
    libc = ctypes.CDLL(None, use_errno=True)

    def check(result):
        if result:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    with open("/proc/thread-self/ns/net", "rb") as ours:
        check(libc.unshare(CLONE_NEWNET))
        try:
            yield
        finally:
            check(libc.setns(ours.fileno(), CLONE_NEWNET))


def make_tap(name, address):
    """A tap interface, up, with that address of ours on it.  OSError where there is no way to."""
    for command in (f"tuntap add {name} mode tap", f"address add {address} dev {name}",
                    f"link set {name} up"):
        run = subprocess.run(["ip", *command.split()], check=False, capture_output=True, text=True)
        if run.returncode:
            raise OSError(f"ip {command}: {run.stderr.strip()}")
