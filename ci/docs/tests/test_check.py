"""What is found in a page: each kind of rot is brought about once."""

import platform
import re

import document

GOOD = '''\
# A chapter

A guest writes a word; see [the file](../../core/counter.c), [below](#how-it-counts) and
`core/counter.c:counter_step`, that is `counter_step()`.

## How it counts

```c core/counter.c:COUNT_MAX
#define COUNT_MAX  8
```

<!-- mask: time -->
```console
$ echo 3 ms
5 ms
```

```diff
--- a/core/shout.s
+++ b/core/shout.s
@@ -6,3 +6,3 @@
 start:
-→mov→x0, #1
+→mov→x0, #2
 →b→start
```
'''.replace('→', '\t')


def test_a_good_page_has_no_findings(findings):
    assert findings(GOOD) == []


def damage(findings, old, new, line, pattern):
    found = findings(GOOD.replace(old, new, 1))
    assert [at for at, _ in found] == [line], found
    assert re.search(pattern, found[0][1])


def test_stale_excerpt(findings):
    damage(findings, 'COUNT_MAX  8', 'COUNT_MAX  9', 9, 'COUNT_MAX is stale')


def test_excerpt_of_a_symbol_that_is_gone(findings):
    damage(findings, 'counter.c:COUNT_MAX', 'counter.c:COUNT_MIN', 8, 'no COUNT_MIN')


def test_excerpt_without_a_proper_name(findings):
    damage(findings, 'core/counter.c:COUNT_MAX\n', 'counter\n', 8, 'names no excerpt')


def test_wrong_output(findings):
    damage(findings, '5 ms', '5 mm', 15, 'output of `echo 3 ms` differs')


def test_unknown_mask(findings):
    damage(findings, 'mask: time', 'mask: tame', 13, 'no mask "tame"')


def test_change_that_does_not_apply(findings):
    damage(findings, '-\tmov\tx0, #1', '-\tmov\tx0, #3', 18, 'does not apply')


def test_link_to_nowhere(findings):
    damage(findings, '../../core/counter.c)', '../core/counter.c)', 3, 'leads nowhere')


def test_anchor_to_nowhere(findings):
    damage(findings, '#how-it-counts', '#how-it-count', 3, 'no anchor')


def test_anchor_that_the_site_has_not(findings):
    text = GOOD.replace('## How it counts', '## How – it counts').replace(
        '#how-it-counts', '#how--it-counts')
    assert 'disagree' in findings(text)[0][1]


def test_path_that_is_gone(findings):
    damage(findings, '`core/counter.c:counter_step`', '`core/count.c`', 4, 'no core/count.c')


def test_symbol_that_is_gone(findings):
    damage(findings, ':counter_step`', ':counter_stop`', 4, 'no counter_stop')


def test_function_that_is_gone(findings):
    damage(findings, '`counter_step()`', '`counter_stop()`', 4, 'no counter_stop')


def test_spelling(findings):
    damage(findings, 'writes', 'wrytes', 3, 'spelling: wrytes')


def test_fence_that_is_not_closed(findings):
    assert findings('```c\nint x;\n') == [(1, 'the fence is not closed')]


def test_directive_that_stands_above_nothing(findings):
    assert findings('<!-- mask: time -->\n\n```console\n$ true\n```\n')[0][0] == 1


def test_block_for_another_host_is_left_alone(findings):
    text = '<!-- host: {} -->\n```console\n$ false\n```\n'
    assert findings(text.format('pdp11')) == []
    assert len(findings(text.format(platform.machine()))) == 1


def test_words_leave_code_and_names_out():
    text = "The guest's `xyzzy` [word](url/zzyzx.md) vCPU GICv3 MiB x0_el1 <b>"
    page = document.parse('x.md', text)
    assert [w for _, w in document.words(page)] == ['The', "guest's", 'word']


def test_update_rewrites_excerpts_and_renames(tree):
    import check

    path = 'docs/tutorial/00-test.md'
    (tree / path).write_text('```c core/counter.c:counter_step\nold\n```\n\n'
                             '- a list\n\n  ```c core/counter.c:COUNT_MAX\n  ```\n')
    checker = check.Checker(tree, [path])
    checker.update(checker.pages[path], with_output=False)
    text = (tree / path).read_text()
    assert 'static int counter_step' in text and '  #define COUNT_MAX  8\n' in text

    source = tree / 'core/counter.c'
    source.write_text(source.read_text().replace('counter_step', 'counter_next'))
    checker = check.Checker(tree, [path])
    checker.update(checker.pages[path], with_output=False)
    text = (tree / path).read_text()
    assert '```c core/counter.c:counter_next\nstatic int counter_next' in text
    checker = check.Checker(tree, [path])
    checker.check_page(checker.pages[path])
    assert not checker.findings
