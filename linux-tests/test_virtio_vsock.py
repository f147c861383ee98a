"""Sockets between the host and the guest.

Where the host has no /dev/vhost-vsock, only what is said of that is tested here; ci/kvm-inner.sh
tests the device in the emulated arm64 host.
"""

import os
import socket
import threading

import pytest

import stream_peer

DEVICE = "/dev/vhost-vsock"
DRIVER = "/sys/bus/virtio/drivers/vmw_vsock_virtio_transport"
MIB = 4
# Not one that somebody would choose by hand: there is one space of them for the whole host.
CID = 0x5ead0000 + os.getpid() % 0x10000


@pytest.fixture
def vsock(boot):
    """A guest with sockets."""
    if not os.access(DEVICE, os.R_OK | os.W_OK):
        pytest.skip(f"no {DEVICE}, or not for us")
    return boot("small", "--vsock", str(CID), "--cpus", "2")


@pytest.fixture
def listener():
    with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) as listener:
        listener.bind((socket.VMADDR_CID_ANY, socket.VMADDR_PORT_ANY))
        listener.listen()
        listener.settimeout(60)
        yield listener


def to_the_host(guest, listener):
    """The guest connects, and sends; connects, and receives."""
    peer = threading.Thread(target=stream_peer.serve, args=(listener, MIB, ("receive", "send")))
    peer.start()
    port = listener.getsockname()[1]
    output = guest.output(f"stream send vsock:2 {port} {MIB}; stream receive vsock:2 {port}")
    peer.join()
    assert output.count(f"stream: {MIB << 20} in ") == 2


def to_the_guest(guest, command, other):
    """The host connects to where the guest listens."""
    guest.send(f"stream accept {command} vsock:any 7000 {MIB if command == 'send' else ''}\r")
    guest.expect("stream: listening")
    with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) as connection:
        connection.connect((CID, 7000))
        stream_peer.talk(connection, stream_peer.make_pattern(), MIB, other)
    guest.expect(rf"stream: {MIB << 20} in .*")
    guest.wait_prompt()


def test_both_ways_and_again_with_a_new_driver(vsock, listener):
    for _ in range(2):
        to_the_host(vsock, listener)
        to_the_guest(vsock, "send", "receive")
        to_the_guest(vsock, "receive", "send")
        vsock.output(f"for d in {DRIVER}/virtio*; do echo ${{d##*/}} > {DRIVER}/unbind;"
                     f" echo ${{d##*/}} > {DRIVER}/bind; done")


def test_the_host_hears_of_the_guests_reset(vsock, listener):
    """A connection that nobody uses, too; and the guest comes back with the same ID."""
    vsock.send(f"stream receive vsock:2 {listener.getsockname()[1]} &\r")
    with listener.accept()[0] as connection:
        connection.settimeout(60)
        vsock.send("reboot -f\r")
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    vsock.expect("Linux version")
    vsock.wait_prompt()
    to_the_host(vsock, listener)


def test_the_id_is_taken(vsock, god):
    run = god.run(*god.argv("small", "--vsock", str(CID))[1:])
    assert (run.returncode, run.stdout) == (69, "")
    assert run.stderr == f"god: {DEVICE}: the context ID {CID} is in use\n"


@pytest.mark.parametrize("cid", ["", "x", "-1", "0", "1", "2", "3x", "4294967295", "4294967299"])
def test_bad_ids(god, cid):
    run = god.run("run", "--kernel", "x", "--vsock", cid)
    assert (run.returncode, run.stdout) == (64, "")
    assert run.stderr.startswith(f"god: --vsock {cid}: a guest's context ID is from 3 to ")
    assert run.stderr.count("\n") == 1


def test_the_host_has_none(god):
    if os.path.exists(DEVICE):
        pytest.skip(f"there is a {DEVICE}")
    run = god.run(*god.argv("small", "--vsock", "3")[1:])
    assert (run.returncode, run.stdout) == (69, "")
    assert run.stderr.startswith(f"god: {DEVICE}: this host has no vsock for guests")
    assert run.stderr.count("\n") == 1


def test_not_in_virtual_time(god):
    run = god.run(*god.argv("small", "--virtual-time", "--vsock", "3")[1:])
    assert (run.returncode, run.stdout) == (69, "")
    assert "virtual time" in run.stderr
