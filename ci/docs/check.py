#!/usr/bin/python3
"""Check the documentation against the tree: `make check-docs`, `make docs-update`.

Everything that a page says and a program can look up is looked up: excerpts (excerpt.py), commands
with their output (command.py), diffs, links and anchors, paths and functions in code spans,
spelling. Each finding names page and line.
"""

import argparse
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import change
import command
import document
import excerpt

ROOT = Path(__file__).resolve().parents[2]
WORDS = Path(__file__).with_name('words.txt')
TUTORIAL = 'docs/tutorial'

TREE = ('core', 'devices', 'harness', 'guest-tests', 'linux-tests', 'ci', 'docs', 'dist')
PATH_SPAN = re.compile(rf'(?:{"|".join(TREE)})(?:/[\w.+-]+)+/?(?::[\w.+]+)?')
PLACEHOLDER = re.compile(r'NAME|TOPIC')
CALL_SPAN = re.compile(r'([a-z][a-z0-9_]+)\(\)')
SOURCE_SUFFIXES = ('.c', '.h', '.s', '.inc', '.py', '.sh', '.decode')


class Checker:
    def __init__(self, root, pages):
        self.root = Path(root)
        self.pages = {}
        self.findings = []  # (path, line, text)
        self.sources = None
        for path in pages:
            text = (self.root / path).read_text()
            self.pages[path] = document.parse(path, text)

    def say(self, page, line, text):
        self.findings.append((page.path, line, text))

    def source_paths(self):
        return sorted(str(p.relative_to(self.root)) for top in TREE
                      for p in (self.root / top).rglob('*')
                      if p.suffix in SOURCE_SUFFIXES and p.is_file())

    def source_names(self):
        """Every identifier of the sources."""
        if self.sources is None:
            self.sources = set()
            for path in self.source_paths():
                if not path.startswith('docs/'):
                    text = (self.root / path).read_text(errors='replace')
                    self.sources |= set(re.findall(r'\w+', text))
        return self.sources

    # --- One page ---

    def check_page(self, page):
        for line, text in page.broken:
            self.say(page, line, text)
        for fence in page.fences:
            if fence.words and fence.language != 'console':
                self.check_excerpt(page, fence)

    def check_excerpt(self, page, fence):
        name = fence.words[0]
        if len(fence.words) > 1 or not excerpt.is_excerpt(name):
            self.say(page, fence.line, f'"{" ".join(fence.words)}" names no excerpt')
            return
        try:
            source = excerpt.source_of(self.root, name)
        except LookupError as error:
            self.say(page, fence.line, f'excerpt {name}: {error}')
            return
        difference = excerpt.first_difference(source, fence.body)
        if difference:
            at, why = difference
            self.say(page, fence.line + 1 + at, f'excerpt {name} is stale: {why}')

    def check_diff(self, page, fence):
        why = change.check(self.root, '\n'.join(fence.body) + '\n', fence.directives.get('then'))
        if why:
            self.say(page, fence.line, why)

    def check_commands(self, page):
        for fence in page.fences:
            if fence.language == 'console' and command.is_for_this_host(fence):
                problems, _ = command.check(self.root, fence)
                for at, why in problems:
                    self.say(page, fence.line + 1 + at, why)
            elif fence.language == 'diff':
                self.check_diff(page, fence)

    def kvm_fences(self, page):
        return [fence for fence in page.fences if command.is_for_kvm(fence)]

    def check_kvm(self, log):
        """The blocks for KVM, by what the script that ran them has printed."""
        runner = command.kvm_runner(log)
        for page in self.pages.values():
            for fence in self.kvm_fences(page):
                problems, outputs = command.check(self.root, fence, runner)
                for at, why in problems:
                    self.say(page, fence.line + 1 + at, why)
                yield fence, outputs

    # --- What pages refer to ---

    def check_links(self, page):
        for line, target in document.links(page):
            if re.match(r'[a-z]+:', target):
                continue
            path, _, anchor = target.partition('#')
            full = (self.root / page.path).parent / path if path else self.root / page.path
            if not full.exists():
                self.say(page, line, f'the link leads nowhere: {target}')
            elif anchor:
                self.check_anchor(page, line, full, anchor)

    def check_anchor(self, page, line, full, anchor):
        if full.suffix != '.md':
            self.say(page, line, f'{full.name} is no page, and has no anchor {anchor}')
            return
        other = document.parse(str(full), full.read_text())
        texts = [text for _, text in document.headings(other)
                 if document.anchor_of(text) == anchor]
        if not texts:
            self.say(page, line, f'{full.name} has no anchor #{anchor}')
        elif document.site_anchor_of(texts[0]) != anchor:
            self.say(page, line, f'the site and GitHub disagree about the anchor of "{texts[0]}"')

    def check_spans(self, page):
        for line, code in document.code_spans(page):
            if PATH_SPAN.fullmatch(code) and not PLACEHOLDER.search(code):
                self.check_path(page, line, code)
            call = CALL_SPAN.fullmatch(code)
            if call and call[1] not in self.source_names():
                self.say(page, line, f'there is no {code} in the sources')

    def check_path(self, page, line, code):
        path, _, symbol = code.partition(':')
        full = self.root / path
        if not full.exists():
            self.say(page, line, f'there is no {path}')
        elif symbol:
            try:
                excerpt.source_of(self.root, code)
            except LookupError as error:
                self.say(page, line, str(error))

    def check_spelling(self, pages):
        seen = {}
        for page in pages:
            for line, word in document.words(page):
                seen.setdefault(word, []).append((page, line))
        for word in misspelt(seen, WORDS):
            for page, line in seen[word]:
                self.say(page, line, f'spelling: {word}')

    # --- Updates ---

    def update(self, page, with_output):
        """Rewrite a page's excerpts, and outputs. From the end, so that line numbers hold."""
        lines = list(page.lines)
        for fence in reversed(page.fences):
            body, info = None, None
            if fence.language == 'console' and with_output and command.is_for_this_host(fence):
                _, outputs = command.check(self.root, fence)
                body = command.updated_body(fence, outputs)
            elif fence.words and fence.language != 'console':
                body, info = self.updated_excerpt(page, fence)
            if body is None:
                continue
            if info:
                opening = lines[fence.line - 1]
                lines[fence.line - 1] = opening.replace(fence.words[0], info)
            lines[fence.line:fence.line + len(fence.body)] = [
                fence.indent + line if line else '' for line in body]
        if lines != page.lines:
            (self.root / page.path).write_text('\n'.join(lines))
            print(f'{page.path}: updated')

    def updated_excerpt(self, page, fence):
        name, info = fence.words[0], None
        try:
            source = excerpt.source_of(self.root, name)
        except LookupError as error:
            info = excerpt.find_renamed(self.root, name, fence.body, self.source_paths())
            if not info:
                self.say(page, fence.line, f'excerpt {name}: {error}, nor anything like it')
                return None, None
            print(f'{page.path}:{fence.line}: {name} is {info} now')
            source = excerpt.source_of(self.root, info)
        if not excerpt.first_difference(source, fence.body):
            return (fence.body, info) if info else (None, None)
        body = excerpt.refresh(source, fence.body)
        if body is None:
            self.say(page, fence.line, f'excerpt {name}: its shortened form must be redone by hand')
        return body, info


