"""Many CPUs under load: linux-tests/programs/stress checks itself while CPUs go and come back.

By default 20 seconds on four CPUs; with --long also other machines, each for a minute.
"""

import re

import pytest

# What no healthy kernel logs.
TROUBLE = re.compile(r"Oops|BUG:|WARNING:|Call trace|rcu.*stall|lockup|Unhandled|nobody cared|"
                     r"Internal error|segfault|failed to come online|hung task|Out of memory")

# Until there is a file /tmp/stop: each CPU, the first as well, goes off and comes back.
HOTPLUG = ("(turns=0; while [ ! -e /tmp/stop ]; do for cpu in {cpus}; do"
           " at=/sys/devices/system/cpu/cpu$cpu/online;"
           " echo 0 > $at && echo 1 > $at || echo stuck at $cpu; turns=$((turns + 1)); done;"
           " sleep 0.1; done; echo hotplug: $turns turns) &")

LONG = [
    ("small", "3", 2),
    ("small", "3", 8),
    ("small", "3", 16),
    ("small", "2", 4),
    ("small", "2", 8),
    ("debian", "3", 4),
    ("debian", "3", 16),
    ("debian", "2", 8),
]


def check_stress(boot, kernel, gic, cpus, seconds):
    guest = boot(kernel, "--gic", gic, "--cpus", str(cpus), "--memory", "512M")
    assert guest.output("cat /sys/devices/system/cpu/online") == f"0-{cpus - 1}"
    hotplug = HOTPLUG.format(cpus=" ".join(map(str, range(cpus))))
    status, output = guest.run(
        f"{hotplug} stress {seconds}; status=$?; touch /tmp/stop; wait; (exit $status)",
        timeout=10 * seconds + 180)
    print(output)
    assert status == 0 and "stress: PASS" in output, output
    assert "stuck" not in output, output
    assert int(re.search(r"hotplug: (\d+) turns", output).group(1)) >= cpus
    assert guest.output("cat /sys/devices/system/cpu/online") == f"0-{cpus - 1}"
    log = guest.output("dmesg")
    assert not TROUBLE.search(log), log
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0


def test_stress(boot):
    check_stress(boot, "small", "3", 4, 20)


@pytest.mark.parametrize("kernel, gic, cpus", LONG)
def test_stress_long(request, boot, kernel, gic, cpus):
    if not request.config.getoption("--long"):
        pytest.skip("only with --long")
    check_stress(boot, kernel, gic, cpus, 60)
