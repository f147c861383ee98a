"""A minute of what a shell does all day: fork, exec, pipes and files, on two CPUs at once."""

import os
import re

WORKER = os.path.join(os.path.dirname(__file__), "data/worker.sh")


def test_fork_exec_pipes_files(request, boot):
    seconds = request.config.getoption("--stress-seconds")
    guest = boot("small", "--cpus", "2")
    guest.type_file(WORKER, "/tmp/worker.sh")
    output = guest.output(
        f"end=$(($(date +%s) + {seconds}));"
        "for n in 1 2 3; do sh /tmp/worker.sh $n $end & done 2>&1; wait",
        timeout=2 * seconds + 60)
    rounds = [int(count) for count in re.findall(r"worker \d: (\d+) rounds", output)]
    assert len(rounds) == 3 and min(rounds) > 0, output
    log = guest.output("dmesg")
    assert not re.search(r"Oops|BUG:|WARNING:|Call trace|rcu.*stall|segfault|unhandled|"
                         r"Internal error|Out of memory", log)
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0
