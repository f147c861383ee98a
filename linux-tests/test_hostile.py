"""A host that turns on god while a guest runs, and a guest that turns on god.

Descriptors that are closed or not read, signals, limits: the guest goes on where it can; where it
can not, god ends with one line, leaves no trace, and has the terminal as it was.
"""

import fcntl
import hashlib
import os
import pty
import re
import resource
import select
import signal
import subprocess
import termios
import time

import pytest

from memory import resident

EX_OSERR = 71
EX_IOERR = 74

TROUBLE = re.compile(r"Oops|BUG:|WARNING:|Call trace|rcu.*stall|lockup|hung task|"
                     r"clocksource.*unstable")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settled(measure, within=1 << 20, seconds=20):
    """A measure as soon as it stays for a second; a failure when it never does."""
    value = measure()
    for _ in range(seconds):
        time.sleep(1)
        before, value = value, measure()
        if abs(value - before) < within:
            return value
    raise AssertionError(f"still changing: {before}, {value}")


FOLDERS = ("/dev/shm", "/tmp", "/var/tmp")


def traces():
    """What could have been left behind by a god; /tmp/god-test-* is what its unit tests make."""
    return {os.path.join(folder, name) for folder in FOLDERS for name in os.listdir(folder)
            if re.search(r"god(?!-test)|guest|jit|ram", name)}


def files_of(pid):
    """The paths of what the process has open or mapped."""
    paths = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        paths += [line.split(maxsplit=5)[5].strip() for line in maps if len(line.split()) > 5]
    return paths


def hello(god):
    """The command line of a small bare-metal guest."""
    return [god.path, "run", "--engine", god.engine, "--binary",
            os.path.join(os.path.dirname(god.path), "guest-tests/hello.bin")]


class Piped:
    """A guest whose console is two pipes."""

    def __init__(self, argv, **options):
        self.child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, **options)
        self.console = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.kill()
        for pipe in (self.child.stdin, self.child.stdout, self.child.stderr):
            if not pipe.closed:
                pipe.close()
        self.child.wait()

    def expect(self, text, timeout=60):
        deadline = time.monotonic() + timeout
        while text not in self.console:
            assert time.monotonic() < deadline, self.console[-1000:]
            if select.select([self.child.stdout], [], [], 1)[0]:
                more = os.read(self.child.stdout.fileno(), 65536)
                assert more, self.console[-1000:]
                self.console += more
        self.console = self.console.rpartition(text)[2]

    def type(self, text):
        os.write(self.child.stdin.fileno(), text)


# --- Output ---


def test_output_that_nobody_reads(god):
    """A guest that floods its UART waits for the reader: god keeps little, and can be ended."""
    with Piped(god.argv("small", "--cpus", "2")) as guest:
        guest.expect(b"~ # ")
        guest.type(b"cat /dev/zero >/dev/console & cat /dev/zero >/dev/console\n")
        # What the engine itself still needs memory for, code that is new to it, comes first.
        before = settled(lambda: resident(guest.child.pid)[1])
        time.sleep(3)
        assert resident(guest.child.pid)[1] - before < 16 << 20
        guest.child.send_signal(signal.SIGINT)
        assert guest.child.wait(20) == -signal.SIGINT


def test_output_that_nobody_reads_times_out(god):
    with Piped(god.argv("small", "--timeout", "15")) as guest:
        guest.expect(b"~ # ")
        guest.type(b"cat /dev/zero >/dev/console\n")
        assert guest.child.wait(40) == 124


def test_reader_goes_away(god):
    """EPIPE: one line, and the status of an output error."""
    with Piped(god.argv("small")) as guest:
        guest.expect(b"Linux version")
        guest.child.stdout.close()
        assert guest.child.wait(30) == EX_IOERR
        message = guest.child.stderr.read().decode()
    assert message == "god: standard output: Broken pipe\n"


