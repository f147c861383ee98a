"""Blocks of commands with what they print: run, and compared.

    <!-- mask: time /pc 0x[0-9a-f]+/ -->
    <!-- status: 1 -->
    ```console
    $ build/god run --binary build/guest-tests/hello.elf
    Hello, world!
    ```

A line "$ ..." is a command; a line that ends in a backslash goes on in the next one. Each runs in
a shell of its own in the root of the repository, with nothing on standard input; standard output
and standard error come together. A line "..." stands for any number of lines, one that ends in
" ..." for any that begins so. What `mask` names may differ: a word of MASKS, or an expression
between slashes. Every command ends with status 0, or the last one with what `status` says. A block
under "<!-- host: x86_64 -->" is for hosts of that architecture alone, and one under
"<!-- host: kvm -->" for arm64 hosts with KVM: ci/docs/kvm.sh runs those.
"""

import os
import platform
import re
import signal
import subprocess
from dataclasses import dataclass

TIME_LIMIT = 300  # seconds for a command: it ends one that hangs, and not one on a busy machine
MASKS = {
    'time': r'\d+(\.\d+)? ?(s|ms|us|µs|ns|seconds)\b|\[ *\d+\.\d{6}\]',
    'hex': r'0x[0-9a-f]+',
    'number': r'\d[\d,]*(\.\d+)?',
    'space': r' +',
}


@dataclass
class Command:
    line: int  # in its fence, from 0
    text: str
    expected: list
    lines: int  # that the command itself takes


def split_commands(body):
    """The commands of a block; ValueError when it does not begin with one."""
    commands, index = [], 0
    while index < len(body):
        line = body[index]
        if line.startswith('$ '):
            start, text = index, line[2:]
            while text.endswith('\\') and index + 1 < len(body):
                index += 1
                text = text[:-1] + body[index].lstrip('> ')
            commands.append(Command(start, text, [], index - start + 1))
        elif not commands:
            raise ValueError('a console block begins with a line "$ COMMAND"')
        else:
            commands[-1].expected.append(line)
        index += 1
    return commands


def masks_of(value):
    """The expressions of a mask directive. ValueError for a word that is not known."""
    masks = []
    for word in re.findall(r'/(?:\\/|[^/])+/|\S+', value):
        if len(word) > 2 and word[0] == word[-1] == '/':
            masks.append(re.compile(word[1:-1].replace('\\/', '/')))
        elif word in MASKS:
            masks.append(re.compile(MASKS[word]))
        else:
            raise ValueError(f'there is no mask "{word}" ({", ".join(MASKS)}, /EXPRESSION/)')
    return masks


def mask(line, masks):
    for expression in masks:
        line = expression.sub('◦', line)
    return line.rstrip()


def same_line(expected, got, masks):
    if expected.endswith(' ...'):
        return mask(got, masks).startswith(mask(expected[:-4], masks))
    return mask(expected, masks) == mask(got, masks)


def first_difference(expected, got, masks):
    """None, or (index of the expected line, what came instead)."""
    expected = [line.rstrip() for line in expected]
    while expected and not expected[-1]:
        expected.pop()
    got = [line.rstrip() for line in got]
    while got and not got[-1]:
        got.pop()

    deepest = [(-1, '')]

    def match(e, g):
        while e < len(expected):
            if expected[e].strip() == '...':
                return any(match(e + 1, rest) for rest in range(g, len(got) + 1))
            if g == len(got) or not same_line(expected[e], got[g], masks):
                text = 'the output ends here' if g == len(got) else f'it printed {got[g]!r}'
                deepest[0] = max(deepest[0], (e, text), key=lambda d: d[0])
                return False
            e, g = e + 1, g + 1
        if g < len(got):
            deepest[0] = max(deepest[0], (e, f'it also printed {got[g]!r}'), key=lambda d: d[0])
        return g == len(got)

    return None if match(0, 0) else deepest[0]


def environment():
    """Ours, but a make among the commands is not part of a make that we run under; it has the same
    variables, so that it finds everything built."""
    variables = os.environ.get('MAKEFLAGS', '').partition('-- ')[2]
    return dict(os.environ, MAKEFLAGS=f'-- {variables}' if variables else '', MAKELEVEL='0')


def run(root, text, time_limit=TIME_LIMIT):
    """(status, output lines). Status None: it took too long."""
    with subprocess.Popen(['bash', '-c', text], cwd=root, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors='replace', env=environment(), start_new_session=True) as process:
        try:
            output, _ = process.communicate(timeout=time_limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # the shell, and all that it has started
            return None, []
    lines = output.replace('\r\n', '\n').replace('\r', '\n').split('\n')
    return process.returncode, lines[:-1] if lines[-1] == '' else lines


def check(root, fence, runner=run):
    """Run a block: a list of (line in the fence's body, what is wrong), and the outputs."""
    try:
        commands = split_commands(fence.body)
        masks = masks_of(fence.directives.get('mask', ''))
    except ValueError as error:
        return [(-1, str(error))], []
    wanted = int(fence.directives.get('status', 0))
    problems, outputs = [], []
    for command in commands:
        status, got = runner(root, command.text)
        outputs.append((command, got))
        if status is None:
            problems.append((command.line, f'took more than {TIME_LIMIT} seconds'))
            continue
        difference = first_difference(command.expected, got, masks)
        if difference:
            at, why = difference
            problems.append((command.line + command.lines + at,
                             f'the output of `{command.text}` differs: {why}'))
        expected = wanted if command is commands[-1] else 0
        if status != expected:
            problems.append((command.line, f'exit status {status}, not {expected}'))
    return problems, outputs


def is_for_this_host(fence):
    return fence.directives.get('host', platform.machine()) == platform.machine()


def is_for_kvm(fence):
    return fence.language == 'console' and fence.directives.get('host') == 'kvm'


def kvm_script(fences):
    """A script for an arm64 host with KVM that runs the commands of these blocks, between marks."""
    lines = ['#!/bin/sh', 'cd "$1" || exit 1']
    for fence in fences:
        for command in split_commands(fence.body):
            lines += ['echo "@begin"', f'({command.text}) </dev/null 2>&1', 'echo "@end $?"']
    return '\n'.join(lines) + '\n'


def kvm_runner(log):
    """What to give to check(): instead of running commands, it takes what that script printed."""
    outputs = iter(re.findall(r'^@begin\n(.*?)^@end (\d+)$', log, re.M | re.S))

    def replay(_root, _text):
        output, status = next(outputs, ('the script did not come so far\n', '1'))
        return int(status), output.splitlines()

    return replay


def updated_body(fence, outputs):
    """The block with the outputs of now; those with elisions stay as they are."""
    body = []
    for command, got in outputs:
        body += fence.body[command.line:command.line + command.lines]
        elided = any(line.strip() == '...' or line.endswith(' ...') for line in command.expected)
        body += command.expected if elided else [line.rstrip() for line in got]
    return body
