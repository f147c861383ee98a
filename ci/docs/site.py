#!/usr/bin/python3
"""Build the site: `make docs`.

The chapters are written for GitHub and for paper; this makes the site's form of them in a directory
of their own (links to sources lead to highlighted copies, excerpts get their names as titles) and
hands that to MkDocs.
"""

import argparse
import html
import posixpath
import re
import shutil
import sys
from pathlib import Path

import document
import yaml
from a64_lexer import A64Lexer
from mkdocs.commands.build import build
from mkdocs.config import load_config
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import CLexer, MakefileLexer, PythonLexer, TextLexer, YamlLexer
from pygments.lexers._mapping import LEXERS

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
TUTORIAL = 'docs/tutorial'
# Pages that the tutorial links to, and where they stand in the site.
REFERENCE = {'docs/architecture.md': 'reference/architecture.md',
             'docs/guest-tests.md': 'reference/guest-tests.md',
             'docs/kvm.md': 'reference/kvm.md',
             'docs/lockstep.md': 'reference/lockstep.md'}
ASSETS = ('site.css', 'diagrams.js')
LEXER_OF = {'.c': CLexer, '.h': CLexer, '.s': A64Lexer, '.inc': A64Lexer, '.py': PythonLexer,
            '.yml': YamlLexer, '.yaml': YamlLexer}
SOURCE_PAGE = '''<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
body {{ margin: 0; padding: 1em; background: #fff; color: #24292f; }}
pre {{ font-size: 13px; line-height: 1.4; tab-size: 8; margin: 0; }}
.highlight {{ overflow-x: auto; }}
.linenos {{ opacity: 0.5; padding-right: 1em; user-select: none; }}
{light}
@media (prefers-color-scheme: dark) {{
body {{ background: #1e2129; color: #d5d7e2; }}
{dark}
}}
</style></head>
<body><h1><code>{title}</code></h1>{body}</body>
</html>
'''


class Site:
    def __init__(self, work):
        self.source = work / 'source'
        self.copied = set()  # sources that have a page
        shutil.rmtree(work, ignore_errors=True)
        self.source.mkdir(parents=True)

    def place_of(self, path):
        """Where a page or a source of the repository stands in the site."""
        if path in REFERENCE:
            return REFERENCE[path]
        if path.startswith(TUTORIAL + '/'):
            return path[len(TUTORIAL) + 1:]
        return f'source/{path}.html'

    def link_to(self, page, target):
        """A link of a page, as the site has it; None for what the site does not hold."""
        path, _, anchor = target.partition('#')
        if not path or re.match(r'[a-z]+:', target):
            return target
        full = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        if (ROOT / full).is_dir():
            return None
        place = self.place_of(full)
        if place.startswith('source/'):
            self.copy_source(full, place)
        start = posixpath.dirname(self.place_of(page)) or '.'
        return posixpath.relpath(place, start) + ('#' + anchor if anchor else '')

    def copy_source(self, path, place):
        if path in self.copied:
            return
        self.copied.add(path)
        text = (ROOT / path).read_text()
        lexer = LEXER_OF.get(Path(path).suffix,
                             MakefileLexer if path == 'Makefile' else TextLexer)()
        light = HtmlFormatter(style='friendly', linenos='inline')
        dark = HtmlFormatter(style='monokai')
        page = SOURCE_PAGE.format(
            title=html.escape(path), body=highlight(text, lexer, light),
            light=light.get_style_defs('.highlight'), dark=dark.get_style_defs('.highlight'))
        (self.source / place).parent.mkdir(parents=True, exist_ok=True)
        (self.source / place).write_text(page)

    def convert_line(self, page, line):
        """Links lead to where the site has what they mean; paths in code spans become links."""
        spans = []

        def hide(found):
            spans.append(found[0])
            return f'\0{len(spans) - 1}\0'

        def convert(found):
            target = self.link_to(page, found['target'])
            if target is None:
                return found['text']
            return found[0].replace(f']({found["target"]}', f']({target}')

        def restore(found):
            span = spans[int(found[1])]
            path = span.strip('`').partition(':')[0]
            if '/' not in path or not (ROOT / path).is_file() or path.endswith('.md'):
                return span
            return f'[{span}]({self.link_to(page, posixpath.relpath(path, dirname))})'

        dirname = posixpath.dirname(page)
        line = document.CODE_SPAN.sub(hide, line)
        line = document.LINK.sub(convert, line)
        if '[\0' in line:  # it is a link's text already
            return re.sub('\0(\\d+)\0', lambda found: spans[int(found[1])], line)
        return re.sub('\0(\\d+)\0', restore, line)

    def convert(self, path):
        """The text of a page for the site."""
        page = document.parse(path, (ROOT / path).read_text())
        lines = list(page.lines)
        for number, line in page.prose:
            lines[number - 1] = self.convert_line(path, line).replace(
                '<details>', '<details markdown="1">')
        for fence in page.fences:
            language = 'a64' if fence.language == 'asm' else fence.language
            name = ' '.join(fence.words).removesuffix('+comment')
            title = f' title="{name}"' if name else ''
            lines[fence.line - 1] = f'{fence.indent}```{language}{title}'
        place = self.source / self.place_of(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text('\n'.join(lines))

    def add_pages(self):
        for page in sorted((ROOT / TUTORIAL).glob('*.md')):
            self.convert(f'{TUTORIAL}/{page.name}')
        for page in REFERENCE:
            self.convert(page)
        for picture in (ROOT / TUTORIAL).glob('*.svg'):
            shutil.copy(picture, self.source)

    def add_assets(self, mermaid):
        assets = self.source / 'assets'
        assets.mkdir()
        for name in ASSETS:
            shutil.copy(HERE / 'theme' / name, assets)
        shutil.copy(mermaid, assets)


def navigation():
    chapters = sorted(p.name for p in (ROOT / TUTORIAL).glob('[0-9]*.md'))
    return [{'Contents': 'README.md'}] + chapters + [{'Reference': list(REFERENCE.values())}]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--mermaid', required=True, help="Mermaid's script")
    parser.add_argument('--work', required=True, help='a directory for the pages; is emptied')
    parser.add_argument('--site', required=True, help='where the site goes')
    args = parser.parse_args()

    LEXERS['A64Lexer'] = ('a64_lexer', A64Lexer.name, tuple(A64Lexer.aliases), (), ())
    site = Site(Path(args.work))
    site.add_pages()
    site.add_assets(args.mermaid)
    settings = yaml.load((HERE / 'mkdocs.yml').read_text(), Loader=yaml.UnsafeLoader)
    settings.update(docs_dir='source', site_dir=str(Path(args.site).resolve()), nav=navigation())
    config = Path(args.work) / 'mkdocs.yml'
    config.write_text(yaml.dump(settings))
    build(load_config(str(config)))


if __name__ == '__main__':
    sys.exit(main())
