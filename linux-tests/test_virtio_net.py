"""The network: user-mode networking without privileges, and tap in a namespace of its own."""

import hashlib
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest

import stream_peer
from conftest import ROOT

# What udhcpc does with what it has learnt.
DHCP_SCRIPT = """[ "$1" = bound ] || exit 0
ip addr add $ip/$mask dev $interface
ip route add default via $router
echo nameserver $dns > /etc/resolv.conf
"""


@pytest.fixture(scope="module", autouse=True)
def needs_libslirp(god):
    run = god.run("run", "--kernel", "/no/such/file", "--net", "user")
    if "libslirp" in run.stderr:
        pytest.skip("this god has no libslirp")


@pytest.fixture
def server(tmp_path):
    """An HTTP server on the host's loopback, with a directory to serve."""
    def handler(*arguments):
        return http.server.SimpleHTTPRequestHandler(*arguments, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        httpd.directory = tmp_path
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield httpd
        httpd.shutdown()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configure(guest, tmp_path):
    script = tmp_path / "dhcp"
    script.write_text(DHCP_SCRIPT)
    guest.type_file(script, "/tmp/dhcp")
    guest.output("chmod +x /tmp/dhcp; sed -i '1i #!/bin/sh' /tmp/dhcp; ip link set eth0 up")
    guest.output("udhcpc -q -n -i eth0 -s /tmp/dhcp")


def test_user_network(boot, server, tmp_path):
    """DHCP, ping, a download and an upload of megabytes, with equal checksums."""
    content = os.urandom(8 << 20)
    (server.directory / "big").write_bytes(content)
    port = free_port()
    guest = boot("small", "--net", f"user,hostfwd=tcp:127.0.0.1:{port}-:80", "--cpus", "2")
    configure(guest, tmp_path)
    assert "10.0.2.15/24" in guest.output("ip addr show eth0")
    assert "52:54:00:12:34:56" in guest.output("cat /sys/class/net/eth0/address")
    assert guest.output("cat /etc/resolv.conf") == "nameserver 10.0.2.3"
    guest.output("ping -c 2 10.0.2.2")
    guest.output(f"wget -q -O /tmp/big http://10.0.2.2:{server.server_port}/big")
    assert guest.output("md5sum < /tmp/big").split()[0] == hashlib.md5(content).hexdigest()
    # The other way: the guest's own server, through a port of the host's.
    guest.output("httpd -p 80 -h /tmp")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/big", timeout=60) as answer:
        assert answer.read() == content


def test_driver_goes_and_comes(boot, tmp_path):
    guest = boot("small", "--net", "user,mac=52:54:00:aa:bb:cc")
    driver = "/sys/bus/virtio/drivers/virtio_net"
    for _ in range(3):
        configure(guest, tmp_path)
        assert guest.output("cat /sys/class/net/eth0/address") == "52:54:00:aa:bb:cc"
        guest.output("ping -c 1 10.0.2.2")
        guest.output(f"echo virtio0 > {driver}/unbind; echo virtio0 > {driver}/bind")


def speeds(output, mib):
    """What the guest's stream says, in MiB a second."""
    lines = re.findall(r"^stream: (\d+) in ([\d.]+)", output, re.M)
    assert [int(count) for count, _ in lines] == [mib << 20] * len(lines)
    return [mib / float(seconds) for _, seconds in lines]


def test_user_network_throughput(boot, tmp_path, record_property):
    """TCP, as fast as it goes, each way."""
    mib = 16
    guest = boot("small", "--net", "user", "--cpus", "2")
    configure(guest, tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        peer = threading.Thread(target=stream_peer.serve,
                                args=(listener, mib, ("receive", "send")))
        peer.start()
        port = listener.getsockname()[1]
        output = guest.output(f"stream send 10.0.2.2 {port} {mib};"
                              f" stream receive 10.0.2.2 {port}")
        peer.join()
    to_host, to_guest = speeds(output, mib)
    record_property("MiB a second to the host", to_host)
    record_property("MiB a second to the guest", to_guest)


def test_port_in_use(god):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        run = god.run(*god.argv("small", "--net", f"user,hostfwd=tcp:127.0.0.1:{port}-:80")[1:])
    assert run.stdout == "" and run.returncode != 0
    assert f"cannot forward port {port}" in run.stderr and run.stderr.count("\n") == 1


@pytest.mark.parametrize("value", ["", "usr", "tap=", "user,,", "user,hostfwd=tcp:80-:80",
                                   "user,hostfwd=tcp::0-:80", "user,hostfwd=tcp::80-:65536",
                                   "user,hostfwd=icmp::80-:80", "tap=" + 20 * "x",
                                   "user,mac=1", "user,mac=01:00:00:00:00:00",
                                   "tap=t,hostfwd=tcp::80-:80", "user,hostfwd=tcp:x:80-:80",
                                   "tap=t,queues=0", "tap=t,queues=9", "tap=t,queues=x",
                                   "user,queues=2"])
def test_bad_networks(god, value):
    run = god.run("run", "--kernel", "x", "--net", value)
    assert (run.returncode, run.stdout) == (64, "")
    assert run.stderr.startswith("god: --net ") and run.stderr.count("\n") == 1


def in_namespace(script):
    """Run a shell script as root of a new network namespace, if that can be done here."""
    return subprocess.run(["unshare", "--net", "sh", "-ec", script], check=False,
                          capture_output=True, text=True, timeout=120)


@pytest.fixture
def tap():
    probe = "ip tuntap add t0 mode tap"
    if os.geteuid() or not shutil.which("ip") or in_namespace(probe).returncode:
        pytest.skip("a tap interface in a namespace takes root, ip and /dev/net/tun")


@pytest.mark.usefixtures("tap")
@pytest.mark.parametrize("queues", [1, 3])
def test_tap(god, tmp_path, queues):
    """A tap interface: ping, and TCP both ways with checksums and segments offloaded, over one pair
    of queues and over several, of which the guest uses one for each of its two CPUs.
    """
    mib = 16
    peers = [8000 + i for i in range(4)]
    commands = ("ip addr add 10.9.9.2/24 dev eth0; ip link set eth0 up\n"
                "echo queues $(ls -d /sys/class/net/eth0/queues/rx-* | wc -l)\n"
                "ping -c 2 10.9.9.1 && echo answered\n"
                # One after the other, so that the speed is that of one, and then all at once.
                f"stream send 10.9.9.1 8000 {mib}; stream receive 10.9.9.1 8000\n"
                + "".join(f"(stream send 10.9.9.1 {port} {mib};"
                          f" stream receive 10.9.9.1 {port}) &\n" for port in peers[1:])
                + "wait\npoweroff -f\n")
    (tmp_path / "input").write_text(commands)
    god_argv = " ".join(god.argv("small", "--net", f"tap=god0,queues={queues}", "--cpus", "2"))
    peer = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stream_peer.py")
    done = in_namespace(
        f"ip tuntap add god0 mode tap {'multi_queue' if queues > 1 else ''}\n"
        "ip addr add 10.9.9.1/24 dev god0; ip link set god0 up\n"
        + "".join(f"{sys.executable} {peer} 10.9.9.1 {port} {mib} receive send & p{port}=$!\n"
                  for port in peers)
        + f"{god_argv} < {tmp_path}/input\n"
        + "".join(f"wait $p{port}\n" for port in peers))
    assert done.returncode == 0, done.stdout + done.stderr
    output = done.stdout.replace("\r", "")
    assert "answered" in output.replace("&& echo answered", "")
    assert f"queues {min(queues, 2)}\n" in output
    assert len(speeds(output, mib)) == 2 * len(peers)


@pytest.fixture(scope="session")
def iperf3_disk(tmp_path_factory):
    """A file system with Debian's arm64 iperf3 and its libraries."""
    tree = os.path.join(ROOT, "build", "iperf3")
    if not shutil.which("iperf3") or not os.path.exists(tree):
        pytest.skip("no iperf3 on this host, or none for the guest (make iperf3)")
    disk = tmp_path_factory.mktemp("iperf3") / "disk.img"
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-d", tree, disk, "64M"], check=True)
    return disk


def check_iperf3(report, **least):
    """No error, and so many bytes.  The client knows of both ends, the server of its own."""
    assert "error" not in report
    for name, count in least.items():
        assert report["end"][name]["bytes"] >= count, report["end"]


@pytest.mark.usefixtures("tap")
def test_iperf3(god, tmp_path, iperf3_disk, record_property):
    """iperf3's client in the guest, its server on the host, each of the two the sender once."""
    size = 16 << 20
    client = ("/mnt/lib/ld-linux-aarch64.so.1 "
              "--library-path /mnt/lib/aarch64-linux-gnu:/mnt/usr/lib/aarch64-linux-gnu "
              f"/mnt/usr/bin/iperf3 --json --client 10.9.9.1 --bytes {size}")
    (tmp_path / "input").write_text(
        "mount -t ext4 -o ro /dev/vda /mnt\n"
        "ip addr add 10.9.9.2/24 dev eth0; ip link set eth0 up\n"
        f"{client} --port 5201; {client} --port 5202 --reverse\n"
        "poweroff -f\n")
    god_argv = " ".join(god.argv("small", "--net", "tap=god0", "--disk", f"{iperf3_disk},ro"))
    done = in_namespace(
        "ip tuntap add god0 mode tap\n"
        "ip addr add 10.9.9.1/24 dev god0; ip link set god0 up\n"
        + "".join(f"iperf3 --server --one-off --json --port {port} >{tmp_path}/{port} & "
                  f"p{port}=$!\n"
                  f"until ss -Hltn sport = :{port} | grep -q .; do sleep 0.1; done\n"
                  for port in (5201, 5202))
        + f"{god_argv} < {tmp_path}/input\n"
        "wait $p5201; wait $p5202\n")
    assert done.returncode == 0, done.stdout + done.stderr
    # What the guest prints is its client's report, between two lines of a brace alone.
    output = done.stdout.replace("\r", "")
    to_host, to_guest = map(json.loads, re.findall(r"^\{\n.*?^\}\n", output, re.M | re.S))
    from_guest, from_host = (json.loads((tmp_path / str(port)).read_text())
                             for port in (5201, 5202))
    # What is under way when the sender has sent enough, the receiver does not count.
    for client_report in (to_host, to_guest):
        check_iperf3(client_report, sum_sent=size, sum_received=size // 2)
    check_iperf3(from_guest, sum_received=size // 2)
    check_iperf3(from_host, sum_sent=size)
    for name, report in (("host", to_host), ("guest", to_guest)):
        record_property(f"bits a second to the {name}",
                        report["end"]["sum_received"]["bits_per_second"])


@pytest.mark.usefixtures("tap")
def test_tap_without_several_queues(god):
    """An interface that was made for one queue has no others."""
    god_argv = " ".join(god.argv("small", "--net", "tap=t0,queues=2"))
    done = in_namespace(f"ip tuntap add t0 mode tap; {god_argv} < /dev/null")
    assert done.returncode != 0 and done.stdout == ""
    assert "network interface t0: " in done.stderr and done.stderr.count("\n") == 1
