"""The virtio console: hvc0 on standard input and output, and named ports on Unix sockets."""

import hashlib
import os
import re
import socket
import subprocess
import threading

import pytest


def test_shell(boot):
    guest = boot("small", "--console", "virtio", "--append", "console=hvc0 quiet")
    assert guest.output("tty") == "/dev/hvc0"
    assert guest.output("stty size") == "24 80"
    guest.child.setwinsize(43, 132)
    guest.output("while [ \"$(stty size)\" != '43 132' ]; do usleep 10000; done")
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0


def test_interrupt_key(boot):
    guest = boot("small", "--console", "virtio")
    guest.send("echo go''ing; sleep 1000\r")
    guest.expect("going")
    guest.send("\x03")
    guest.wait_prompt()
    assert guest.output("echo alive") == "alive"


def test_everything_arrives_both_ways(god):
    """Through pipes, more than all buffers hold, and nothing is lost."""
    argv = god.argv("small", "--console", "virtio", "--append", "console=hvc0 quiet")
    lines = "".join(f"echo line {i} $(({i} * 7))\n" for i in range(500))
    done = subprocess.run(argv, input=lines + "seq 1 20000\npoweroff -f\n", capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    output = done.stdout.replace("\r", "")
    # The echo of what is typed ahead may stand before an answer.
    assert re.findall(r"line (\d+) \d+$", output, re.M) == [str(i) for i in range(500)]
    assert re.findall(r"^\d+$", output, re.M) == [str(i) for i in range(1, 20001)]


def test_virtual_time_repeats(god, tmp_path):
    script = tmp_path / "script"
    script.write_text("cat /proc/interrupts\nhead -c 32 /dev/hwrng | md5sum\ndate\npoweroff -f\n")
    argv = god.argv("small", "--console", "virtio", "--rng", "--virtual-time", "--stats")
    outputs = []
    for _ in range(2):
        with open(script, encoding="utf-8") as stdin:
            done = subprocess.run(argv, stdin=stdin, capture_output=True, timeout=60, check=True)
        outputs.append((done.stdout, re.sub(rb" in \S+ seconds.*", b"", done.stderr)))
    assert re.search(rb"^[0-9a-f]{32}  -", outputs[0][0], re.M)
    assert outputs[0] == outputs[1]


def find_port(guest, name):
    """The device of the port of that name."""
    files = guest.output("cd /sys/class/virtio-ports; grep -H . */name; cd")
    return "/dev/" + re.search(rf"^(\w+)/name:{re.escape(name)}$", files, re.M)[1]


def connect(path):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(60)
    client.connect(str(path))
    return client


def receive(client, count):
    data = b""
    while len(data) < count:
        piece = client.recv(1 << 16)
        assert piece, f"only {len(data)} bytes"
        data += piece
    return data


@pytest.mark.parametrize("console", ["uart", "virtio"])
def test_named_ports(boot, tmp_path, console):
    """More than all buffers hold, both ways, over two ports; clients come and go."""
    paths = {name: tmp_path / name for name in ("org.god.one", "two")}
    ports = [word for name, path in paths.items() for word in ("--port", f"{name}={path}")]
    guest = boot("small", "--console", console, *ports)
    devices = {name: find_port(guest, name) for name in paths}
    assert len(set(devices.values())) == 2
    for name, path in paths.items():
        # What a client has sent comes to the guest, also when it has long gone.
        content = os.urandom(300000)
        with connect(path) as client:
            sender = threading.Thread(target=client.sendall, args=(content,))
            sender.start()
            md5 = guest.output(f"head -c 300000 {devices[name]} | md5sum")
            sender.join()
            assert md5.split()[0] == hashlib.md5(content).hexdigest()
            # The next one waits, and has its turn.
            second = connect(path)
            second.sendall(b"second\n")
        assert guest.output(f"while ! read -r line < {devices[name]}; do usleep 10000; done;"
                            " echo $line") == "second"
        guest.output("head -c 300000 /dev/urandom > /tmp/sent;"
                     f" {{ cat /tmp/sent > {devices[name]} & }}")
        with second:
            received = receive(second, 300000)
        assert guest.output("wait; md5sum /tmp/sent").split()[0] == \
            hashlib.md5(received).hexdigest()
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0
    assert not any(path.exists() for path in paths.values())


def test_client_does_not_read(boot, tmp_path):
    """Who writes to it waits, and nobody else, nor does the end of the run."""
    guest = boot("small", "--port", f"slow={tmp_path}/slow")
    with connect(tmp_path / "slow"):
        guest.output(f"{{ cat /dev/zero > {find_port(guest, 'slow')} & }}")
        guest.output("usleep 300000; echo alive")
        guest.send("\x01x")
        assert guest.wait_exit() == 0


def test_stale_socket(boot, tmp_path):
    """What a god that was killed has left is no hindrance; one that listens is."""
    path = tmp_path / "port"
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))
    stale.close()
    guest = boot("small", "--port", f"name={path}")
    with connect(path) as client:
        guest.output(f"echo hello > {find_port(guest, 'name')}")
        assert receive(client, 6) == b"hello\n"


@pytest.mark.parametrize("value", ["", "name", "name=", "=path", "a/b=path", "..=path",
                                   "a b=path", 32 * "x" + "=path"])
def test_bad_ports(god, value):
    run = god.run("run", "--kernel", "x", "--port", value)
    assert (run.returncode, run.stdout) == (64, "")
    assert run.stderr.startswith("god: --port ") and run.stderr.count("\n") == 1


def test_port_cannot_listen(god, tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "no" / "such", tmp_path / (120 * "x")):
        run = god.run(*god.argv("small", "--port", f"name={path}")[1:])
        assert run.returncode != 0 and run.stdout == ""
        assert f"--port name: {path}: " in run.stderr and run.stderr.count("\n") == 1
    assert (tmp_path / "file").exists()
