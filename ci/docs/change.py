"""Changes that a page proposes: a diff applies to the tree, and does what the page says.

    <!-- then: make all guests && build/god test --filter uart/second -->
    ```diff
    --- a/devices/board.c
    ...

What `then` says is run where the change was made: in a copy of the tree with what was built so far.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import command

BUILT = ('build/obj', 'build/gen', 'build/guest-tests', 'build/libgod.a', 'build/god')
LINES_SHOWN = 5


def apply(root, text, *options):
    """The reason why it does not apply, or None."""
    done = subprocess.run(['git', 'apply', '--recount', *options, '-'], cwd=root, input=text,
                          capture_output=True, text=True, check=False)
    return done.stderr.strip().split('\n')[-1] if done.returncode else None


def copy_tree(root, to):
    """What git knows of, or would, and what was built; with the times that make looks at."""
    listed = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], cwd=root,
                            capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        if (root / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, to / name)
    for name in BUILT:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        if (root / name).is_dir():
            shutil.copytree(root / name, to / name, symlinks=True)
        elif (root / name).exists():
            shutil.copy2(root / name, to / name)


def check(root, text, then):
    """What is wrong with a diff, or None."""
    why = apply(root, text, '--check')
    if why:
        return f'the change does not apply: {why}'
    if not then:
        return None
    with tempfile.TemporaryDirectory(prefix='god-docs-') as directory:
        changed = Path(directory)
        copy_tree(Path(root), changed)
        why = apply(changed, text)
        if why:
            return f'the change does not apply: {why}'
        status, output = command.run(changed, then)
    if status:
        return f'after the change `{then}` fails: ' + ' / '.join(output[-LINES_SHOWN:])
    return f'after the change `{then}` takes too long' if status is None else None
