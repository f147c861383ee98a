"""What `make bench` makes of its figures: medians, ratios, targets, the chart; and the host's end
of its network rows.
"""

import io
import os
import socket
import struct
import sys
import types
import xml.etree.ElementTree

import pytest

from conftest import ROOT

sys.path.insert(0, os.path.join(ROOT, "ci", "bench"))
import chart  # noqa: E402
import devices  # noqa: E402
import report  # noqa: E402

TITLES = {"integer": "integer code", "debian": "Debian's kernel", "tests": "guest tests"}


@pytest.fixture
def result(monkeypatch):
    """Figures whose medians and ratios are known: interp is twice as slow, then as fast."""
    monkeypatch.setattr(report, "describe_host", lambda bench, load: {
        "god": "god 0", "qemu": "QEMU 0 (x)", "cpu": "<CPU> & Co", "cpus": 2, "busy": False,
        "load_before": 1.0, "load_after": load, "date": "2026-01-01T00:00:00"})
    return report.make(types.SimpleNamespace(
        engines=["interp"], arguments=types.SimpleNamespace(runs=3, percent=100),
        memory={"at the prompt": {"interp": 5 << 20, "slow": 7 << 20, "quick": 9 << 20}},
        instructions=3_000_000_000,
        samples={
            "integer": {"interp": [(9, 8), (10, 8), (90, 8)],
                        "slow": [(6, 3), (6, 3), (1, 3)], "quick": [(5, 4), (5, 4), (5, 4)]},
            "debian": {"interp": [(3, 3)], "slow": [(8, 8)], "quick": [(6, 6)]},
            "tests": {"interp": [(0.5, 0.5)], "slow": [(50, 50)], "quick": [(60, 60)]},
        }), TITLES, 1.0)


def test_each_row_is_held_against_the_better_qemu(result):
    integer, debian, tests = result["rows"]
    assert integer["machines"]["interp"]["median"] == 10
    assert (integer["qemu"], integer["ratio"], integer["cpu_ratio"]) == (
        "quick", {"interp": 2}, {"interp": pytest.approx(8 / 3, abs=1e-3)})
    assert (debian["qemu"], debian["ratio"]) == ("quick", {"interp": 0.5})
    assert (tests["qemu"], tests["ratio"]) == ("slow", {"interp": 0.01})


def test_geometric_mean(result):
    means = result["geometric_mean"]
    assert means["without the guest tests"]["ratio"]["interp"] == pytest.approx(1)
    assert means["all"]["ratio"]["interp"] == pytest.approx(0.01 ** (1 / 3), abs=1e-3)


def test_targets(result):
    met = {target["title"]: (target["value"], target["met"]) for target in result["targets"]}
    assert met["integer code"] == (300, True)
    assert met["integer code (CPU time)"] == (375, True)
    assert met["Debian's kernel"] == (0.5, True)
    assert met["guest tests"] == (0.5, True)
    assert report.target("x", 149, "", 150, at_least=True)["met"] is False
    assert report.target("x", 4.1, "", 4)["met"] is False


@pytest.mark.parametrize("busy", [False, True])
def test_busy_host(result, busy):
    """CPU time is what counts then, and the table says so."""
    result["host"]["busy"] = busy
    output = io.StringIO()
    report.print_table(result, output)
    assert "integer code" in output.getvalue()
    assert ("look at the ratios of CPU time" in output.getvalue()) == busy
    assert (">0.37</text>" in chart.draw(result)) == busy


def test_chart_has_a_bar_for_each_ratio(result):
    root = xml.etree.ElementTree.fromstring(chart.draw(result))
    tag = "{http://www.w3.org/2000/svg}"
    words = [element.text for element in root.iter(tag + "text")]
    # Speeds are the ratios turned over; the last bar is the mean.
    assert [word for word in words if word in ("0.50", "2.00", "100.00")] == [
        "0.50", "2.00", "100.00"]
    width, height = float(root.get("width")), float(root.get("height"))
    for bar in root.iter(tag + "rect"):
        if bar.get("x"):
            assert 0 <= float(bar.get("x"))
            assert float(bar.get("x")) + float(bar.get("width")) <= width
            assert float(bar.get("y")) + float(bar.get("height")) <= height


@pytest.fixture
def client():
    """A connection to the server that the network rows talk to."""
    with devices.Peer("127.0.0.1") as peer:
        with socket.create_connection(("127.0.0.1", peer.port), timeout=20) as connection:
            yield connection


def test_peer_sends_what_is_asked_for(client):
    client.sendall(struct.pack("<Q", 200000))
    received = 0
    while piece := client.recv(65536):
        received += len(piece)
    assert received == 200000


def test_peer_counts_what_it_takes(client):
    client.sendall(struct.pack("<Q", devices.TAKE) + bytes(100000))
    client.shutdown(socket.SHUT_WR)
    assert struct.unpack("<Q", client.recv(8, socket.MSG_WAITALL)) == (100000,)


def test_peer_echoes(client):
    client.sendall(struct.pack("<Q", devices.ECHO))
    for word in b"there", b"and back":
        client.sendall(word)
        assert client.recv(len(word), socket.MSG_WAITALL) == word


def test_network_namespace_is_left():
    """A tap interface is in it, and not where we were before and are again."""
    before = os.readlink("/proc/thread-self/ns/net")
    try:
        with devices.network_namespace():
            devices.make_tap("bench0", "10.9.0.1/24")
            inside = [name for _, name in socket.if_nameindex()]
    except OSError as error:
        pytest.skip(f"a tap interface in a namespace: {error}")
    assert "bench0" in inside
    assert os.readlink("/proc/thread-self/ns/net") == before
    assert "bench0" not in [name for _, name in socket.if_nameindex()]
