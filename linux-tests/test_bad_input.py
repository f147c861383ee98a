"""Whatever is wrong with what the user gives: one clear line, a status of sysexits.h, no trace.

The terminal is as it was on every way out.
"""

import fcntl
import gzip
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

import pytest

EX_USAGE = 64
EX_DATAERR = 65
EX_NOINPUT = 66


def complains(run, *statuses):
    """One line on standard error, nothing on standard output, one of the statuses."""
    assert run.stdout == ""
    assert run.stderr.startswith("god: ") and run.stderr.count("\n") == 1, run.stderr
    assert run.stderr.endswith("\n") and len(run.stderr) > 15
    assert run.returncode in statuses, run.stderr


@pytest.fixture
def boot_file(god, tmp_path):
    """Try to boot a kernel with this content."""
    def boot(content, *options):
        path = tmp_path / "kernel"
        path.write_bytes(content)
        run = god.run("run", "--engine", god.engine, "--kernel", str(path), "--timeout", "20",
                      *options)
        assert str(path) in run.stderr
        return run
    return boot


def small(images):
    with open(images.kernels["small"], "rb") as kernel:
        return kernel.read()


def test_missing_kernel(god):
    run = god.run("run", "--kernel", "/no/such/file")
    complains(run, EX_NOINPUT)
    assert "/no/such/file" in run.stderr


def test_empty_kernel(boot_file):
    complains(boot_file(b""), EX_DATAERR)


def test_truncated_kernel(boot_file, images):
    """The header is cut off in its middle."""
    complains(boot_file(small(images)[:60]), EX_DATAERR)


