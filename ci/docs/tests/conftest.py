import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

DATA = Path(__file__).with_name('data')


@pytest.fixture
def tree(tmp_path):
    """A small repository: one C file, one assembler file, one chapter's directory."""
    (tmp_path / 'core').mkdir()
    (tmp_path / 'docs/tutorial').mkdir(parents=True)
    shutil.copy(DATA / 'counter.txt', tmp_path / 'core/counter.c')
    shutil.copy(DATA / 'shout.txt', tmp_path / 'core/shout.s')
    return tmp_path


@pytest.fixture
def findings(tree):
    """Check a chapter of that text: its findings as (line, text)."""
    import check

    def run(text):
        path = 'docs/tutorial/00-test.md'
        (tree / path).write_text(text)
        checker = check.Checker(tree, [path])
        page = checker.pages[path]
        checker.check_page(page)
        checker.check_links(page)
        checker.check_spans(page)
        checker.check_commands(page)
        checker.check_spelling([page])
        return [(line, what) for _, line, what in sorted(checker.findings)]

    return run
