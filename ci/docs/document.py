"""A Markdown page, as far as the checks need it: fences, headings, links, code spans, words.

A fence's first info word is its language. What is checked about it stands in the further words, and
in HTML comments right above it, which no renderer shows:

    ```c core/vcpu.c:vcpu_exit      an excerpt (excerpt.py)
    ```console                      commands and what they print (command.py)
    ```diff                         a change that applies to the tree (change.py)
    <!-- mask: time /vcpu[0-9]/ -->  for the fence below: what may differ in its output
"""

import re
from dataclasses import dataclass, field

FENCE = re.compile(r'^(?P<indent> *)(?P<mark>```+)(?P<info>.*)$')
DIRECTIVE = re.compile(r'^\s*<!-- (?P<name>[a-z]+): (?P<value>.*?) -->\s*$')
HEADING = re.compile(r'^#{1,6} +(?P<text>.*?) *#*$')
CODE_SPAN = re.compile(r'(`+)(?P<code>.+?)\1(?!`)')
LINK = re.compile(r'!?\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)(?: "[^"]*")?\)')
HTML_COMMENT = re.compile(r'<!--.*?-->')
HTML_TAG = re.compile(r'</?[a-z][^>]*>')
URL = re.compile(r'https?://\S+')
WORD = re.compile(r"[\w'’]+")


@dataclass
class Fence:
    line: int  # of the opening mark, from 1
    indent: str
    language: str
    words: list
    body: list  # of lines, without the indentation
    directives: dict = field(default_factory=dict)


@dataclass
class Page:
    path: str  # from the root of the repository
    lines: list
    fences: list = field(default_factory=list)
    prose: list = field(default_factory=list)  # (line number, text): what is in no fence
    broken: list = field(default_factory=list)  # (line number, what is wrong with the page itself)


def anchor_of(text):
    """The anchor that GitHub gives a heading."""
    text = LINK.sub(lambda m: m['text'], text).replace('`', '')
    text = re.sub(r'[^\w\- ]', '', text.lower())
    return text.replace(' ', '-')


def site_anchor_of(text):
    """The anchor that MkDocs gives it."""
    return re.sub(r'-+', '-', anchor_of(text)).strip('-')


def parse(path, text):
    page = Page(path, text.split('\n'))
    directives, fence, mark = {}, None, ''
    for number, line in enumerate(page.lines, 1):
        if fence:
            if line.strip() == mark:
                page.fences.append(fence)
                fence = None
            else:
                fence.body.append(line[len(fence.indent):] if line.strip() else '')
            continue
        found = FENCE.match(line)
        if found:
            mark = found['mark']
            words = found['info'].split()
            fence = Fence(number, found['indent'], words[0] if words else '', words[1:], [],
                          directives)
            directives = {}
            continue
        found = DIRECTIVE.match(line)
        if found:
            directives[found['name']] = found['value']
            continue
        if directives:
            page.broken.append((number - 1, 'a directive must stand right above a fence'))
            directives = {}
        page.prose.append((number, line))
    if fence:
        page.broken.append((fence.line, 'the fence is not closed'))
    return page


def headings(page):
    for number, line in page.prose:
        found = HEADING.match(line)
        if found:
            yield number, found['text']


def code_spans(page):
    for number, line in page.prose:
        for found in CODE_SPAN.finditer(line):
            yield number, found['code'].strip()


def links(page):
    for number, line in page.prose:
        for found in LINK.finditer(CODE_SPAN.sub('', line)):
            yield number, found['target']


def words(page):
    """The words of the prose that a dictionary can know: no code, no names with capitals within."""
    for number, line in page.prose:
        line = CODE_SPAN.sub(' ', HTML_COMMENT.sub(' ', line))
        line = LINK.sub(lambda m: m['text'], line)
        line = URL.sub(' ', HTML_TAG.sub(' ', line))
        for found in WORD.finditer(line):
            word = found[0].replace('’', "'").strip("'")
            letters = word.replace("'", '')
            if letters.isascii() and letters.isalpha() and letters[1:].islower():
                yield number, word
