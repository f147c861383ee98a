#!/usr/bin/python3
"""Compare god with QEMU's TCG, on this host, in one run: what `make bench` starts.

Boots of two kernels, a fixed set of work in a booted guest (work.c), some of it on its disk and its
network (work_devices.c), and bare-metal guest tests;
in each engine of god that this host can run and in qemu-system-aarch64 with two CPU models, of
which the better one counts, row by row.  The machines take turns, so that a host which gets slower
or faster slows or speeds all of them.  Every result of the work is compared as well.

The table has the median seconds of each machine and, for god, two ratios to QEMU: of the time that
passed, and of the CPU time that the process took, which is the one to look at when the host is busy
with other things.  A ratio of 2 means: takes twice as long as QEMU.
"""

import argparse
import contextlib
import fnmatch
import gzip
import json
import os
import re
import subprocess
import sys

import chart
import devices
import machine
import report

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "ci"))
import initramfs  # noqa: E402  (ci/initramfs.py)

QEMU_CPUS = {"qemu-a57": "cortex-a57", "qemu-max": "max,pauth=off,sve=off"}

# Name, what it is.  The order is the table's.
BOOTS = [("small", "small kernel to the prompt"), ("debian", "Debian's kernel to the prompt")]
WORK = [
    ("integer", "integer, a mix like CoreMark's"),
    ("sort", "quicksort"),
    ("sieve", "sieve of Eratosthenes"),
    ("hash", "SHA-256 in C"),
    ("gzip", "gzip and gunzip"),
    ("matrix", "matrix product, double"),
    ("libm", "libm: sin, exp, pow, ..."),
    ("awk", "awk arithmetic"),
    ("copy", "memcpy"),
    ("random", "random access in 16 MiB"),
    ("shell", "shell loop"),
    ("fork", "fork and exec"),
    ("syscall", "system calls"),
    ("pipe", "pipes"),
    ("cpus4", "4 CPUs at once"),
]
DEVICES = [
    ("read4k", "disk: read 4 KiB"),
    ("read1m", "disk: read 1 MiB"),
    ("write4k", "disk: write 4 KiB"),
    ("write1m", "disk: write 1 MiB"),
    ("randread", "disk: random read 4 KiB"),
    ("randread32", "disk: random read, 32 at once"),
    ("randwrite", "disk: random write 4 KiB"),
    ("randwrite32", "disk: random write, 32 at once"),
    ("tcpout", "TCP to the host, user network"),
    ("tcpin", "TCP to the guest, user network"),
    ("tcprr", "TCP round trips, user network"),
]
TAP = [
    ("tapout", "TCP to the host, tap"),
    ("tapin", "TCP to the guest, tap"),
    ("taprr", "TCP round trips, tap"),
]
TESTS = [("tests", "500 guest tests")]
ROWS = BOOTS + WORK + DEVICES + TAP + TESTS

TEST_COUNT = 500


