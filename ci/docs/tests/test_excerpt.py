"""Which lines a name stands for, and when an excerpt of them is stale."""

import excerpt
import pytest


def source(tree, name):
    return excerpt.source_of(tree, name)


@pytest.mark.parametrize('name, first, last, count', [
    ('core/counter.c:counter_step', 'static int counter_step(struct counter *counter)', '}', 7),
    ('core/counter.c:counter_step+comment', '/* One step further. */', '}', 8),
    ('core/counter.c:counter', 'struct counter {', '};', 3),
    ('core/counter.c:names', 'static const char *const names[] = {', '};', 4),
    ('core/counter.c:COUNT_STEP', '#define COUNT_STEP \\', '\t(COUNT_MAX / 4)', 2),
    ('core/counter.c:COUNT_MAX..COUNT_STEP', '#define COUNT_MAX  8', '\t(COUNT_MAX / 4)', 3),
    ('core/counter.c:counter_init',
     'int counter_init(struct counter *counter, int value) __attribute__((nonnull(1)));',
     'int counter_init(struct counter *counter, int value) __attribute__((nonnull(1)));', 1),
    ('core/shout.s:shout+comment', '// Prints.', '\t.endm', 4),
    ('core/shout.s:start', 'start:', '\tb\tstart', 3),
])
def test_a_symbol_is_found(tree, name, first, last, count):
    lines = source(tree, name)
    assert (lines[0], lines[-1], len(lines)) == (first, last, count)


def test_a_path_alone_is_the_whole_file(tree):
    assert len(source(tree, 'core/shout.s')) == 8


@pytest.mark.parametrize('name', ['core/counter.c:value', 'core/counter.c:counter_ste',
                                  'core/none.c', 'core/counter.c:names+comments'])
def test_what_is_not_there_is_missed(tree, name):
    with pytest.raises(LookupError):
        source(tree, name)


@pytest.fixture
def step(tree):
    return source(tree, 'core/counter.c:counter_step')


def test_the_same_text_is_up_to_date(step):
    assert excerpt.first_difference(step, list(step)) is None


def test_each_changed_line_is_found(step):
    for index in range(len(step)):
        body = list(step)
        body[index] += ' '
        assert excerpt.first_difference(step, body)[0] == index


def test_a_line_too_few_and_one_too_many_are_found(step):
    assert excerpt.first_difference(step, step[:-1])
    assert excerpt.first_difference(step, step + ['}'])
    assert excerpt.first_difference(step, step[1:])
    assert excerpt.first_difference(step, [])


def test_an_elision_stands_for_any_lines_between(step):
    assert excerpt.first_difference(step, step[:2] + ['\t...'] + step[4:]) is None
    assert excerpt.first_difference(step, step[:2] + ['\t...'] + [step[4]] + ['...', '}']) is None
    assert excerpt.first_difference(step, [step[0], '...']) is None
    assert excerpt.first_difference(step, ['...'] + step[-2:]) is None


def test_around_an_elision_lines_must_be_right(step):
    wrong = step[:2] + ['...', '\tcounter->value--;', '...', '}']
    assert excerpt.first_difference(step, wrong)[0] == 3
    assert excerpt.first_difference(step, step[:2] + ['...', step[5], '...', step[4], '...', '}'])
    assert excerpt.first_difference(step, ['{', '...', '}'])
    assert excerpt.first_difference(step, [step[0], '...', step[4]])


def test_refresh_takes_over_what_changed(step):
    new = [line.replace('COUNT_STEP', '1') for line in step]
    assert excerpt.refresh(new, step) == new
    short = step[:2] + ['\t...'] + step[4:]
    assert excerpt.refresh(new, short) == new[:2] + ['\t...'] + new[4:]
    assert excerpt.first_difference(new, excerpt.refresh(new, short)) is None


def test_refresh_gives_up_rather_than_guess(step):
    other = ['nothing like it', '...', 'completely different ()', '...']
    assert excerpt.refresh(step, other) is None


def test_a_renamed_function_is_found_again(tree, step):
    path = tree / 'core/counter.c'
    path.write_text(path.read_text().replace('counter_step', 'counter_advance'))
    found = excerpt.find_renamed(tree, 'core/counter.c:counter_step', step, ['core/counter.c'])
    assert found == 'core/counter.c:counter_advance'


def test_a_moved_function_is_found_again(tree, step):
    (tree / 'core/counter.c').rename(tree / 'core/count.c')
    found = excerpt.find_renamed(tree, 'core/counter.c:counter_step', step, ['core/count.c'])
    assert found == 'core/count.c:counter_step'
    assert excerpt.find_renamed(tree, 'core/counter.c:gone', ['void gone(void)', '{', '}'],
                                ['core/count.c']) is None