def misspelt(words, known):
    """Those of the words that neither aspell nor the project's list knows."""
    own = set(Path(known).read_text().split())
    asked = sorted(word for word in words
                   if not own & {word, word.lower(), word.removesuffix("'s")})
    done = subprocess.run(['aspell', 'list', '--lang=en_GB-ize', '--encoding=utf-8'],
                          input='\n'.join(asked), capture_output=True, text=True, check=True)
    return sorted(set(done.stdout.split()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--update', action='store_true', help='rewrite excerpts')
    parser.add_argument('--output', action='store_true', help='with --update: outputs, too')
    parser.add_argument('--no-commands', action='store_true', help='run no console block')
    parser.add_argument('--kvm-script', action='store_true', help='print what kvm.sh is to run')
    parser.add_argument('--kvm-log', metavar='FILE', help='check what that has printed')
    parser.add_argument('--jobs', type=int, default=2, help='pages whose commands run at a time')
    parser.add_argument('pages', nargs='*', help='those alone (default: all)')
    args = parser.parse_args()

    tutorial = sorted(str(p.relative_to(ROOT)) for p in (ROOT / TUTORIAL).glob('*.md'))
    others = ['README.md'] + sorted(str(p.relative_to(ROOT)) for p in (ROOT / 'docs').glob('*.md'))
    chosen = [str(Path(p).resolve().relative_to(ROOT)) for p in args.pages] or tutorial + others
    checker = Checker(ROOT, chosen)
    pages = list(checker.pages.values())
    chapters = [page for page in pages if page.path in tutorial]

    if args.kvm_script:
        print(command.kvm_script([f for page in pages for f in checker.kvm_fences(page)]), end='')
        return 0
    if args.kvm_log:
        blocks = list(checker.check_kvm(Path(args.kvm_log).read_text(errors='replace')))
        print(f'{len(blocks)} blocks on KVM')
    elif args.update:
        for page in chapters:
            checker.update(page, args.output)
    else:
        for page in pages:
            checker.check_page(page)
            checker.check_links(page)
            checker.check_spans(page)
        checker.check_spelling(chapters)
        if not args.no_commands:
            with ThreadPoolExecutor(args.jobs) as pool:
                list(pool.map(checker.check_commands, chapters))
    for path, line, text in sorted(checker.findings):
        print(f'{path}:{line}: {text}')
    if not args.update and not args.kvm_log:
        counted = sum(len(page.fences) for page in chapters)
        print(f'{len(pages)} pages, {counted} fences: {len(checker.findings)} findings')
    return 1 if checker.findings else 0


if __name__ == '__main__':
    sys.exit(main())
