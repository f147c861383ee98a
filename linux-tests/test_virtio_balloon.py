"""The balloon: memory that the guest does not use goes back to the host."""

import re
import time

from memory import resident


def guest_memory(guest):
    """How much of the guest's RAM is resident in god, in MiB."""
    return resident(guest.child.pid)[0] >> 20


def await_memory(guest, enough, seconds=30):
    """Wait until what is resident is as expected."""
    deadline = time.monotonic() + seconds
    while not enough(guest_memory(guest)):
        assert time.monotonic() < deadline, f"{guest_memory(guest)} MiB are resident"
        time.sleep(0.1)


def test_freed_memory_goes_back(boot):
    """A large file in the guest's memory is made and removed; nobody does anything else."""
    guest = boot("small", "--balloon", "0", "--stats")
    guest.output("dd if=/dev/zero of=/tmp/large bs=1M count=200 2>/dev/null")
    full = guest_memory(guest)
    assert full >= 200
    guest.output("rm /tmp/large")
    await_memory(guest, lambda now: now < full - 180)
    # What is not free is not touched.
    guest.output("head -c 16M /dev/urandom > /tmp/kept; md5sum /tmp/kept > /tmp/sum")
    guest.output("dd if=/dev/zero of=/tmp/large bs=1M count=200 2>/dev/null; rm /tmp/large")
    await_memory(guest, lambda now: now < 120)
    guest.output("md5sum -c /tmp/sum")
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0
    stats = re.search(r"balloon: held 0\.0 of 0\.0 MiB; ([\d.]+) MiB lent", guest.transcript())
    assert float(stats[1]) > 2 * 200


def available(guest):
    return int(guest.output("awk '/^MemFree/ { print $2 }' /proc/meminfo")) >> 10


def await_free(guest, enough):
    deadline = time.monotonic() + 30
    while not enough(available(guest)):
        assert time.monotonic() < deadline, f"{available(guest)} MiB are free"
        time.sleep(0.1)


def test_balloon_grows_and_shrinks(boot):
    """By 64 MiB for each Ctrl-A - and Ctrl-A +, beginning with what the option says."""
    guest = boot("small", "--balloon", "128M", "--memory", "256M")
    await_free(guest, lambda free: free < 256 - 128)
    small = available(guest)
    guest.send("\x01+\x01+\x01+")
    await_free(guest, lambda free: free > small + 110)
    guest.output("dd if=/dev/urandom of=/tmp/large bs=1M count=80 2>/dev/null; sync")
    guest.output("md5sum /tmp/large > /tmp/sum; md5sum -c /tmp/sum; rm /tmp/large")
    guest.send("\x01-")
    await_free(guest, lambda free: free < 256 - 64)
    driver = "/sys/bus/virtio/drivers/virtio_balloon"
    guest.output(f"echo virtio0 > {driver}/unbind")
    await_free(guest, lambda free: free > 256 - 64)
    guest.output(f"echo virtio0 > {driver}/bind")
    await_free(guest, lambda free: free < 256 - 64)


def test_guest_takes_back_what_it_needs(boot):
    """Rather than running out of memory, it makes the balloon smaller."""
    guest = boot("small", "--balloon", "192M", "--memory", "256M")
    await_free(guest, lambda free: free < 256 - 192)
    guest.output("dd if=/dev/zero of=/tmp/large bs=1M count=120 2>/dev/null")
    assert guest.output("wc -c < /tmp/large") == str(120 << 20)


def test_bad_sizes(god):
    for value, text in (("512M", "leaves nothing"), ("5000", "multiple of 4 KiB")):
        run = god.run(*god.argv("small", "--balloon", value)[1:])
        assert (run.returncode, run.stdout) == (64, "")
        assert text in run.stderr and run.stderr.count("\n") == 1
