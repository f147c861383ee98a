"""Interrupt controllers under Linux: both GICs, many CPUs, CPUs that go and come back."""

import re

import pytest

# What no healthy kernel logs.
TROUBLE = re.compile(r"Oops|BUG:|WARNING:|Call trace|rcu.*stall|soft lockup|Unhandled|nobody cared|"
                     r"Internal error|misconfigured|failed to come online")


def interrupts(guest, name):
    """The counts of one line of /proc/interrupts, a number a CPU."""
    line = guest.output(f"grep -E '{name}' /proc/interrupts")
    return [int(count) for count in re.findall(r"(?<=\s)\d+(?=\s)", line.split(":", 1)[1] + " ")]


def check_cpus(guest, cpus):
    """All CPUs are there, run programs, take timer interrupts and IPIs."""
    online = "0" if cpus == 1 else f"0-{cpus - 1}"
    assert guest.output("cat /sys/devices/system/cpu/online") == online
    for cpu in range(cpus):
        assert guest.output(f"taskset {1 << cpu:x} sh -c 'echo on $((6 * 7))'") == "on 42"
    assert all(interrupts(guest, "arch_timer")[:cpus])
    if cpus > 1:
        assert all(interrupts(guest, "Function call")[:cpus])
    assert not TROUBLE.search(guest.output("dmesg"))
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0


@pytest.mark.parametrize("cpus", [1, 2, 4])
def test_gicv2(boot, kernel, cpus):
    guest = boot(kernel, "--gic", "2", "--cpus", str(cpus))
    assert re.search(r"GIC-0 +33 Level +uart-pl011", guest.output("cat /proc/interrupts"))
    check_cpus(guest, cpus)


def test_gicv2_full(boot):
    check_cpus(boot("small", "--gic", "2", "--cpus", "8"), 8)


def test_gicv2_has_eight_cpus(god):
    run = god.run(*god.argv("small", "--gic", "2", "--cpus", "9")[1:])
    assert run.returncode == 64
    assert "GICv2" in run.stderr


@pytest.mark.parametrize("cpus", [8, 16])
def test_many_cpus(boot, cpus):
    check_cpus(boot("small", "--cpus", str(cpus)), cpus)


def test_many_cpus_debian(boot):
    check_cpus(boot("debian", "--cpus", "16"), 16)


# What runs while CPUs come and go: forks, pipes, and one program for each CPU to be driven from.
LOAD = ("for n in 1 2 3 4; do"
        " (while [ ! -e /tmp/stop ]; do echo $n | cat | grep -q $n || echo lost; done) & done")

TURNS = ("for turn in $(seq {turns}); do for cpu in {cpus}; do"
         " echo 0 > /sys/devices/system/cpu/cpu$cpu/online || echo stuck;"
         " echo 1 > /sys/devices/system/cpu/cpu$cpu/online || echo stuck; done; done")


@pytest.mark.parametrize("gic", [2, 3])
def test_hotplug_under_load(boot, gic):
    """CPUs go off and come back (PSCI CPU_OFF, CPU_ON) while all of them are busy."""
    guest = boot("small", "--gic", str(gic), "--cpus", "4")
    turns = TURNS.format(turns=10, cpus="0 1 2 3")
    output = guest.output(f"{LOAD}; {turns}; touch /tmp/stop; wait", timeout=180)
    assert "lost" not in output and "stuck" not in output, output
    check_cpus(guest, 4)


def test_its(boot):
    """Linux finds the ITS, and each CPU's commands are executed."""
    guest = boot("small", "--cpus", "2")
    log = guest.output("dmesg")
    if "found redistributor" in log and "ITS@" in log:
        assert re.search(r"CPU1: using allocated LPI pending table", log)
    else:
        pytest.skip("no ITS on this engine")
    assert not re.search(r"ITS.*(timeout|failed|error)|ITS queue", log)
