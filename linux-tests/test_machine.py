"""The life of a machine: its CPUs, its memory, and the ways in which it ends."""

import re
import subprocess
import time

import pytest


@pytest.mark.parametrize("cpus", [1, 2, 4])
def test_cpus_online(boot, kernel, cpus):
    guest = boot(kernel, "--cpus", str(cpus))
    online = "0" if cpus == 1 else f"0-{cpus - 1}"
    assert guest.output("cat /sys/devices/system/cpu/online") == online
    assert guest.output("grep -c ^processor /proc/cpuinfo") == str(cpus)
    assert guest.output("nproc") == str(cpus)
    # Each CPU runs programs.
    for cpu in range(cpus):
        assert guest.output(f"taskset {1 << cpu:x} sh -c 'echo on $((6 * 7))'") == "on 42"
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0


def test_cpu_goes_off_and_on(boot):
    """PSCI CPU_OFF and CPU_ON again, by the kernel's CPU hotplug."""
    guest = boot("small", "--cpus", "2")
    control = "/sys/devices/system/cpu/cpu1/online"
    guest.output(f"echo 0 > {control}")
    assert guest.output("nproc") == "1"
    guest.output(f"echo 1 > {control}")
    assert guest.output("nproc") == "2"
    assert guest.output("taskset 2 echo back") == "back"


@pytest.mark.parametrize("mebibytes", [64, 200, 3072])
def test_memory_size(boot, mebibytes):
    guest = boot("small", "--memory", f"{mebibytes}M")
    ends = re.findall(r"^[0-9a-f]+-([0-9a-f]+) : (?:System RAM|reserved)",
                      guest.output("cat /proc/iomem"), re.M)
    assert max(int(end, 16) for end in ends) == 0x40000000 + (mebibytes << 20) - 1


def test_command_line(boot):
    guest = boot("small", "--append", "panic=7 god.test=\"a b\"")
    assert guest.output("cat /proc/sys/kernel/panic") == "7"
    assert 'god.test="a b"' in guest.output("cat /proc/cmdline")


def test_poweroff(boot, kernel):
    guest = boot(kernel)
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0
    assert "reboot: Power down" in guest.transcript()


def test_shell_exit_powers_off(boot):
    guest = boot("small")
    guest.send("exit\r")
    assert guest.wait_exit() == 0


def test_reboot(boot):
    """A reset starts the machine anew: nothing is left of its first life."""
    guest = boot("small", "--cpus", "2")
    guest.output("echo left > /root/over")
    guest.send("reboot -f\r")
    guest.expect("Linux version", timeout=60)
    guest.wait_prompt()
    assert guest.run("cat /root/over")[0] == 1
    assert guest.output("nproc") == "2"
    assert float(guest.output("cut -d' ' -f1 /proc/uptime")) < 30
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0


def test_no_reboot(boot):
    guest = boot("small", "--no-reboot")
    guest.send("reboot -f\r")
    assert guest.wait_exit() == 3


def test_panic(boot, kernel):
    """With panic=-1 the kernel asks for a reset at once; --no-reboot makes that status 3."""
    guest = boot(kernel, "--no-reboot", "--append", "panic=-1")
    guest.send("echo c > /proc/sysrq-trigger\r")
    assert guest.wait_exit() == 3
    assert "Kernel panic - not syncing" in guest.transcript()


def test_panic_without_init(god, images):
    """No initramfs: the kernel finds no root and panics; that is not a success."""
    run = god.run("run", "--engine", god.engine, "--kernel", images.kernels["small"],
                  "--no-reboot", "--append", "panic=-1")
    assert run.returncode == 3
    assert "Kernel panic - not syncing" in run.stdout


def test_piped_input(god, kernel):
    """The kernel's answer is printed, nothing after it is lost, the status is 0."""
    run = god.run(*god.argv(kernel)[1:], input="uname -a\npoweroff -f\n")
    assert run.returncode == 0
    assert re.search(r"^Linux god 6\.12\S* .* aarch64 GNU/Linux", run.stdout, re.M)
    assert "reboot: Power down" in run.stdout
    assert run.stderr == ""


def test_piped_output(god):
    """All output arrives through a pipe that is read slowly."""
    argv = god.argv("small", "--append", "quiet")
    script = "seq 1 20000\npoweroff -f\n"
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdin.write(script.encode())
        child.stdin.close()
        time.sleep(3)
        output = child.stdout.read().decode(errors="replace").replace("\r", "")
        assert child.wait(60) == 0
    numbers = re.findall(r"^\d+$", output, re.M)
    assert numbers == [str(number) for number in range(1, 20001)]


def test_timeout(god):
    started = time.monotonic()
    run = god.run(*god.argv("small", "--timeout", "3")[1:])
    assert run.returncode == 124
    assert 2.9 < time.monotonic() - started < 10


def test_statistics(god):
    run = god.run(*god.argv("small", "--stats")[1:], input="poweroff -f\n")
    assert run.returncode == 0
    assert re.search(r"\d+ .*instructions", run.stderr.replace(",", ""))


def test_idle_guest_takes_no_time(boot):
    """WFI: a guest at its prompt leaves the host's CPU alone."""
    guest = boot("small", "--cpus", "2")
    time.sleep(1)

    def cpu_seconds():
        with open(f"/proc/{guest.child.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    before = cpu_seconds()
    time.sleep(3)
    assert cpu_seconds() - before < 1.0
