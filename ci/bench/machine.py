"""The machines that `make bench` compares: how god and QEMU are started, watched and ended.

Seconds alone mean little on a host that has other things to do, so whatever is measured is
measured twice: the time that passed, and the time that the machine's process had a host CPU (user
and system).
"""

import os
import select
import signal
import subprocess
import time

PROMPT = b"~ # "

# Virtio 1.0 over MMIO, as god has it.
QEMU_VIRTIO = ["-global", "virtio-mmio.force-legacy=false"]


class BenchError(Exception):
    """A machine did not do what it was asked to."""


def cpu_clock(pid):
    """The CPU time clock of a process, in the kernel's encoding (clock_getcpuclockid(3))."""
    return ~pid << 3 | 2


def peak_memory(pid):
    """The largest resident set of a live process, in bytes, touched guest RAM included."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    raise BenchError(f"process {pid} has ended")


class Kind:
    """A way to make a machine: one engine of god, or one CPU model of QEMU."""

    def __init__(self, name, start, boot, cpus, program, devices, tap, is_god):
        self.name = name
        self.is_god = is_god
        self.start = start      # the command and what it always gets
        self.cpus_option = cpus
        self.boot_option = boot
        self.program_option = program
        self.devices = devices  # options: a disk of that image, and user-mode networking
        self.tap = tap          # options: a network that is that tap interface

    def boot_argv(self, kernel, initramfs, cpus):
        return [*self.start, self.cpus_option, str(cpus),
                *self.boot_option(kernel, initramfs)]

    def program_argv(self, program):
        """Run a bare-metal program that powers the machine off."""
        return [*self.start, *self.program_option(program)]


def god_kind(god, engine):
    return Kind(
        engine, [god, "run", "--engine", engine, "--memory", "512M"],
        lambda kernel, initramfs: ["--kernel", kernel, "--initramfs", initramfs],
        "--cpus", lambda program: ["--binary", program],
        lambda image: ["--disk", image, "--net", "user"],
        lambda interface: ["--net", f"tap={interface}"], True)


def qemu_kind(qemu, name, cpu):
    return Kind(
        name, [qemu, "-M", "virt,gic-version=3", "-cpu", cpu, "-accel", "tcg", "-m", "512M",
               "-nic", "none", "-display", "none", "-monitor", "none", "-serial", "stdio"],
        lambda kernel, initramfs: ["-kernel", kernel, "-initrd", initramfs,
                                   "-append", "console=ttyAMA0"],
        "-smp", lambda program: ["-kernel", program],
        # Caching and all else as QEMU does it by itself.
        lambda image: [*QEMU_VIRTIO, "-drive", f"file={image},format=raw,if=none,id=disk",
                       "-device", "virtio-blk-device,drive=disk",
                       "-netdev", "user,id=net", "-device", "virtio-net-device,netdev=net"],
        lambda interface: [*QEMU_VIRTIO,
                           "-netdev", f"tap,id=net,ifname={interface},script=no,downscript=no",
                           "-device", "virtio-net-device,netdev=net"],
        False)


class Machine:
    """A running guest, its console on two pipes.  A context: whatever happens, it is ended."""

    def __init__(self, kind, kernel, initramfs, cpus=1, options=(), timeout=600):
        self.kind = kind
        self.timeout = timeout
        self.console = bytearray()
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [*kind.boot_argv(kernel, initramfs, cpus), *options], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def cpu_seconds(self):
        return time.clock_gettime(cpu_clock(self.process.pid))

    def peak_memory(self):
        return peak_memory(self.process.pid)

    def _fail(self, what):
        tail = self.console[-1500:].decode(errors="replace")
        raise BenchError(f"{self.kind.name}: {what}; the console's end:\n{tail}")

    def _read(self, deadline):
        """More of the console; False at its end."""
        left = max(0, deadline - time.monotonic())
        if not select.select([self.process.stdout], [], [], left)[0]:
            self._fail(f"nothing more within {self.timeout} seconds")
        data = os.read(self.process.stdout.fileno(), 65536)
        self.console += data
        return bool(data)

    def wait(self, text):
        """Wait for a text; return what came before it."""
        deadline = time.monotonic() + self.timeout
        while text not in self.console:
            if text != PROMPT and PROMPT in self.console:
                self._fail("the command has ended")
            if not self._read(deadline):
                self._fail("ended")
        before, _, rest = bytes(self.console).partition(text)
        self.console = bytearray(rest)
        return before.decode(errors="replace")

    def wait_prompt(self):
        return self.wait(PROMPT)

    def boot(self):
        """Seconds from exec to the prompt: passed, and of CPU."""
        self.wait_prompt()
        return time.monotonic() - self.started, self.cpu_seconds()

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\n")

    def work(self, arguments):
        """Run /work in the guest, which says when it is ready and waits for an answer.  Return what
        it printed after that, the seconds that passed, and the seconds of CPU."""
        self.type(f"/work {arguments}")
        self.wait(b"work: ready")
        cpu = self.cpu_seconds()
        start = time.monotonic()
        self.type("")
        output = self.wait_prompt()
        return output, time.monotonic() - start, self.cpu_seconds() - cpu

    def power_off(self):
        """Power off by command; return the rest of what was printed."""
        self.type("poweroff -f")
        deadline = time.monotonic() + self.timeout
        while self._read(deadline):
            pass
        if self.process.wait() != 0:
            self._fail(f"ended with status {self.process.returncode}")
        return self.console.decode(errors="replace")


def run_to_end(argvs, jobs, timeout=600):
    """Run commands, so many at a time; seconds that passed, seconds of CPU of all of them."""
    before = os.times()
    start = time.monotonic()
    waiting = list(argvs)
    running = []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append((waiting[0], subprocess.Popen(
                    waiting[0], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)))
                del waiting[0]
            argv, process = running.pop(0)
            try:
                status = process.wait(timeout)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                status = process.wait()
            if status != 0:
                raise BenchError(f"status {status}: {' '.join(argv)}")
    finally:
        for _, process in running:
            process.kill()
            process.wait()
    after = os.times()
    cpu = (after.children_user + after.children_system
           - before.children_user - before.children_system)
    return time.monotonic() - start, cpu
