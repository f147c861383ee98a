"""A Linux guest of god on a pseudo-terminal, driven by typing at its prompt."""

import re
import signal
import time

import pexpect

PROMPT = "~ # "

# The shell asks the terminal where the cursor is; nobody answers, and it goes on.
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Guest:
    """Starts to boot when it is made: call wait_prompt() before the first run()."""

    def __init__(self, argv, log, boot_timeout=120):
        self.boot_timeout = boot_timeout
        self.log = open(log, "w", encoding="utf-8")
        self.child = pexpect.spawn(argv[0], argv[1:], encoding="utf-8", codec_errors="replace",
                                   dimensions=(24, 80), timeout=boot_timeout)
        self.child.logfile_read = self.log
        # Typed keys are not lost when they come fast: god does not depend on this delay.
        self.child.delaybeforesend = None

    def wait_prompt(self):
        """Wait until the shell asks for a command; return what came before."""
        self.child.expect_exact(PROMPT, timeout=self.boot_timeout)
        return self.child.before

    def run(self, command, timeout=60):
        """Run a command line at the prompt.  Return its exit status and its output.

        The marks are typed in two pieces, so that the echo of the command is not taken for them.
        """
        self.child.send(f"echo 'be''gin'; {command}; echo 'sta''tus' $?\r")
        self.child.expect(r"begin\r*\n", timeout=timeout)
        self.child.expect(r"status (\d+)\r*\n", timeout=timeout)
        status = int(self.child.match.group(1))
        output = ESCAPE.sub("", self.child.before).replace("\r", "")
        self.child.expect_exact(PROMPT, timeout=timeout)
        return status, output

    def output(self, command, timeout=60):
        """Run a command that has to succeed; return its output without the last newline."""
        status, output = self.run(command, timeout)
        assert status == 0, f"{command!r} gave status {status}: {output}"
        return output.rstrip("\n")

    def type_file(self, source, target):
        """Type a file of the host into one of the guest, line by line, without indentation."""
        self.child.send(f"cat > {target} <<'END OF FILE'\r")
        with open(source, encoding="utf-8") as file:
            for line in file:
                self.child.expect_exact("> ")
                self.child.send(line.strip() + "\r")
        self.child.expect_exact("> ")
        self.child.send("END OF FILE\r")
        self.child.expect_exact(PROMPT)

    def send(self, text):
        self.child.send(text)

    def expect(self, pattern, timeout=60):
        self.child.expect(pattern, timeout=timeout)
        return self.child.match

    def wait_exit(self, timeout=60):
        """Wait for god to end; return its exit status (negative: the signal that killed it)."""
        self.child.expect(pexpect.EOF, timeout=timeout)
        self.child.wait()
        if self.child.signalstatus is not None:
            return -self.child.signalstatus
        return self.child.exitstatus

    def close(self):
        """End god, which on a busy host may take it a while."""
        deadline = time.monotonic() + 10
        if self.child.isalive():
            self.child.kill(signal.SIGHUP)
        while self.child.isalive() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.child.close(force=True)
        self.log.close()

    def transcript(self):
        self.log.flush()
        with open(self.log.name, encoding="utf-8") as log:
            return log.read()

    def log_tail(self, lines=40):
        """The end of the console's log, for the report of a failed test."""
        everything = self.transcript().replace("\r", "").split("\n")
        return "\n".join(everything[-lines:])
