"""The built site in a headless Chromium: nothing fails, nothing is missing, nothing is fetched from
elsewhere. `make check-site` builds it first."""

import functools
import http.server
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
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

# Every link target of the page, and whether each picture has been drawn with some size.
LINKS = 'return [...document.querySelectorAll("a[href], link[href]")].map(a => a.href)'
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


def test_every_link_leads_somewhere(browser, address):
    """Within the site: the page is there, and has the anchor. Beyond it nothing is asked."""
    broken, known = [], {}

    def text_of(url):
        if url not in known:
            try:
                with urllib.request.urlopen(url) as answer:
                    known[url] = answer.read().decode(errors='replace')
            except urllib.error.HTTPError:
                known[url] = None
        return known[url]

    set_size(browser, 1280, 900, False)
    for page in CHAPTERS:
        load(browser, address, page)
        for link in set(browser.execute_script(LINKS)):
            if not link.startswith(address):
                continue
            url, _, anchor = link.partition('#')
            text = text_of(url)
            anchor = re.escape(urllib.parse.unquote(anchor))
            if text is None or (anchor and not re.search(rf'\bid="?{anchor}["\s>]', text)):
                broken.append((page, link))
    assert broken == []


def test_source_pages_load(browser, address):
    for page in PAGES:
        if page.startswith('source/'):
            load(browser, address, page)
            assert errors(browser) == []


def test_search_finds_a_word(browser, address):
    set_size(browser, 1280, 900, False)
    load(browser, address, 'index.html?q=redistributor')
    WebDriverWait(browser, WAIT).until(lambda b: b.execute_script(
        'return document.querySelectorAll(".md-search-result__item").length') > 0)


def test_code_is_highlighted(browser, address):
    languages = {'c': '.language-c .kt, .language-c .k', 'assembly': '.language-a64 .nf',
                 'console': '.language-console .gp'}
    missing = set(languages)
    for page in CHAPTERS:
        load(browser, address, page)
        for language in list(missing):
            if browser.execute_script('return document.querySelectorAll(arguments[0]).length',
                                      languages[language]):
                missing.remove(language)
    assert not missing
