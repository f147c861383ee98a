"""Excerpts of source files, named by symbol.

    core/vcpu.c:vcpu_exit            a function, struct, enum, table or macro
    core/vcpu.h:vcpu_exit+comment    with the comment above it
    core/irq.h:IRQ_SGI_BASE..IRQ_SPI_BASE   from one to another
    guest-tests/hello.s              the whole file
    guest-tests/test.inc:finish      an assembler's macro, or a label and what follows it
    core/a64/a64.decode:ADD_imm      the line that begins with this word

A line "..." in an excerpt stands for lines that were left out.
"""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

ELISION = '...'
LIKENESS = 0.6  # above which two texts are taken for the same thing, changed


@dataclass
class Chunk:
    names: set
    start: int  # index of the first line, without the comment above
    end: int  # behind the last line
    comment: int  # index of the first line of the comment above, or start


def comment_above(lines, start):
    """Where the comment that ends right above a line begins."""
    at = start
    if at and lines[at - 1].strip().endswith('*/'):
        at -= 1
        while at and '/*' not in lines[at]:
            at -= 1
        return at if '/*' in lines[at] else start
    while at and re.match(r'\s*(//|# )', lines[at - 1]):
        at -= 1
    return at


def c_names(header):
    """What a top-level declaration declares, by its text up to the body."""
    define = re.match(r'#\s*define\s+(\w+)', header)
    if define:
        return {define[1]}
    header = re.sub(r'/\*.*?\*/|__attribute__.*', ' ', header, flags=re.S)
    names = set(re.findall(r'\b(?:struct|union|enum)\s+(\w+)\s*\{', header))
    head = re.split(r'[={;]', header)[0]
    call = re.search(r'(\w+)\s*\(', head)
    if call:
        return names | {call[1]} | set(re.findall(r'\b\w+\((\w+)\)', head))
    variable = re.search(r'(\w+)\s*(?:\[[^\]]*\]\s*)*$', head.strip())
    if variable:
        names.add(variable[1])
    return names


def c_chunks(lines):
    chunks, index = [], 0
    while index < len(lines):
        line = lines[index]
        if re.match(r'/\*', line):
            while index < len(lines) and '*/' not in lines[index]:
                index += 1
            index += 1
            continue
        if re.match(r'#\s*define\b', line):
            start = index
            while lines[index].endswith('\\'):
                index += 1
            index += 1
        elif re.match(r'[A-Za-z_}]', line):
            start, depth = index, 0
            while index < len(lines):
                code = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])+\'|/\*.*?\*/', '', lines[index])
                depth += code.count('{') - code.count('}')
                index += 1
                ends = code.rstrip()
                if depth <= 0 and (ends.endswith(';') or (ends == '}' and code[0] == '}')):
                    break
        else:
            index += 1
            continue
        text = '\n'.join(lines[start:index])
        body = re.match(r'\w[^{;=]*', text, re.S)
        header = text[:text.find('{') + 1] if '{' in text else text
        names = c_names(header if body or header.startswith('#') else text)
        chunks.append(Chunk(names, start, index, comment_above(lines, start)))
    return chunks


def assembler_chunks(lines):
    chunks = []
    for index, line in enumerate(lines):
        macro = re.match(r'\s*\.macro\s+(\w+)', line)
        label = re.match(r'([A-Za-z_]\w*):', line)
        name, end = (macro or label or [0, 0])[1], index + 1
        if not name:
            continue
        if macro:
            while end < len(lines) and lines[end - 1].strip() != '.endm':
                end += 1
        else:
            while end < len(lines) and lines[end].strip() and not re.match(r'[A-Za-z_]\w*:',
                                                                           lines[end]):
                end += 1
        chunks.append(Chunk({name}, index, end, comment_above(lines, index)))
    return chunks


def word_chunks(lines):
    return [Chunk({line.split()[0]}, i, i + 1, i) for i, line in enumerate(lines) if line.strip()]


def chunks_of(path, lines):
    if path.endswith(('.c', '.h')):
        return c_chunks(lines)
    if path.endswith(('.s', '.inc')):
        return assembler_chunks(lines)
    return word_chunks(lines)


def read_lines(root, path):
    lines = (Path(root) / path).read_text().split('\n')
    return lines[:-1] if lines[-1] == '' else lines


def find_symbol(path, lines, symbol):
    """The chunk of a symbol: of several (a prototype, a definition) the longest. Or None."""
    found = [c for c in chunks_of(path, lines) if symbol in c.names]
    return max(found, key=lambda c: c.end - c.start, default=None)


