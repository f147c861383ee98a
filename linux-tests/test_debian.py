"""A whole Debian on a disk: debootstrap's second stage, a login, apt-get; only with --long.

The disk is made by ci/rootfs.sh (as root, some minutes, from Debian's mirror) and kept in build/.
"""

import os
import shutil
import subprocess

import pytest

from conftest import ROOT
from guest import Guest


@pytest.fixture(scope="module")
def debian_disk(request, god, tmp_path_factory):
    """A copy of the disk that this module may write to."""
    if not request.config.getoption("--long"):
        pytest.skip("only with --long")
    disk = os.path.join(ROOT, "build", "debian.img")
    if not os.path.exists(disk):
        subprocess.run([os.path.join(ROOT, "ci/setup.sh"), "rootfs"], check=True)
        subprocess.run([os.path.join(ROOT, "ci/rootfs.sh"), god.path,
                        god.images.kernels["small"], disk], check=True)
    copy = tmp_path_factory.mktemp("debian") / "disk.img"
    shutil.copy(disk, copy)
    return copy


@pytest.fixture
def login(request, god, debian_disk):
    guest = Guest([god.path, "run", "--engine", god.engine, "--memory", "512M", "--cpus", "2",
                   "--kernel", god.images.kernels["small"], "--disk", str(debian_disk),
                   "--append", "console=ttyAMA0 root=/dev/vda rw"],
                  os.path.join(god.log_dir, request.node.name + ".log"))
    god.guests.append(guest)
    guest.expect("god login: ", timeout=120)
    guest.send("root\r")
    guest.expect("Password: ")
    guest.send("god\r")
    guest.expect("root@god:~# ")
    yield guest
    guest.close()
    god.guests.remove(guest)


def test_apt(login):
    login.send("apt-get --version\r")
    login.expect(r"apt [0-9.]+ \(arm64\)")
    login.expect("root@god:~# ")


def test_packages_are_whole(login):
    """What dpkg installed is on the disk as it was in the packages."""
    login.send("dpkg --verify && dpkg --audit && echo who''le\r")
    login.expect("whole", timeout=120)
    login.expect("root@god:~# ")


def test_power_off(login, debian_disk):
    """Init stops everything and the disk is clean: nothing is left to be repaired."""
    login.send("poweroff\r")
    assert login.wait_exit() == 0
    check = subprocess.run(["/sbin/e2fsck", "-fn", str(debian_disk)], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, check=False)
    assert check.returncode == 0, check.stdout
