#!/usr/bin/python3
"""The host end of linux-tests/programs/stream.c: it listens, serves one connection after the other.

    stream_peer.py ADDRESS PORT MIB COMMAND...

Each COMMAND is `send` (MIB MiB to the guest) or `receive` (as many from it).  It fails when a byte
is another than it should be.
"""

import array
import socket
import sys

MIB = 1 << 20


def make_pattern():
    numbers = array.array("Q", [0])
    for _ in range(MIB // 8 - 1):
        numbers.append((numbers[-1] * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def receive(connection, pattern, mib):
    piece = bytearray(MIB)
    for _ in range(mib):
        done = 0
        while done < MIB:
            count = connection.recv_into(memoryview(piece)[done:])
            assert count, "the guest sends less"
            done += count
        assert piece == pattern, "wrong bytes"
    assert not connection.recv(1), "the guest sends more"


def talk(connection, pattern, mib, command):
    with connection:
        connection.settimeout(60)
        if command == "receive":
            receive(connection, pattern, mib)
        else:
            for _ in range(mib):
                connection.sendall(pattern)


def serve(listener, mib, commands):
    """Listen already, so that whoever starts the guest knows that it finds us."""
    pattern = make_pattern()
    for command in commands:
        talk(listener.accept()[0], pattern, mib, command)


if __name__ == "__main__":
    with socket.create_server((sys.argv[1], int(sys.argv[2]))) as server:
        serve(server, int(sys.argv[3]), sys.argv[4:])
