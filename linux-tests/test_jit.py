"""The options of the engine that translates, and its statistics."""

import os
import re
import subprocess

import pytest

from conftest import ROOT

MUCH = os.path.join(ROOT, "build/guest-tests/code/much.elf")
HELLO = os.path.join(ROOT, "build/guest-tests/hello.elf")


@pytest.fixture(autouse=True)
def on_jit(god):
    if god.run("run", "--engine", "jit", "--binary", HELLO).returncode == 64:
        pytest.skip("there is no engine jit on this host")


def run(god, *options):
    done = god.run("run", "--engine", "jit", "--stats", *options)
    assert done.returncode == 0, done.stderr
    return done.stderr


def flushes(statistics):
    return int(re.search(r"flushed (\d+) times", statistics)[1])


def test_small_cache_is_emptied_and_filled_again(god):
    """A guest that generates and runs more code than there is room for gets it all executed."""
    assert flushes(run(god, "--jit-cache", "1M", "--binary", MUCH)) >= 2
    assert flushes(run(god, "--binary", MUCH)) == 0


def test_small_cache_is_enough_for_linux(god):
    argv = god.argv("small", "--engine", "jit", "--stats", "--jit-cache", "1M", "--cpus", "2")
    done = god.run(*argv[1:], input="seq 100 | sort -r | tail -n 1\npoweroff -f\n")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\n1\r?\n", done.stdout)
    assert flushes(done.stderr) >= 1


@pytest.mark.parametrize("option, value, word", [
    ("--jit-cache", "0", "at least 1M"), ("--jit-cache", "1000K", "1 to 1024 MiB"),
    ("--jit-cache", "1025M", "1 to 1024 MiB"), ("--jit-cache", "much", "not a size"),
    ("--jit-threshold", "0", "at least 1"), ("--jit-threshold", "256", "1st to the 255th"),
])
def test_what_cannot_be_is_refused(god, option, value, word):
    done = god.run("run", "--engine", "jit", option, value, "--binary", MUCH)
    assert done.returncode == 64
    assert re.fullmatch(r"god: .*\n", done.stderr) and word in done.stderr


def test_threshold(god):
    """What is reached for the first time can be translated at once."""
    def regions(threshold):
        statistics = run(god, "--jit-threshold", threshold, "--binary", HELLO)
        return int(re.search(r"translated (\d+) regions", statistics)[1])
    assert regions("255") == 0 < regions("1")


def test_statistics(god):
    """What was translated is counted, and the time in each kind of exit is measured."""
    argv = god.argv("small", "--engine", "jit", "--stats", "--cpus", "2")
    done = god.run(*argv[1:], input="sleep 2\npoweroff -f\n")
    assert re.search(r"^jit: \d{8,} instructions in \S+ seconds", done.stderr, re.M)
    for cpu in (0, 1):
        found = re.search(
            rf"^cpu {cpu}: translated (\d+) regions, (\d+) blocks, (\d+) instructions in (\S+) "
            r"seconds; cache (\S+) of 32.0 MiB, flushed 0 times$", done.stderr, re.M)
        regions, blocks, instructions, seconds, used = map(float, found.groups())
        assert 100 < regions < blocks < instructions
        assert 0 < seconds < 60 and 0 < used < 32
    waits = re.findall(r"^cpu \d: exit wfi (\d+) times in (\S+) seconds$", done.stderr, re.M)
    assert sum(float(seconds) for _, seconds in waits) > 2


def test_perf_map(god):
    """Each piece of translated code is in the map once, with its guest address."""
    argv = [god.path, "run", "--engine", "jit", "--jit-threshold", "1", "--perf-map", "--binary",
            MUCH]
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL) as running:
        assert running.wait(60) == 0
    path = f"/tmp/perf-{running.pid}.map"
    with open(path, encoding="ascii") as file:
        lines = [re.fullmatch(r"([0-9a-f]+) ([0-9a-f]+) (.*)\n", line).groups() for line in file]
    os.unlink(path)
    pieces = sorted((int(start, 16), int(size, 16), name) for start, size, name in lines)
    assert all(start + size <= after for (start, size, _), (after, _, _)
               in zip(pieces, pieces[1:]))
    names = [name for _, _, name in pieces]
    assert {"jit: enter", "jit: exit", "jit: call"} < set(names)
    for page in range(400):
        address = hex(0x40200000 + 4096 * page)
        assert f"guest: {address} [{address}]" in names
