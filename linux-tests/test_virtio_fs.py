"""Shared folders: what the host has, the guest has, and the other way round."""

import os
import re
import shutil
import signal
import subprocess
import time

import pytest

from conftest import ROOT


@pytest.fixture(scope="module", autouse=True)
def needs_virtiofsd(god, tmp_path_factory):
    """It must be there, and be allowed to shut itself in (QEMU's takes root)."""
    run = god.run("run", "--kernel", "/no/such/file", "--share",
                  str(tmp_path_factory.mktemp("probe")))
    if "virtiofsd" in run.stderr:
        pytest.skip(run.stderr)


def sums(directory):
    """As `find | sort | xargs md5sum` in a shell gives them."""
    command = "find . -type f | sort | xargs md5sum"
    return subprocess.run(command, shell=True, cwd=directory, check=True, capture_output=True,
                          text=True).stdout


def test_tree_both_ways(boot, tmp_path):
    """A tree of files goes in and comes back out with equal checksums."""
    # Without what fuzzing has gathered: each day another number of small files.
    shutil.copytree(os.path.join(ROOT, "devices"), tmp_path / "tree",
                    ignore=shutil.ignore_patterns("corpus"))
    (tmp_path / "tree/big").write_bytes(os.urandom(8 << 20))
    guest = boot("small", "--share", f"{tmp_path},tag=host folder", "--cpus", "2")
    guest.output("mount -t virtiofs 'host folder' /mnt")
    guest.output("cp -r /mnt/tree /tmp/tree")
    inside = guest.output("cd /tmp/tree; find . -type f | sort | xargs md5sum; cd", timeout=120)
    assert inside == sums(tmp_path / "tree").rstrip("\n")
    guest.output("cp -r /tmp/tree /mnt/back; ln -s back /mnt/link; mkdir /mnt/empty; sync")
    assert sums(tmp_path / "back") == sums(tmp_path / "tree")
    assert os.readlink(tmp_path / "link") == "back"
    (tmp_path / "new").write_text("from the host\n")
    assert guest.output("cat /mnt/new") == "from the host"
    guest.output("rm -r /mnt/back /mnt/empty; umount /mnt")
    assert not (tmp_path / "back").exists()


def test_two_folders_mounted_twice(boot, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "name").write_text(name)
    guest = boot("small", "--share", f"{tmp_path}/one,tag=one", "--share", f"{tmp_path}/two")
    for _ in range(2):
        for tag, name in (("one", "one"), ("share", "two")):
            guest.output(f"mount -t virtiofs {tag} /mnt")
            assert guest.output("cat /mnt/name") == name
            guest.output("umount /mnt")


def test_driver_goes_and_comes(boot, tmp_path):
    (tmp_path / "file").write_text("there")
    guest = boot("small", "--share", str(tmp_path))
    driver = "/sys/bus/virtio/drivers/virtiofs"
    for _ in range(3):
        guest.output("mount -t virtiofs share /mnt")
        assert guest.output("cat /mnt/file") == "there"
        guest.output("umount /mnt")
        guest.output(f"echo virtio0 > {driver}/unbind; echo virtio0 > {driver}/bind")


def test_guest_resets_with_it_mounted(boot, tmp_path):
    (tmp_path / "file").write_text("there")
    guest = boot("small", "--share", str(tmp_path))
    for _ in range(2):
        guest.output("mount -t virtiofs share /mnt")
        assert guest.output("cat /mnt/file") == "there"
        guest.send("reboot -f\r")
        guest.expect("Linux version")
        guest.wait_prompt()


def servers_of(pid):
    children = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", str(pid)], check=False,
                              capture_output=True, text=True).stdout
    return [int(number) for number in re.findall(r"(\d+) virtiofsd", children)]


def test_server_ends_with_god_and_god_lives_without_it(boot, tmp_path):
    guest = boot("small", "--share", str(tmp_path))
    servers = servers_of(guest.child.pid)
    assert servers
    guest.output("mount -t virtiofs share /mnt")
    for server in servers:
        os.kill(server, signal.SIGKILL)
    guest.expect("god: shared folder share: virtiofsd has ended")
    guest.send("\r")
    assert guest.output("echo alive") == "alive"
    guest.close()
    other = boot("small", "--share", str(tmp_path))
    servers = servers_of(other.child.pid)
    os.kill(other.child.pid, signal.SIGKILL)
    other.wait_exit()
    deadline = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{server}") for server in servers):
        assert time.monotonic() < deadline, "it ends when our end of the socket closes"
        time.sleep(0.05)


@pytest.mark.parametrize("value, status", [("", 64), (",tag=x", 64), ("/tmp,tag=", 64),
                                           ("/tmp,tag=" + 40 * "x", 64), ("/no/such/dir", 66),
                                           ("/etc/passwd", 66)])
def test_bad_shares(god, value, status):
    run = god.run(*god.argv("small", "--share", value)[1:])
    assert (run.returncode, run.stdout) == (status, "")
    assert run.stderr.startswith("god: ") and run.stderr.count("\n") == 1


def test_not_in_virtual_time(god, tmp_path):
    run = god.run(*god.argv("small", "--virtual-time", "--share", str(tmp_path))[1:])
    assert (run.returncode, run.stdout) == (69, "")
