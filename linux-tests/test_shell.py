"""What a user sees at the prompt: one booted guest for each kernel, shared by these tests."""

import re
import time


def test_prompt(guest):
    """The kernel is 6.12, the shell is root's, at home, on a terminal of its own."""
    assert "Linux version 6.12" in guest.transcript()
    assert guest.output("id -u; pwd; tty") == "0\n/root\n/dev/ttyAMA0"


def test_exit_status_reaches_the_shell(guest):
    assert guest.run("false")[0] == 1
    assert guest.run("sh -c 'exit 42'")[0] == 42
    assert guest.run("no-such-command")[0] == 127
    assert guest.run("sh -c 'kill -SEGV $$'")[0] == 139


def test_architecture(guest):
    assert guest.output("uname -sm") == "Linux aarch64"


def test_file_systems(guest):
    mounts = guest.output("cut -d' ' -f2,3 /proc/mounts").split("\n")
    for mount in ["/proc proc", "/sys sysfs", "/dev devtmpfs", "/dev/pts devpts", "/tmp tmpfs"]:
        assert mount in mounts


def test_files_keep_their_content(guest):
    """A file that is copied, compressed and expanded again has the same digest."""
    guest.output("dd if=/dev/urandom of=/tmp/a bs=64k count=16 2>/dev/null")
    guest.output("gzip -c /tmp/a | gunzip -c > /tmp/b")
    digests = guest.output("sha256sum < /tmp/a; sha256sum < /tmp/b").split("\n")
    assert len(digests[0]) > 64 and digests[0] == digests[1]
    guest.output("rm /tmp/a /tmp/b")


def test_digests_of_known_text(guest):
    """MD5 and SHA-2 of "abc" (RFC 1321; FIPS 180-4): integer code with a known answer."""
    digests = guest.output("for d in md5sum sha256sum sha512sum; do printf abc | $d; done")
    assert "900150983cd24fb0d6963f7d28e17f72" in digests
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" in digests
    assert "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" in digests


def test_floating_point(guest):
    """Sums, products and quotients are those of the host, to the last bit of a double."""
    program = ("BEGIN { e = f = 1; for (i = 1; i < 25; i++) { f /= i; e += f }"
               " r = 1; for (i = 0; i < 9; i++) r = (r + 2 / r) / 2;"
               " printf \"%.17g %.17g %.17g\", e, r, 1e300 * 1e10 }")
    e = f = r = 1.0
    for i in range(1, 25):
        f /= i
        e += f
    for i in range(9):
        r = (r + 2 / r) / 2
    assert guest.output(f"awk '{program}'") == f"{e:.17g} {r:.17g} inf"


def test_job_control(guest):
    """^C ends the foreground job, ^Z stops it, fg goes on with it."""
    guest.send("sleep 1000\r")
    time.sleep(0.5)
    guest.send("\x03")
    guest.wait_prompt()
    assert guest.output("echo $?") in ("130", "0")
    guest.send("sleep 1000\r")
    time.sleep(0.5)
    guest.send("\x1a")
    guest.expect("Stopped")
    guest.wait_prompt()
    assert "sleep 1000" in guest.output("jobs")
    guest.send("fg\r")
    time.sleep(0.5)
    guest.send("\x03")
    guest.wait_prompt()
    assert guest.output("jobs") == ""


def test_line_editing(guest):
    """Keys that are escape sequences arrive whole: cursor left, insert, history."""
    guest.send("echo edte\x1b[D\x1b[Di\x1b[C\x1b[Cd\r")
    guest.expect(r"edited\r*\n")
    guest.wait_prompt()
    guest.send("\x1b[A\r")
    guest.expect(r"edited\r*\n")
    guest.wait_prompt()


def test_fast_typing(guest):
    """A page of text, pasted faster than the UART's FIFO is emptied, arrives complete.

    The terminal in the guest is put into a mode without editing and echo, where it has no limit
    of its own but its 4 KiB buffer.
    """
    text = "".join(f"{number:063d}\n" for number in range(48))
    guest.send("stty -echo; head -c %d | md5sum; stty echo; echo 'do''ne'\r" % len(text))
    time.sleep(1)
    guest.send(text)
    match = guest.expect(r"([0-9a-f]{32})  -[\s\S]*done\r*\n", timeout=30)
    guest.wait_prompt()
    wanted = guest.output(
        "i=0; while [ $i -lt 48 ]; do printf '%063d\\n' $i; i=$((i+1)); done | md5sum")
    assert match.group(1) in wanted


def test_memory_size(guest):
    """The kernel found RAM where the board has it, all of the 512 MiB."""
    ranges = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) : (?:System RAM|reserved)",
                        guest.output("cat /proc/iomem"), re.M)
    assert min(int(start, 16) for start, _ in ranges) == 0x40000000
    assert max(int(end, 16) for _, end in ranges) == 0x40000000 + (512 << 20) - 1
    total = int(re.search(r"\d+", guest.output("grep MemTotal /proc/meminfo")).group())
    assert 0.7 * 512 * 1024 < total < 512 * 1024


def test_cpu_features(guest):
    """What the kernel tells programs that the CPU has."""
    features = set(guest.output("grep -m1 Features /proc/cpuinfo").split(":")[1].split())
    assert {"fp", "asimd", "aes", "pmull", "sha1", "sha2", "crc32", "atomics"} <= features
    assert not {"sve", "sve2", "sme", "bti", "paca", "mte"} & features


def test_interrupts_come_from_the_board(guest):
    interrupts = guest.output("cat /proc/interrupts")
    assert re.search(r"GICv[23].*27.*arch_timer", interrupts)
    assert re.search(r"GICv[23].*33.*uart-pl011", interrupts)
    counts = re.search(r"^.*arch_timer.*$", interrupts, re.M).group().split()[1:3]
    assert all(int(count) > 0 for count in counts)


def test_random_numbers(guest):
    first, second = [guest.output("head -c 16 /dev/urandom | md5sum") for _ in range(2)]
    assert first != second


def test_sleep_takes_its_time(guest):
    """sleep 1 takes a second by the host's clock and by the guest's."""
    guest.output("true")
    started = time.monotonic()
    guest.output("true")
    overhead = time.monotonic() - started
    started = time.monotonic()
    before, after = guest.output(
        "cut -d' ' -f1 /proc/uptime; sleep 1; cut -d' ' -f1 /proc/uptime").split("\n")
    elapsed = time.monotonic() - started - overhead
    assert 0.9 < elapsed < 2.5
    assert 0.99 <= float(after) - float(before) < 2.5


def test_date_is_the_hosts(guest):
    """The RTC has the host's time, and the kernel set its clock from it."""
    for command in ["cat /sys/class/rtc/rtc0/since_epoch", "date +%s"]:
        assert abs(int(guest.output(command)) - time.time()) < 15


def test_no_complaints(guest):
    """After all that: no oops, warning or stall in the kernel's log."""
    log = guest.output("dmesg")
    assert not re.search(r"Oops|BUG:|WARNING:|Call trace|rcu.*stall|soft lockup|Unhandled|"
                         r"undefined instruction|Internal error", log)
