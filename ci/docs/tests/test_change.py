"""Changes are tried out in a copy of the tree."""

import subprocess

import change
import pytest

DIFF = """\
--- a/core/shout.s
+++ b/core/shout.s
@@ -6,3 +6,3 @@
 start:
-\tmov\tx0, #1
+\tmov\tx0, #2
 \tb\tstart
"""


@pytest.fixture
def repository(tree):
    (tree / 'build').mkdir()
    (tree / 'build/god').write_text('built')
    (tree / '.gitignore').write_text('/build/\n')
    subprocess.run(['git', 'init', '-q', str(tree)], check=True)
    return tree


def test_a_change_applies_and_works(repository):
    assert change.check(repository, DIFF, None) is None
    assert change.check(repository, DIFF, 'grep -q "#2" core/shout.s && cat build/god') is None


def test_the_tree_itself_stays_as_it_is(repository):
    before = (repository / 'core/shout.s').read_text()
    change.check(repository, DIFF, 'true')
    assert (repository / 'core/shout.s').read_text() == before


def test_a_change_that_does_not_work_is_found(repository):
    assert 'No such file' in change.check(repository, DIFF, 'cat core/none')


def test_a_change_that_does_not_apply_is_found(repository):
    assert 'does not apply' in change.check(repository, DIFF.replace('#1', '#3'), 'true')
