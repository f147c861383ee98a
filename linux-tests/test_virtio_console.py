"""The virtio console: hvc0 on standard input and output."""

import re
import subprocess


def test_shell(boot):
    guest = boot("small", "--console", "virtio", "--append", "console=hvc0 quiet")
    assert guest.output("tty") == "/dev/hvc0"
    assert guest.output("stty size") == "24 80"
    guest.child.setwinsize(43, 132)
    guest.output("while [ \"$(stty size)\" != '43 132' ]; do usleep 10000; done")
    guest.send("poweroff -f\r")
    assert guest.wait_exit() == 0


def test_interrupt_key(boot):
    guest = boot("small", "--console", "virtio")
    guest.send("echo go''ing; sleep 1000\r")
    guest.expect("going")
    guest.send("\x03")
    guest.wait_prompt()
    assert guest.output("echo alive") == "alive"


def test_everything_arrives_both_ways(god):
    """Through pipes, more than all buffers hold, and nothing is lost."""
    argv = god.argv("small", "--console", "virtio", "--append", "console=hvc0 quiet")
    lines = "".join(f"echo line {i} $(({i} * 7))\n" for i in range(500))
    done = subprocess.run(argv, input=lines + "seq 1 20000\npoweroff -f\n", capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    output = done.stdout.replace("\r", "")
    # The echo of what is typed ahead may stand before an answer.
    assert re.findall(r"line (\d+) \d+$", output, re.M) == [str(i) for i in range(500)]
    assert re.findall(r"^\d+$", output, re.M) == [str(i) for i in range(1, 20001)]


def test_virtual_time_repeats(god, tmp_path):
    script = tmp_path / "script"
    script.write_text("cat /proc/interrupts\nhead -c 32 /dev/hwrng | md5sum\ndate\npoweroff -f\n")
    argv = god.argv("small", "--console", "virtio", "--rng", "--virtual-time", "--stats")
    outputs = []
    for _ in range(2):
        with open(script, encoding="utf-8") as stdin:
            done = subprocess.run(argv, stdin=stdin, capture_output=True, timeout=60, check=True)
        outputs.append((done.stdout, re.sub(rb" in \S+ seconds.*", b"", done.stderr)))
    assert re.search(rb"^[0-9a-f]{32}  -", outputs[0][0], re.M)
    assert outputs[0] == outputs[1]