def say(text):
    print(text, file=sys.stderr, flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(
        description="Compare god with qemu-system-aarch64.",
        epilog="rows: " + " ".join(name for name, _ in ROWS))
    parser.add_argument("--god", default="build/god", help="the god to measure (%(default)s)")
    parser.add_argument("--qemu", default="qemu-system-aarch64", help="%(default)s")
    parser.add_argument("--engines", help="only these engines of god (comma-separated)")
    parser.add_argument("--rows", default="*", help="only these rows (names or patterns)")
    parser.add_argument("--runs", type=int, default=3, help="times that each is done (%(default)s)")
    parser.add_argument("--percent", type=int, default=100,
                        help="how much of each row's work (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="--runs 1 --percent 10")
    parser.add_argument("--json", metavar="FILE", help="write the figures there (- for stdout)")
    parser.add_argument("--svg", metavar="FILE", help="write a chart there")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.runs, arguments.percent = 1, 10
    if arguments.runs < 1 or arguments.percent < 1:
        parser.error("--runs and --percent are at least 1")
    patterns = arguments.rows.split(",")
    arguments.rows = [name for name, _ in ROWS
                      if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    if not arguments.rows:
        parser.error("no such row")
    return arguments


def god_engines(god, only):
    """The engines that this god has and this host can run, the plainest first."""
    text = subprocess.run([god, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout
    found = [line.split()[0] for line in text.splitlines()[1:] if "not on this host" not in line]
    found.sort(key=["interp", "jit", "kvm"].index)
    if not only:
        return found
    for name in only.split(","):
        if name not in found:
            raise machine.BenchError(f"{god} has no engine {name} on this host")
    return only.split(",")


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.god = arguments.god
        self.engines = god_engines(self.god, arguments.engines)
        self.kinds = [machine.god_kind(self.god, name) for name in self.engines]
        self.kinds += [machine.qemu_kind(arguments.qemu, name, cpu)
                       for name, cpu in QEMU_CPUS.items()]
        self.kernels = {"small": os.path.join(ROOT, "build/linux/arch/arm64/boot/Image"),
                        "debian": os.path.join(ROOT, "build/images/Image")}
        self.initramfs = os.path.join(ROOT, "build/images/initramfs.cpio.gz")
        self.directory = os.path.join(ROOT, "build/bench")
        # samples[row][machine]: a list of (seconds passed, seconds of CPU)
        self.samples = {row: {kind.name: [] for kind in self.kinds} for row in arguments.rows}
        self.memory = {}
        self.checks = {}
        self.instructions = None  # of the row "integer"

    def note(self, row, kind, seconds, cpu):
        self.samples[row][kind.name].append((seconds, cpu))
        say(f"  {row:11} {kind.name:9} {seconds:8.3f} s, CPU {cpu:8.3f} s")

    def note_memory(self, what, running):
        """Keep the most that any run of it took."""
        peaks = self.memory.setdefault(what, {})
        name = running.kind.name
        peaks[name] = max(peaks.get(name, 0), running.peak_memory())

    def wanted(self, rows):
        return [name for name, _ in rows if name in self.arguments.rows]

    def bench_boots(self):
        for row in self.wanted(BOOTS):
            for _ in range(self.arguments.runs):
                for kind in self.kinds:
                    with machine.Machine(kind, self.kernels[row], self.initramfs) as running:
                        self.note(row, kind, *running.boot())
                        self.note_memory(f"{row} kernel at the prompt", running)

    def pack_work(self):
        """The standard initramfs with the program `work` in it: the kernel unpacks one archive
        after the other."""
        path = os.path.join(self.directory, "initramfs.cpio.gz")
        archive = initramfs.Archive()
        with open(os.path.join(self.directory, "work"), "rb") as file:
            archive.add("work", 0o100755, file.read())
        with open(self.initramfs, "rb") as file:
            first = file.read()
        with open(path, "wb") as file:
            file.write(first + gzip.compress(archive.finish(), mtime=0))
        return path

    def do_work(self, row, running, *arguments):
        """Have a machine do a row; note the seconds, by the guest's clock, and the CPU's."""
        output, passed, cpu = running.work(" ".join([row, str(self.arguments.percent),
                                                     *arguments]))
        match = re.search(r"^work: (\w+) ([\d.]+) ([0-9a-f]{16})\r?$", output, re.M)
        if not match or match[1] != row:
            raise machine.BenchError(f"{running.kind.name}: {row} failed:\n{output}")
        seconds, check = float(match[2]), match[3]
        # The guest's clock and ours have to agree, or nothing here means anything.
        if seconds > passed * 1.01 + 0.01:
            raise machine.BenchError(f"{running.kind.name}: {row} took {seconds:.3f} s by the "
                                     f"guest's clock in {passed:.3f} s of the host's")
        if self.checks.setdefault(row, check) != check:
            raise machine.BenchError(f"{running.kind.name}: {row} gave {check}, "
                                     f"another machine {self.checks[row]}")
        self.note(row, running.kind, seconds, cpu)

    def bench_work(self, rows, cpus):
        """Rows in guests that stay: each row in each machine, again and again, then the next."""
        if not rows:
            return
        archive = self.pack_work()
        with contextlib.ExitStack() as stack:
            machines = []
            for kind in self.kinds:
                running = stack.enter_context(
                    machine.Machine(kind, self.kernels["small"], archive, cpus))
                running.wait_prompt()
                machines.append(running)
            self.take_turns(rows, [(running, ()) for running in machines])
            for running in machines:
                self.note_memory(f"after the work, {cpus} CPU" + "s" * (cpus > 1), running)

    def bench_devices(self):
        """Rows in guests that have a disk, each an image of its own, and a network."""
        rows = self.wanted(DEVICES)
        if not rows:
            return
        archive = self.pack_work()
        with contextlib.ExitStack() as stack:
            peer = stack.enter_context(devices.Peer("127.0.0.1"))
            machines = []
            for kind in self.kinds:
                image = os.path.join(self.directory, f"disk-{kind.name}.img")
                devices.make_image(image)
                running = self.start_networked(stack, kind, archive, kind.devices(image),
                                               "10.0.2.15")
                machines.append((running, ("10.0.2.2", str(peer.port))))
            self.take_turns(rows, machines)

    def bench_tap(self):
        """Rows in guests that have a tap interface each, in a network namespace of ours."""
        rows = self.wanted(TAP)
        if not rows:
            return
        archive = self.pack_work()
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(devices.network_namespace())
                for number, kind in enumerate(self.kinds):
                    devices.make_tap(kind.name, f"10.9.{number}.1/24")
            except OSError as error:
                say(f"  {' '.join(rows)}: left out, they take root, ip and /dev/net/tun: {error}")
                for row in rows:
                    del self.samples[row]
                return
            machines = []
            for number, kind in enumerate(self.kinds):
                host = f"10.9.{number}.1"
                peer = stack.enter_context(devices.Peer(host))
                running = self.start_networked(stack, kind, archive, kind.tap(kind.name),
                                               f"10.9.{number}.2")
                machines.append((running, (host, str(peer.port))))
            self.take_turns(rows, machines)

    def start_networked(self, stack, kind, archive, options, address):
        running = stack.enter_context(
            machine.Machine(kind, self.kernels["small"], archive, options=options))
        running.wait_prompt()
        running.type(f"ifconfig eth0 {address} netmask 255.255.255.0 up")
        running.wait_prompt()
        return running

    def take_turns(self, rows, machines):
        """Each row in each machine, with the arguments that it gets there, again and again."""
        for row in rows:
            for _ in range(self.arguments.runs):
                for running, arguments in machines:
                    self.do_work(row, running, *arguments)

    def count_instructions(self):
        """How many instructions the row "integer" is: what a boot with it takes more than one
        without, by the interpreter's own count."""
        if "integer" not in self.arguments.rows or "interp" not in self.engines:
            return
        archive = self.pack_work()
        kind = machine.god_kind(self.god, "interp")
        counts = []
        for work in (None, f"integer {self.arguments.percent}"):
            with machine.Machine(kind, self.kernels["small"], archive,
                                 options=["--stats"]) as running:
                running.wait_prompt()
                if work:
                    running.work(work)
                rest = running.power_off()
            counts.append(int(re.search(r"^interp: (\d+) instructions", rest, re.M)[1]))
        self.instructions = counts[1] - counts[0]

    def bench_tests(self):
        """god runs the tests with `god test`; QEMU, which has no such thing, is started for each,
        as many at a time as `god test` runs.  QEMU does part of them, and the time is scaled."""
        if not self.wanted(TESTS):
            return
        program = os.path.join(self.directory, "off.elf")
        folder = os.path.join(self.directory, "tests")
        os.makedirs(folder, exist_ok=True)
        for old in os.listdir(folder):
            os.unlink(os.path.join(folder, old))
        for i in range(TEST_COUNT):
            os.link(program, os.path.join(folder, f"t{i:03}.elf"))
        jobs = os.cpu_count()
        part = max(4, TEST_COUNT * self.arguments.percent // 100 // 20)
        for _ in range(self.arguments.runs):
            for kind in self.kinds:
                if kind.is_god:
                    count = TEST_COUNT
                    argvs = [[self.god, "test", "--engine", kind.name, "--jobs", str(jobs),
                              "--format", "tap", folder]]
                else:
                    count = part
                    argvs = [kind.program_argv(program)] * part
                seconds, cpu = machine.run_to_end(argvs, jobs)
                self.note("tests", kind, seconds * TEST_COUNT / count, cpu * TEST_COUNT / count)

    def run(self):
        self.bench_boots()
        self.bench_work([row for row in self.wanted(WORK) if row != "cpus4"], 1)
        self.bench_work([row for row in self.wanted(WORK) if row == "cpus4"], 4)
        self.bench_devices()
        self.bench_tap()
        self.count_instructions()
        self.bench_tests()


def main():
    arguments = parse_arguments()
    try:
        before = report.host_load()
        bench = Bench(arguments)
        bench.run()
        if not bench.samples:
            raise machine.BenchError("none of these rows can be done here")
        result = report.make(bench, dict(ROWS), before)
    except (machine.BenchError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"bench: {error}")
    if arguments.json != "-":
        report.print_table(result, sys.stdout)
    if arguments.json:
        with contextlib.ExitStack() as stack:
            file = sys.stdout
            if arguments.json != "-":
                file = stack.enter_context(open(arguments.json, "w", encoding="utf-8"))
            json.dump(result, file, indent=1)
            file.write("\n")
    if arguments.svg:
        with open(arguments.svg, "w", encoding="utf-8") as file:
            file.write(chart.draw(result))


if __name__ == "__main__":
    main()
