"""Disks as Linux uses them: file systems, checksums, discard, errors, drivers that come and go."""

import contextlib
import hashlib
import os
import signal
import subprocess
import time

import pytest

MEBIBYTE = 1 << 20


def sparse(path, mebibytes):
    with open(path, "wb") as file:
        file.truncate(mebibytes * MEBIBYTE)
    return str(path)


def with_ext4(path, mebibytes, tree=None):
    sparse(path, mebibytes)
    options = ["-d", tree] if tree else []
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", *options, path], check=True)
    return str(path)


def fsck(path):
    """The journal is replayed, then there must be nothing left to repair."""
    done = subprocess.run(["/usr/sbin/e2fsck", "-f", "-p", path], check=False,
                          stdout=subprocess.PIPE, text=True)
    assert done.returncode in (0, 1), done.stdout
    subprocess.run(["/usr/sbin/e2fsck", "-f", "-n", path], check=True, stdout=subprocess.DEVNULL)


def md5(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def test_ext4(boot, tmp_path):
    """Files in, files out, and the host finds a sound file system with the same files."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "data").write_bytes(os.urandom(3 * MEBIBYTE + 17))
    image = with_ext4(tmp_path / "disk", 64, tree)
    guest = boot("small", "--disk", image, "--cpus", "2")
    guest.output("mount -t ext4 /dev/vda /mnt")
    assert guest.output("md5sum < /mnt/data").split()[0] == md5(tree / "data")
    guest.output("seq 1 200000 > /mnt/numbers; mkdir /mnt/sub; cp /mnt/data /mnt/sub")
    guest.output("umount /mnt")
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0
    fsck(image)
    subprocess.run(["/usr/sbin/debugfs", "-R", f"dump numbers {tmp_path}/numbers", image],
                   check=True, stderr=subprocess.DEVNULL)
    expected = "".join(f"{i}\n" for i in range(1, 200001)).encode()
    assert (tmp_path / "numbers").read_bytes() == expected


def test_every_byte_both_ways(boot, tmp_path):
    """256 MiB of the host's as the guest reads them, and as it writes them to another disk."""
    source = tmp_path / "source"
    with open(source, "wb") as file:
        for _ in range(64):
            file.write(os.urandom(4 * MEBIBYTE))
    target = sparse(tmp_path / "target", 256)
    guest = boot("small", "--disk", f"{source},ro", "--disk", target, "--cpus", "2")
    guest.output("dd if=/dev/vda of=/dev/vdb bs=1M iflag=direct oflag=direct", timeout=120)
    guest.output("sync")
    assert md5(target) == md5(source)
    assert guest.run("echo x > /dev/vda")[0] != 0
    assert guest.output("cat /sys/block/vda/ro") == "1"


def test_flushed_data_survives_a_kill(boot, tmp_path):
    image = with_ext4(tmp_path / "disk", 64)
    guest = boot("small", "--disk", image)
    guest.output("mount -t ext4 /dev/vda /mnt; seq 1 100000 > /mnt/kept; sync")
    guest.send("while true; do seq 1 1000 > /mnt/noise; mv /mnt/noise /mnt/other; done\r")
    time.sleep(1)
    os.kill(guest.child.pid, signal.SIGKILL)
    guest.wait_exit()
    fsck(image)
    guest = boot("small", "--disk", image)
    guest.output("mount -t ext4 /dev/vda /mnt")
    assert guest.output("cat /mnt/kept | md5sum") == guest.output("seq 1 100000 | md5sum")


def test_unbind_and_bind(boot, tmp_path):
    """The driver goes and comes, also while another process reads."""
    image = sparse(tmp_path / "disk", 16)
    guest = boot("small", "--disk", image, "--cpus", "2")
    driver = "/sys/bus/virtio/drivers/virtio_blk"
    guest.output("dd if=/dev/urandom of=/dev/vda bs=1M count=16 2>/dev/null; sync")
    for _ in range(3):
        guest.output("(dd if=/dev/vda of=/dev/null bs=4k 2>/dev/null &)")
        guest.output(f"echo virtio0 > {driver}/unbind; echo virtio0 > {driver}/bind")
    assert guest.output("md5sum < /dev/vda").split()[0] == md5(image)


def test_what_linux_learns_of_it(boot, tmp_path):
    guest = boot("small", "--disk", sparse(tmp_path / "disk", 16), "--cpus", "2")
    queue = "/sys/block/vda/queue"
    assert guest.output("cat /sys/block/vda/size") == str(16 * 2048)
    assert guest.output("cat /sys/block/vda/serial") == "god-disk-0"
    assert guest.output(f"cat {queue}/physical_block_size") == "4096"
    assert guest.output(f"cat {queue}/logical_block_size") == "512"
    assert guest.output(f"cat {queue}/write_cache") == "write back"
    assert guest.output("ls /sys/block/vda/mq | wc -l") == "2"


def test_sparse_stays_sparse(boot, tmp_path):
    """What is deleted in the guest is given back to the host."""
    image = with_ext4(tmp_path / "disk", 128)
    guest = boot("small", "--disk", image)
    guest.output("mount -t ext4 -o discard /dev/vda /mnt")
    empty = os.stat(image).st_blocks
    guest.output("dd if=/dev/urandom of=/mnt/big bs=1M count=40 2>/dev/null; sync")
    full = os.stat(image).st_blocks
    assert full - empty > 35 * 2048
    guest.output("rm /mnt/big; sync; sleep 1; sync")
    assert full - os.stat(image).st_blocks > 35 * 2048


@pytest.fixture
def full_host(tmp_path):
    """A file system of the host's with 4 MiB of room."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place],
                             check=False).returncode == 0
    if not mounted:
        pytest.skip("mounting a tmpfs takes root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_full_host_is_an_io_error(god, full_host):
    """The guest gets an I/O error and lives; standard error has the reason, once."""
    image = sparse(full_host / "disk", 16)
    script = ("dd if=/dev/zero of=/dev/vda bs=1M count=8 conv=fsync; echo status $?\n"
              "dd if=/dev/vda of=/dev/null bs=1M count=2 && echo alive\npoweroff -f\n")
    run = god.run(*god.argv("small", "--disk", image)[1:], input=script)
    assert run.returncode == 0
    assert "status 1" in run.stdout and "alive\n" in run.stdout.replace("\r", "")
    assert "I/O error" in run.stdout
    assert run.stderr.startswith(f"god: disk {image}: write of ")
    assert run.stderr.endswith("failed: No space left on device\n")
    assert run.stderr.count("\n") == 1


def test_disk_in_use(god, boot, tmp_path):
    image = sparse(tmp_path / "disk", 16)
    boot("small", "--disk", image)
    run = god.run(*god.argv("small", "--disk", image)[1:])
    assert (run.returncode, run.stdout) == (69, "")
    assert f"{image} is in use" in run.stderr


@pytest.mark.parametrize("value, status", [("", 64), (",ro", 66), ("/no/such/file", 66),
                                           ("/tmp", 65), ("/dev/null", 65),
                                           ("nbd+unix:///?socket=/no/such", 69)])
def test_bad_disks(god, value, status):
    run = god.run(*god.argv("small", "--disk", value)[1:])
    assert (run.returncode, run.stdout) == (status, "")
    assert run.stderr.startswith("god: ") and run.stderr.count("\n") == 1


@contextlib.contextmanager
def nbd_server(image, socket):
    """qemu-nbd on a Unix socket."""
    argv = ["qemu-nbd", "-f", "qcow2", "-k", socket, "-t", "--discard=unmap", image]
    with subprocess.Popen(argv) as server:
        while not os.path.exists(socket):
            assert server.poll() is None
            time.sleep(0.01)
        yield
        server.terminate()


def test_qcow2_by_nbd(god, boot, tmp_path):
    """Any image format, by a server of network block devices."""
    if "libnbd" in god.run(*god.argv("small", "--disk", "nbd+unix:///?socket=/no")[1:]).stderr:
        pytest.skip("this god has no libnbd")
    image, socket = str(tmp_path / "disk.qcow2"), str(tmp_path / "socket")
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", image, "64M"], check=True)
    with nbd_server(image, socket):
        guest = boot("small", "--disk", f"nbd+unix:///?socket={socket}")
        guest.output("dd if=/dev/urandom of=/dev/vda bs=1M count=20 seek=3 2>/dev/null; sync")
        sums = guest.output("md5sum < /dev/vda").split()[0]
        assert guest.output("echo 3 > /proc/sys/vm/drop_caches; md5sum < /dev/vda").split()[
            0] == sums
        guest.send("poweroff -f\r")
        assert guest.wait_exit() == 0
    subprocess.run(["qemu-img", "convert", "-O", "raw", image, tmp_path / "raw"], check=True)
    assert md5(tmp_path / "raw") == sums


def test_virtual_time_repeats(god, tmp_path):
    """With a disk, too, a run is a function of its inputs: the disk is one of them."""
    script = ("mount -t ext4 /dev/vda /mnt; seq 1 5000 > /mnt/file; sync; md5sum /mnt/file\n"
              "cat /proc/interrupts; umount /mnt; poweroff -f\n")
    results = []
    for _ in range(2):
        image = tmp_path / "disk"
        if not results:
            with_ext4(image, 16)
            content = image.read_bytes()
        image.write_bytes(content)
        (tmp_path / "script").write_text(script)
        with open(tmp_path / "script", encoding="utf-8") as stdin:
            done = subprocess.run(
                god.argv("small", "--virtual-time", "--disk", str(image), "--cpus", "2"),
                stdin=stdin, capture_output=True, timeout=120, check=True)
        results.append((done.stdout, md5(image)))
    assert b"/mnt/file" in results[0][0]
    assert results[0] == results[1]
