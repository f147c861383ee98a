"""Fixtures of the Linux tests: the god under test, the images, booted guests.

    make check-linux                               all of them
    make check-linux PYTEST_ARGS='-k timer -v'     some of them
    make check-linux ENGINE=interp                 on another engine

Where pytest-xdist is installed, as many files as the machine has CPUs are tested at a time.  The
console of each guest is kept in build/linux-tests/log/MODULE/.
"""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from guest import Guest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "ci"))

from programs import add_programs  # noqa: E402


def pytest_configure():
    """A shell that starts us in the background may have these signals ignored, and what god ignores
    from the start it goes on to ignore, as after nohup: the tests want to know what it does
    otherwise.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def pytest_addoption(parser):
    parser.addoption("--god", default="build/god", help="the god to test")
    parser.addoption("--engine", default="auto", help="the engine to test it with")
    parser.addoption("--stress-seconds", type=int, default=60,
                     help="how long the fork/exec/pipe/file test runs")
    parser.addoption("--long", action="store_true",
                     help="also the stress tests that take many minutes")


def pytest_report_header(config):
    return f"god: {config.getoption('god')}, engine: {config.getoption('engine')}"


# The files that take longest begin first: no process is left alone with one of them at the end.
LONGEST = ["test_stress", "test_hostile", "test_interrupts", "test_virtual_time", "test_smp"]


def pytest_collection_modifyitems(items):
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.module.__name__, len(LONGEST)))


class Images:
    def __init__(self, root):
        self.kernels = {
            "debian": os.path.join(root, "build/images/Image"),
            "small": os.path.join(root, "build/linux/arch/arm64/boot/Image"),
        }
        self.initramfs = os.path.join(root, "build/images/initramfs.cpio.gz")
        self.programs = os.path.join(root, "build/linux-tests")


class God:
    """The command under test."""

    def __init__(self, path, engine, images, log_dir):
        self.path = path
        self.engine = engine
        self.images = images
        self.log_dir = log_dir
        self.guests = []

    def argv(self, kernel, *options):
        """The command line that boots one of our kernels."""
        return [self.path, "run", "--engine", self.engine, "--kernel", self.images.kernels[kernel],
                "--initramfs", self.images.initramfs, *options]

    def boot(self, name, kernel, *options):
        """Start a guest on a pseudo-terminal and wait for its prompt."""
        log = os.path.join(self.log_dir, re.sub(r"[^\w.-]+", "_", name) + ".log")
        guest = Guest(self.argv(kernel, *options), log)
        self.guests.append(guest)
        guest.wait_prompt()
        return guest

    def run(self, *arguments, **options):
        """Run god to its end, without a terminal."""
        options = {"stdin": subprocess.DEVNULL, "timeout": 120, **options}
        if "input" in options:
            del options["stdin"]
        return subprocess.run([self.path, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace", check=False,
                              **options)

    def close(self):
        for guest in self.guests:
            guest.close()
        self.guests.clear()


@pytest.fixture(scope="session")
def images():
    images = Images(ROOT)
    extended = os.path.join(images.programs, "initramfs.cpio.gz")
    add_programs(images.initramfs, os.path.join(images.programs, "programs"), extended)
    images.initramfs = extended
    return images


@pytest.fixture(scope="session")
def log_dir():
    return os.path.join(ROOT, "build/linux-tests/log")


@pytest.fixture(scope="module")
def god(request, images, log_dir):
    path = os.path.join(ROOT, request.config.getoption("god"))
    logs = os.path.join(log_dir, request.module.__name__)
    os.makedirs(logs, exist_ok=True)
    god = God(path, request.config.getoption("engine"), images, logs)
    yield god
    god.close()


@pytest.fixture(scope="module", params=["small", "debian"])
def kernel(request):
    return request.param


@pytest.fixture(scope="module")
def guest(god, kernel):
    """A booted guest with two CPUs, that the tests of a module share: they leave it running."""
    started = time.monotonic()
    guest = god.boot(f"shared-{kernel}", kernel, "--cpus", "2", "--memory", "512M")
    guest.boot_seconds = time.monotonic() - started
    return guest


@pytest.fixture
def boot(request, god):
    """Boot a guest for one test: boot(kernel, option...)."""
    first = len(god.guests)

    def start(kernel, *options):
        return god.boot(request.node.name, kernel, *options)
    yield start
    for guest in god.guests[first:]:
        guest.close()
    del god.guests[first:]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Show the end of the guest's console with a failed test."""
    outcome = yield
    report = outcome.get_result()
    if not report.failed:
        return
    for guest in getattr(item.funcargs.get("god"), "guests", []):
        report.sections.append((f"console {guest.log.name}", guest.log_tail()))
