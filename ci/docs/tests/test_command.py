"""How commands are run, and what counts as the same output."""

import time

import command
import document
import pytest


def differs(expected, got, masks=''):
    return command.first_difference(expected, got, command.masks_of(masks))


def test_equal_output_is_equal():
    assert differs(['a', 'b'], ['a', 'b']) is None
    assert differs(['a  ', ''], ['a']) is None
    assert differs([], []) is None


@pytest.mark.parametrize('expected, got, line', [
    (['a', 'b'], ['a', 'c'], 1),
    (['a', 'b'], ['a'], 1),
    (['a'], ['a', 'b'], 1),
    ([], ['a'], 0),
    (['a'], [], 0),
])
def test_different_output_is_found(expected, got, line):
    assert differs(expected, got)[0] == line


def test_dots_stand_for_any_lines():
    assert differs(['a', '...', 'd'], ['a', 'b', 'c', 'd']) is None
    assert differs(['a', '...', 'd'], ['a', 'd']) is None
    assert differs(['...', 'd'], ['d', 'd']) is None
    assert differs(['a', '...'], ['a', 'x', 'y']) is None
    assert differs(['a', '...', 'd'], ['a', 'b'])
    assert differs(['...', 'c', '...', 'b'], ['b', 'c'])


def test_dots_at_the_end_of_a_line_stand_for_its_rest():
    assert differs(['pc ...'], ['pc 0x1000']) is None
    assert differs(['pc ...'], ['sp 0x1000'])


def test_masks_hide_what_they_name_and_nothing_else():
    assert differs(['took 1.5 ms'], ['took 20.25 ms'], 'time') is None
    assert differs(['took 1.5 ms'], ['gave 1.5 ms'], 'time')
    assert differs(['[    0.000000] up'], ['[   13.955817] up'], 'time') is None
    assert differs(['at 0x10, 5'], ['at 0xff, 5'], 'hex') is None
    assert differs(['at 0x10, 5'], ['at 0x10, 6'], 'hex')
    assert differs(['n 12,345'], ['n 7'], 'number') is None
    assert differs(['vcpu1 a/b'], ['vcpu2 a/b'], r'/vcpu\d/') is None
    with pytest.raises(ValueError):
        command.masks_of('times')


def fence_of(body, **directives):
    return document.Fence(1, '', 'console', [], body.split('\n'), directives)


def problems(tmp_path, body, **directives):
    return command.check(tmp_path, fence_of(body, **directives))[0]


def test_commands_run_where_they_should(tmp_path):
    assert not problems(tmp_path, f'$ pwd\n{tmp_path}')
    assert not problems(tmp_path, '$ echo one \\\n>   two; echo err >&2\none two\nerr\n$ true')
    assert not problems(tmp_path, '$ cat')  # nothing on standard input


def test_wrong_output_is_reported_at_its_line(tmp_path):
    assert problems(tmp_path, '$ true\n$ printf "a\\nb\\n"\na\nc')[0][0] == 3


def test_the_exit_status_counts(tmp_path):
    assert problems(tmp_path, '$ false')
    assert not problems(tmp_path, '$ exit 3', status='3')
    assert problems(tmp_path, '$ true', status='3')
    assert problems(tmp_path, '$ exit 3\n$ exit 3', status='3')


def test_a_block_that_begins_with_output_is_wrong(tmp_path):
    assert problems(tmp_path, 'output')


def test_a_command_that_hangs_is_stopped(tmp_path):
    assert command.run(tmp_path, 'sleep 1 && touch late; true', 0.2) == (None, [])
    time.sleep(1.2)
    assert not (tmp_path / 'late').exists()  # nor does what it had started go on


def test_outputs_can_be_refreshed(tmp_path):
    fence = fence_of('$ echo new\nold\n$ printf "a\\nb\\n"\na\n...')
    _, outputs = command.check(tmp_path, fence)
    assert command.updated_body(fence, outputs) == ['$ echo new', 'new', '$ printf "a\\nb\\n"', 'a',
                                                    '...']


def test_blocks_for_kvm_are_checked_by_a_log(tmp_path):
    fences = [fence_of('$ echo one\none\n$ exit 2', host='kvm', status='2'),
              fence_of('$ echo two\n2', host='kvm')]
    script = tmp_path / 'docs.sh'
    script.write_text(command.kvm_script(fences))
    _, log = command.run(tmp_path, f'sh {script} {tmp_path}')
    replay = command.kvm_runner('\n'.join(log) + '\n')
    assert not command.is_for_this_host(fences[0]) and command.is_for_kvm(fences[0])
    assert command.check(tmp_path, fences[0], replay)[0] == []
    assert len(command.check(tmp_path, fences[1], replay)[0]) == 1
    assert len(command.check(tmp_path, fences[1], replay)[0]) == 2  # the log has no more
