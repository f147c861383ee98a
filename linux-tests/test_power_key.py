"""The power key: by SIGTERM and by Ctrl-A p a guest is asked to shut down."""

import os
import signal
import subprocess


def test_sigterm_shuts_down(boot, kernel):
    guest = boot(kernel)
    os.kill(guest.child.pid, signal.SIGTERM)
    assert guest.wait_exit() == 0
    assert "reboot: Power down" in guest.transcript()


def test_gicv2(boot):
    guest = boot("small", "--gic", "2", "--cpus", "2")
    os.kill(guest.child.pid, signal.SIGTERM)
    assert guest.wait_exit() == 0
    assert "reboot: Power down" in guest.transcript()


def test_control_a_p(boot):
    guest = boot("small")
    guest.send("\x01p")
    assert guest.wait_exit() == 0
    assert "reboot: Power down" in guest.transcript()


def test_second_sigterm_ends(boot):
    """A guest whose user space does not answer: the first press only makes an input event."""
    guest = boot("small")
    guest.output("killall acpid; while pidof acpid >/dev/null; do usleep 10000; done")
    guest.output("{ (head -c 24 /dev/input/event0 | hexdump -C; echo pressed)"
                 " >/tmp/event & }")
    # The reader must have opened the device before the key is pressed, or it sees but the release.
    guest.output("while ! ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q input/event0; do"
                 " usleep 10000; done")
    os.kill(guest.child.pid, signal.SIGTERM)
    guest.output("while ! grep -q pressed /tmp/event; do usleep 10000; done")
    # struct input_event: the time, EV_KEY (1), KEY_POWER (0x74), pressed (1)
    assert "01 00 74 00 01 00 00 00" in guest.output("cat /tmp/event")
    os.kill(guest.child.pid, signal.SIGTERM)
    assert guest.wait_exit() == -signal.SIGTERM


def test_sigterm_ends_who_does_not_listen(god, images):
    """A guest without a driver for the key can not be asked."""
    argv = god.argv("small", "--append", "initcall_blacklist=gpio_keys_init")
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        console = b""
        while b"~ # " not in console:
            console += os.read(child.stdout.fileno(), 4096)
        child.send_signal(signal.SIGTERM)
        assert child.wait(30) == -signal.SIGTERM
