"""Virtual time: a run is a function of its inputs."""

import os
import re
import subprocess
import time

import pytest

SCRIPT = b"""uname -a
cat /proc/interrupts
sleep 3
cat /proc/uptime
for i in 1 2 3 4 5 6 7 8; do (head -c 100000 /dev/urandom | md5sum) & done; wait
date
poweroff -f
"""


class Run:
    """One boot with the script for input: what came out, and what it took."""

    def __init__(self, god, kernel, cpus, stdin, trace):
        argv = god.argv(kernel, "--virtual-time", "--stats", "--cpus", str(cpus),
                        "--timeout", "300", "--trace", f"irq,exit,exception:{trace}")
        done = subprocess.run(argv, stdin=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        self.output = done.stdout
        # Not the speed, which is the host's; and what other threads did to a vCPU.
        self.statistics = re.sub(r" in \S+ seconds.*", "", done.stderr.decode())
        with open(trace, "rb") as file:
            self.trace = file.read()


def run_twice(god, kernel, cpus, tmp_path):
    script = tmp_path / "script"
    script.write_bytes(SCRIPT)
    runs = []
    for _ in range(2):
        with open(script, "rb") as stdin:
            runs.append(Run(god, kernel, cpus, stdin, tmp_path / "trace"))
    return runs


def assert_same(first, second):
    assert first.output == second.output
    assert first.statistics == second.statistics
    assert first.trace == second.trace


@pytest.mark.parametrize("kernel, cpus", [("small", 1), ("small", 2), ("small", 4), ("debian", 2)])
def test_two_runs_are_the_same(god, kernel, cpus, tmp_path):
    """The same bytes, the same instruction counts, the same interrupts and exits in one order."""
    first, second = run_twice(god, kernel, cpus, tmp_path)
    assert re.search(rb"reboot: Power down", first.output)
    assert len(re.findall(rb"^[0-9a-f]{32}  -", first.output, re.M)) == 8
    assert re.search(r"[1-9]\d{7,} instructions", first.statistics)
    assert_same(first, second)


def test_slow_input_is_the_same_input(god, tmp_path):
    """Time stands still while a pipe has nothing to give."""
    quick = run_twice(god, "small", 1, tmp_path)[0]
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        for line in SCRIPT.splitlines(keepends=True):
            time.sleep(0.3)
            os.write(writer, line)
        os._exit(0)
    os.close(writer)
    slow = Run(god, "small", 1, reader, tmp_path / "trace")
    os.close(reader)
    os.waitpid(child, 0)
    assert_same(quick, slow)


def test_sleep_takes_no_time(god, tmp_path):
    script = tmp_path / "script"
    script.write_bytes(b"sleep 3600; cat /proc/uptime; poweroff -f\n")
    started = time.monotonic()
    with open(script, "rb") as stdin:
        run = Run(god, "small", 1, stdin, tmp_path / "trace")
    assert time.monotonic() - started < 60
    uptime = re.search(rb"^(\d+)\.\d+ ", run.output, re.M)
    assert 3600 <= int(uptime[1]) < 3700


def test_timeout_ends_the_wait_for_input(god):
    """A pipe that stays open and empty stops the guest, and nothing else."""
    reader, writer = os.pipe()
    argv = god.argv("small", "--virtual-time", "--timeout", "5")
    done = subprocess.run(argv, stdin=reader, capture_output=True, check=False, timeout=60)
    os.close(reader)
    os.close(writer)
    assert done.returncode == 124


def test_a_terminal_is_typed_at(boot):
    guest = boot("small", "--virtual-time", "--cpus", "2")
    assert guest.output("echo $((6 * 7))") == "42"
    guest.output("sleep 1000")
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0