def is_excerpt(name):
    return bool(re.match(r'[\w.-]+/[\w./-]+(:|$)', name) or name in ('Makefile', 'README.md'))


def source_of(root, name):
    """The lines that a name stands for. LookupError says what is missing."""
    path, _, symbol = name.partition(':')
    if not (Path(root) / path).is_file():
        raise LookupError(f'there is no file {path}')
    lines = read_lines(root, path)
    if not symbol:
        return lines
    symbol, plus, comment = symbol.partition('+')
    first, _, last = symbol.partition('..')
    chunks = []
    for part in (first, last or first):
        chunk = find_symbol(path, lines, part)
        if not chunk:
            raise LookupError(f'there is no {part} in {path}')
        chunks.append(chunk)
    if plus and comment != 'comment':
        raise LookupError(f'"+{comment}" is not known; "+comment" is')
    return lines[chunks[0].comment if plus else chunks[0].start:chunks[1].end]


def segments(body):
    """The runs of lines between elisions; whether the first and the last of them is anchored."""
    parts = [[]]
    for line in body:
        if line.strip() == ELISION:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def find_run(source, run, start):
    for at in range(start, len(source) - len(run) + 1):
        if source[at:at + len(run)] == run:
            return at
    return None


def first_difference(source, body):
    """None when the excerpt is what the source says, otherwise (line of the excerpt, why)."""
    parts, at, line = segments(body), 0, 0
    for index, part in enumerate(parts):
        is_first, is_last = index == 0, index == len(parts) - 1
        if is_first or is_last:
            where = 0 if is_first else len(source) - len(part)
            if where < at or (is_first and is_last and len(source) != len(part)):
                where = at
            for offset in range(max(len(part), len(source) - where if is_last else 0)):
                have = part[offset] if offset < len(part) else None
                want = source[where + offset] if where + offset < len(source) else None
                if have != want:
                    return min(line + offset, max(len(body) - 1, 0)), f'the source has {want!r}'
            at = where + len(part)
        else:
            where = find_run(source, part, at)
            if where is None:
                return line, 'these lines are not (in this order) in the source'
            at = where + len(part)
        line += len(part) + 1
    return None


def closest(source, text, start):
    """The line of the source, from `start`, that is most like a text; None when none is."""
    best, best_ratio = None, LIKENESS
    for at in range(start, len(source)):
        ratio = difflib.SequenceMatcher(None, source[at].strip(), text.strip()).ratio()
        if source[at] == text:
            return at
        if ratio > best_ratio:
            best, best_ratio = at, ratio
    return best


def refresh(source, body):
    """The excerpt brought up to date, its elisions kept; None when that is a person's work."""
    parts = segments(body)
    if len(parts) == 1:
        return list(source)
    result, at = [], 0
    for index, part in enumerate(parts):
        start, end = at, at
        if part:
            first = 0 if index == 0 else closest(source, part[0], at)
            last = (len(source) - 1 if index == len(parts) - 1
                    else closest(source, part[-1], first if first is not None else at))
            if first is None or last is None or last < first:
                return None
            start, end = first, last + 1
        if index:
            indent = re.match(r'\s*', source[min(start, len(source) - 1)])[0]
            result.append(indent + ELISION)
        result += source[start:end]
        at = end
    return result


def find_renamed(root, name, body, paths):
    """The name under which a text that was `name` is found now, or None."""
    path, _, symbol = name.partition(':')
    plus = '+comment' if symbol.endswith('+comment') else ''
    if '..' in symbol or not body:
        return None
    text = '\n'.join(line for line in body if line.strip() != ELISION)
    best, best_ratio = None, LIKENESS
    for candidate in [path] + [p for p in paths if p != path and p[-2:] == path[-2:]]:
        if not (Path(root) / candidate).is_file():
            continue
        lines = read_lines(root, candidate)
        for chunk in chunks_of(candidate, lines):
            other = '\n'.join(lines[chunk.comment if plus else chunk.start:chunk.end])
            matcher = difflib.SequenceMatcher(None, other, text)
            if matcher.quick_ratio() > best_ratio and matcher.ratio() > best_ratio and chunk.names:
                best, best_ratio = f'{candidate}:{sorted(chunk.names)[0]}{plus}', matcher.ratio()
        if best and candidate == path:
            break  # renamed within its file: no need to look further
    return best
