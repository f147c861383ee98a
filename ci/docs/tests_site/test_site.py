"""The built site in a headless Chromium: nothing fails, nothing is missing, nothing is fetched from
elsewhere. `make check-site` builds it first."""

import functools
import html.parser
import http.server
import json
import posixpath
import re
import threading
import urllib.parse
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

SITE = Path(__file__).resolve().parents[3] / 'build/site'
PAGES = sorted(str(p.relative_to(SITE)) for p in SITE.rglob('*.html') if p.name != '404.html')
CHAPTERS = [page for page in PAGES if not page.startswith('source/')]
WAIT = 60  # seconds, for a machine with other things to do
PHONE = (360, 740)

# Whether each picture has been drawn, with some size.
PICTURES = '''
    const seen = element => {
        const box = element.getBoundingClientRect();
        return box.width > 50 && box.height > 20;
    };
    return [
        ...[...document.querySelectorAll(".diagram")].map(d => {
            const svg = d.querySelector("svg");
            return Boolean(svg) && seen(svg) && !svg.querySelector(".error-icon");
        }),
        ...[...document.querySelectorAll("article img")].map(i => i.naturalWidth > 0 && seen(i)),
    ];
'''


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope='session')
def address():
    handler = functools.partial(QuietHandler, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f'http://127.0.0.1:{server.server_port}'
    server.shutdown()


@pytest.fixture(scope='session')
def browser():
    options = Options()
    options.binary_location = '/usr/bin/chromium'
    for argument in ('--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
                     '--window-size=1280,900'):
        options.add_argument(argument)
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL', 'performance': 'ALL'})
    driver = webdriver.Chrome(service=Service('/usr/bin/chromedriver'), options=options)
    yield driver
    driver.quit()


def set_scheme(browser, scheme):
    browser.execute_cdp_cmd('Emulation.setEmulatedMedia', {
        'features': [{'name': 'prefers-color-scheme', 'value': scheme}]})


def set_size(browser, width, height, phone):
    browser.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
        'width': width, 'height': height, 'deviceScaleFactor': 1, 'mobile': phone})


def load(browser, address, page, theme='neutral'):
    """Until the page's diagrams are drawn, in that theme of Mermaid's."""
    browser.get_log('browser')
    browser.get_log('performance')
    # A first visit: the theme remembers what it chose, and follows the system no more.
    browser.execute_cdp_cmd('Storage.clearDataForOrigin',
                            {'origin': address, 'storageTypes': 'local_storage'})
    browser.get(f'{address}/{page}')
    if page in CHAPTERS:
        WebDriverWait(browser, WAIT).until(
            lambda b: b.execute_script('return document.body.dataset.diagrams') == theme)


def errors(browser):
    return [entry['message'] for entry in browser.get_log('browser')
            if entry['level'] in ('SEVERE', 'WARNING')]


def requests(browser):
    for entry in browser.get_log('performance'):
        message = json.loads(entry['message'])['message']
        if message['method'] == 'Network.requestWillBeSent':
            yield message['params']['request']['url']


def test_there_is_a_site():
    assert 'index.html' in PAGES and len(CHAPTERS) > 5


@pytest.mark.parametrize('page', CHAPTERS)
def test_page_in_light_dark_and_on_a_phone(browser, address, page):
    for scheme, theme, (width, height), phone in (('dark', 'dark', PHONE, True),
                                                  ('light', 'neutral', (1280, 900), False)):
        set_scheme(browser, scheme)
        set_size(browser, width, height, phone)
        load(browser, address, page, theme)
        assert errors(browser) == []
        outside = [url for url in requests(browser)
                   if not url.startswith((address, 'data:', 'blob:', 'chrome:'))]
        assert outside == []
        pictures = browser.execute_script(PICTURES)
        assert all(pictures), f'{pictures.count(False)} of {len(pictures)} not visible'
        assert browser.execute_script('return document.documentElement.scrollWidth') <= width


class Tags(html.parser.HTMLParser):
    """What a page refers to, and the anchors that it has."""

    def __init__(self, page):
        super().__init__()
        self.targets, self.anchors = set(), {''}
        self.feed((SITE / page).read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors.add(attributes.get('id'))
        for name in ('href', 'src'):
            if name in attributes:
                self.targets.add(attributes[name])


def test_every_link_leads_somewhere():
    """Within the site: the page is there, and has the anchor. Beyond it nothing is asked."""
    tags = {page: Tags(page) for page in PAGES}
    broken = []
    for page in PAGES:
        for target in tags[page].targets:
            url = urllib.parse.urlsplit(target)
            if url.scheme or url.netloc:
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(page), url.path or
                                                     posixpath.basename(page)))
            if not (SITE / path).exists():
                broken.append((page, target))
            elif path in tags and urllib.parse.unquote(url.fragment) not in tags[path].anchors:
                broken.append((page, target))
    assert broken == []


def test_source_page_loads(browser, address):
    source = next(page for page in PAGES if page.startswith('source/'))
    load(browser, address, source)
    assert errors(browser) == []


def test_search_finds_a_word(browser, address):
    set_size(browser, 1280, 900, False)
    load(browser, address, 'index.html?q=redistributor')
    WebDriverWait(browser, WAIT).until(lambda b: b.execute_script(
        'return document.querySelectorAll(".md-search-result__item").length') > 0)


def test_code_is_highlighted():
    text = ''.join((SITE / page).read_text() for page in CHAPTERS)
    for language, token in (('c', 'kt'), ('a64', 'nf'), ('console', 'gp')):
        assert re.search(rf'<div class="language-{language} highlight">.*?<span class="{token}">',
                         text), language