def test_output_to_a_full_disk(god):
    with open("/dev/full", "wb") as full:
        run = subprocess.run(god.argv("small"), stdin=subprocess.DEVNULL, stdout=full,
                             stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert run.returncode == EX_IOERR
    assert run.stderr == "god: standard output: No space left on device\n"


def test_output_to_a_file_that_may_not_grow(god, tmp_path):
    """RLIMIT_FSIZE: an error like another, and not SIGXFSZ."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))

    path = tmp_path / "console"
    with open(path, "wb") as console:
        console.truncate((1 << 30) - 100)
        console.seek(0, os.SEEK_END)
        run = subprocess.run(god.argv("small", "--memory", "512M"), stdin=subprocess.DEVNULL,
                             stdout=console, stderr=subprocess.PIPE, text=True, check=False,
                             timeout=60, preexec_fn=limit)
    assert run.returncode == EX_IOERR
    assert run.stderr == "god: standard output: File too large\n"


# --- Input ---


def test_input_that_the_guest_does_not_read(god):
    """With flow control it waits on the host's side, and none of it is lost."""
    text = b"".join(b"%07d\n" % number for number in range(190000))
    with Piped(god.argv("small", "--append", "quiet")) as guest:
        guest.expect(b"~ # ")
        guest.type(b"stty raw -echo crtscts; echo rea''dy; sleep 4; head -c %d | md5sum\n"
                   % len(text))
        guest.expect(b"ready")
        before = resident(guest.child.pid)[1]
        os.set_blocking(guest.child.stdin.fileno(), False)
        sent = 0
        asleep = time.monotonic() + 2
        while time.monotonic() < asleep:
            if select.select([], [guest.child.stdin], [], 0.1)[1]:
                sent += os.write(guest.child.stdin.fileno(), text[sent:sent + 4096])
            assert sent < len(text)
        assert resident(guest.child.pid)[1] - before < 16 << 20
        os.set_blocking(guest.child.stdin.fileno(), True)
        while sent < len(text):
            sent += os.write(guest.child.stdin.fileno(), text[sent:])
        guest.expect(hashlib.md5(text).hexdigest().encode())


def test_power_off_while_input_flows(god):
    """What the devices still wait for when they are taken down wakes nobody up any more."""
    with Piped(god.argv("small", "--append", "quiet")) as guest:
        guest.expect(b"~ # ")
        guest.type(b"stty raw -echo crtscts; echo rea''dy; head -c 99999 >/dev/null; poweroff -f\n")
        guest.expect(b"ready")
        os.set_blocking(guest.child.stdin.fileno(), False)
        deadline = time.monotonic() + 60
        while guest.child.poll() is None:
            assert time.monotonic() < deadline
            try:
                os.write(guest.child.stdin.fileno(), b"x" * 4096)
            except (BlockingIOError, BrokenPipeError):
                time.sleep(0.01)
        assert guest.child.returncode == 0
        assert guest.child.stderr.read() == b""


def test_every_byte_of_a_terminal(boot):
    """A terminal's own characters (^C, ^V, ^S, ^Z, ...) are the guest's, all but Ctrl-A."""
    guest = boot("small")
    codes = [code for code in range(128) if code != 1]
    guest.send("stty raw -echo; echo rea''dy; head -c 127 | md5sum\r")
    guest.expect("ready")
    guest.send("".join(map(chr, codes)))
    guest.expect(hashlib.md5(bytes(codes)).hexdigest())


def test_closed_from_the_start(god):
    """Without descriptors 0, 1 and 2, no file of god's gets their numbers."""
    def close():
        os.closerange(0, 3)

    run = subprocess.Popen(hello(god), preexec_fn=close)
    assert run.wait(30) == EX_IOERR


def test_terminal_goes_away(god):
    """The other end of a terminal that does not control the process: the guest goes on without."""
    master, slave = pty.openpty()
    with subprocess.Popen(god.argv("small", "--append", "quiet"), stdin=slave,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          start_new_session=True) as child:
        os.close(slave)
        time.sleep(4)
        os.close(master)
        time.sleep(1)
        before = cpu_seconds(child.pid)
        time.sleep(2)
        assert child.poll() is None
        assert cpu_seconds(child.pid) - before < 0.5
        child.kill()


# --- Signals ---


@pytest.mark.parametrize("kernel, cpus", [("small", 1), ("small", 4), ("debian", 2)])
def test_stopped_for_a_while(boot, kernel, cpus):
    """SIGSTOP, and SIGCONT six seconds later: the guest's time goes on where it was."""
    guest = boot(kernel, "--cpus", str(cpus))
    before = float(guest.output("cut -d' ' -f1 /proc/uptime"))
    started = time.monotonic()
    os.kill(guest.child.pid, signal.SIGSTOP)
    time.sleep(6)
    os.kill(guest.child.pid, signal.SIGCONT)
    after = float(guest.output("cut -d' ' -f1 /proc/uptime"))
    # As long as the test took but for the stop; less than two seconds may be taken for a busy host.
    assert 0 <= after - before < time.monotonic() - started - 6 + 2
    # Timers go on, too.
    assert guest.output("time -f %e sleep 1 2>&1").startswith("1.")
    assert not TROUBLE.search(guest.output("dmesg"))
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0


def test_stopped_again_and_again(boot):
    """Stops that are too short to be noticed do not add up to trouble."""
    guest = boot("small", "--cpus", "2")
    guest.send("for i in $(seq 200); do echo turn $i; done | md5sum\r")
    for _ in range(20):
        os.kill(guest.child.pid, signal.SIGSTOP)
        time.sleep(0.1)
        os.kill(guest.child.pid, signal.SIGCONT)
        time.sleep(0.05)
    text = "".join(f"turn {number}\n" for number in range(1, 201))
    guest.expect(hashlib.md5(text.encode()).hexdigest())
    assert not TROUBLE.search(guest.output("dmesg"))


def take_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_killed(god):
    """kill -9: `reset` makes the terminal usable again, and nothing is left anywhere."""
    before = traces()
    master, slave = pty.openpty()
    settings = termios.tcgetattr(slave)
    flags = fcntl.fcntl(slave, fcntl.F_GETFL)
    console = b""
    with subprocess.Popen(god.argv("small", "--cpus", "2"), stdin=slave, stdout=slave,
                          stderr=slave, start_new_session=True,
                          preexec_fn=take_terminal) as child:
        while b"~ # " not in console:
            assert select.select([master], [], [], 60)[0]
            console += os.read(master, 65536)
        assert termios.tcgetattr(slave) != settings
        assert not [path for path in files_of(child.pid) if path.startswith(FOLDERS)
                    and not path.startswith(os.path.dirname(god.path))]
        child.kill()
        assert child.wait(10) == -signal.SIGKILL
    assert traces() <= before
    # What `reset` cannot bring back must not have changed.
    assert fcntl.fcntl(slave, fcntl.F_GETFL) == flags
    subprocess.run(["reset", "-Q", "vt100"], stdin=slave, stdout=slave, stderr=slave, check=True,
                   env={**os.environ, "TERM": "vt100"})
    after = termios.tcgetattr(slave)
    wanted = termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN
    assert after[3] & wanted == wanted
    assert after[0] & (termios.ICRNL | termios.BRKINT) == termios.ICRNL | termios.BRKINT
    assert after[1] & (termios.OPOST | termios.ONLCR) == termios.OPOST | termios.ONLCR
    os.close(slave)
    os.close(master)


# --- Limits ---


def test_memory_that_the_host_does_not_have(god):
    """RAM is taken when it is used: more than there is can be given, and a small guest runs."""
    run = god.run(*hello(god)[1:], "--memory", "250G")
    assert (run.returncode, run.stderr) == (0, "") or (
        run.returncode == EX_OSERR and re.fullmatch(r"god: cannot allocate .*\n", run.stderr))


@pytest.mark.parametrize("limit, options", [(resource.RLIMIT_AS, ()),
                                            (resource.RLIMIT_FSIZE, ("--share", "/tmp"))])
def test_memory_that_the_host_does_not_give(god, limit, options):
    """Address space, or the size of files (RAM that is shared is one, in memory): one line."""
    if limit == resource.RLIMIT_AS and "/san-" in god.path:
        pytest.skip("a sanitizer needs terabytes of address space")

    def restrict():
        resource.setrlimit(limit, (2 << 30, 2 << 30))

    run = god.run(*hello(god)[1:], "--memory", "4G", *options, preexec_fn=restrict)
    assert run.returncode == EX_OSERR
    assert re.fullmatch(r"god: cannot allocate 4294967296 bytes of guest memory: .*\n", run.stderr)


@pytest.mark.parametrize("descriptors", [4, 5, 6, 8, 10])
def test_few_descriptors(god, descriptors):
    """None is left at some point of the start: one line, or it was enough."""
    def restrict():
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

    run = god.run(*hello(god)[1:], preexec_fn=restrict)
    if run.returncode:
        assert re.fullmatch(r"god: [^\n]*Too many open files\n", run.stderr), run.stderr
        assert run.returncode in (66, EX_OSERR)
    else:
        assert run.stderr == ""