def test_truncated_compressed_kernel(boot_file, images):
    data = gzip.compress(small(images), 1)
    complains(boot_file(data[:len(data) // 2]), EX_DATAERR)


def test_corrupt_gzip(boot_file, images):
    data = bytearray(gzip.compress(small(images), 1))
    for offset in range(len(data) // 2, len(data) // 2 + 64):
        data[offset] ^= 0x5a
    complains(boot_file(bytes(data)), EX_DATAERR)


def test_gzip_of_nothing(boot_file):
    complains(boot_file(gzip.compress(b"")), EX_DATAERR)


def test_kernel_of_another_machine(boot_file):
    """An ELF program for the PC."""
    with open("/bin/true", "rb") as program:
        data = bytearray(program.read())
    struct.pack_into("<H", data, 18, 62)  # e_machine: EM_X86_64
    complains(boot_file(bytes(data)), EX_DATAERR)


def test_big_endian_kernel(boot_file, images):
    """Bit 0 of the header's flags: a kernel that we can not run."""
    data = bytearray(small(images))
    data[24] |= 1
    complains(boot_file(bytes(data)), EX_DATAERR)


def test_kernel_larger_than_memory(boot_file, images):
    data = bytearray(small(images))
    struct.pack_into("<Q", data, 16, 1 << 62)  # image_size
    complains(boot_file(bytes(data)), EX_USAGE, EX_DATAERR)


def test_initramfs_larger_than_memory(god, images, tmp_path):
    path = tmp_path / "initramfs"
    with open(path, "wb") as file:
        file.truncate(256 << 20)
    run = god.run("run", "--engine", god.engine, "--kernel", images.kernels["small"],
                  "--initramfs", str(path), "--memory", "128M", "--timeout", "20")
    complains(run, EX_USAGE, EX_DATAERR)


def test_missing_initramfs(god, images):
    run = god.run("run", "--kernel", images.kernels["small"], "--initramfs", "/no/such/file")
    complains(run, EX_NOINPUT)


@pytest.mark.parametrize("memory", ["0", "1M", "-1", "", "512X", "99999999999999999999G",
                                    "17179869183G"])
def test_memory(god, memory):
    complains(god.run(*god.argv("small", f"--memory={memory}", "--timeout", "20")[1:]),
              EX_USAGE, EX_DATAERR)


@pytest.mark.parametrize("cpus", ["0", "1000", "-1", "two", "", "1.5", "4294967297"])
def test_cpus(god, cpus):
    complains(god.run(*god.argv("small", f"--cpus={cpus}", "--timeout", "20")[1:]), EX_USAGE)


@pytest.mark.parametrize("arguments", [
    [],
    ["walk"],
    ["run"],
    ["run", "--no-such-option"],
    ["run", "--kernel"],
    ["run", "--kernel", "a", "extra"],
    ["run", "--kernel", "a", "--binary", "b"],
    ["run", "--kernel", "a", "--engine", "steam"],
    ["run", "--kernel", "a", "--gic", "7"],
    ["run", "--kernel", "a", "--timeout", "soon"],
    ["run", "--kernel", "a", "--trace", "nonsense"],
    ["test", "--no-such-option"],
], ids=" ".join)
def test_usage(god, arguments):
    complains(god.run(*arguments), EX_USAGE)


def test_directory_as_kernel(god):
    complains(god.run("run", "--kernel", "/etc"), EX_NOINPUT, EX_DATAERR)


def test_unreadable_kernel(god, tmp_path):
    """Root may read everything: become nobody for this."""
    path = tmp_path / "kernel"
    path.write_bytes(b"x")
    path.chmod(0)
    options = {}
    if os.getuid() == 0:
        # Nobody must reach god and the file.
        god_path = f"/proc/self/fd/{os.open(god.path, os.O_RDONLY)}"
        options = {"user": 65534, "group": 65534, "executable": god_path,
                   "pass_fds": [int(god_path.rpartition("/")[2])]}
    run = god.run("run", "--kernel", str(path), **options)
    complains(run, EX_NOINPUT)


@pytest.mark.parametrize("program", ["nowhere", "unmapped", "loop"])
@pytest.mark.parametrize("form", ["elf", "bin"])
def test_guest_that_never_ends(god, images, program, form):
    """A jump to nowhere, an access to nothing, an endless loop: --timeout ends them all.

    (With no exception vectors, the first two take an exception at the vector, for ever.)
    """
    path = os.path.join(images.programs, f"{program}.{form}")
    run = god.run("run", "--engine", god.engine, "--binary", path, "--timeout", "1")
    complains(run, 124)


def take_terminal():
    """In the child: make the terminal on standard input the controlling one, as a login does."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def terminal_run(argv, keys=b"", signal_number=None, after=None, controlling=True):
    """Run on a terminal; return the status and whether the terminal is as before.

    When `after` was printed, check that the terminal is raw and send the keys or the signal.
    """
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    output = b""
    deadline = time.monotonic() + 60
    with subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                          preexec_fn=take_terminal if controlling else None) as child:
        while child.poll() is None and time.monotonic() < deadline:
            if select.select([master], [], [], 0.05)[0]:
                output += os.read(master, 65536)
            if after is not None and after in output:
                after = None
                assert termios.tcgetattr(slave)[3] & (termios.ICANON | termios.ECHO) == 0
                os.write(master, keys)
                if signal_number is not None:
                    child.send_signal(signal_number)
        if child.poll() is None:
            child.kill()
    same = termios.tcgetattr(slave) == before
    os.close(slave)
    os.close(master)
    return child.returncode, same


def test_terminal_after_bad_input(god):
    status, same = terminal_run([god.path, "run", "--kernel", "/no/such/file"])
    assert (status, same) == (EX_NOINPUT, True)


def test_terminal_after_poweroff(god):
    status, same = terminal_run(god.argv("small"), keys=b"poweroff -f\r", after=b"~ # ")
    assert (status, same) == (0, True)


def test_terminal_after_escape(god):
    """Ctrl-A x leaves."""
    status, same = terminal_run(god.argv("small"), keys=b"\x01x", after=b"~ # ")
    assert (status, same) == (0, True)


def test_terminal_that_does_not_control(god):
    """As after setsid: standard input is a terminal, but not that of our session."""
    status, same = terminal_run(god.argv("small", "--timeout", "2"), controlling=False)
    assert (status, same) == (124, True)


def test_terminal_after_timeout(god):
    status, same = terminal_run(god.argv("small", "--timeout", "2"))
    assert (status, same) == (124, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_terminal_after_signal(god, number):
    status, same = terminal_run(god.argv("small"), signal_number=number, after=b"Linux version")
    assert status != 0 and same
