import assert from 'node:assert/strict';
import {execFile, spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {Segments, id} from './support/segment-writer.js';
import {scratch} from './support/registry.js';
import {serve} from './support/service.js';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const VECTORS = fileURLToPath(new URL('../../../core/src/test/resources/vectors/subjects.json', import.meta.url));

/** The page computes every vector of subjects, and asks the service privately. */
const page = (service) => `<!doctype html><meta charset="utf-8"><title>waiting</title><pre id="out">waiting</pre><script type="module">
  import {PrivateLookups, parse} from '/lib/browser.js';
  const out = document.getElementById('out');
  try {
    const {subjects} = await (await fetch('/vectors')).json();
    const wrong = subjects.filter(({input, canonical, key, expansion}) => {
      const subject = parse(input);
      return subject.canonical !== canonical || subject.key !== key
        || JSON.stringify(subject.expand().entries.map((entry) => entry.subject)) !== JSON.stringify(expansion.map((entry) => entry.subject));
    });
    const answer = await new PrivateLookups({address: '${service}'}).check('isbn:9788936434120');
    const silent = await new PrivateLookups({address: '${service}'}).check('isbn:9788932473901');
    out.textContent = 'DONE ' + subjects.length + ' ' + wrong.length + ' ' + answer.verdict + ' ' + silent.verdict;
  } catch (error) {
    out.textContent = 'FAILED ' + error.stack;
  }
</script>`;

test('a browser loads the part for browsers, reads subjects and asks privately', async (t) => {
  const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (chromium === undefined) {
    t.skip('no Chromium is installed');
    return;
  }
  const service = await serve(t, new Segments()
    .statement('isbn:9788936434120', {party: id(1), position: 5, stances: {'text-and-data-mining': 'reserved'}}));
  service.headers = {'access-control-allow-origin': '*', 'access-control-expose-headers': '*'};
  const server = createServer((request, response) => {
    const path = join(PACKAGE, request.url);
    if (request.url === '/') {
      response.setHeader('content-type', 'text/html').end(page(service.address));
    } else if (request.url === '/vectors') {
      response.end(readFileSync(VECTORS));
    } else if (request.url.startsWith('/lib/') && existsSync(path)) {
      response.setHeader('content-type', 'text/javascript').end(readFileSync(path));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const {stdout} = await promisify(execFile)(chromium, [
    '--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${scratch(t)}`, '--timeout=20000', '--virtual-time-budget=20000',
    '--dump-dom', `http://127.0.0.1:${server.address().port}/`,
  ], {timeout: 60_000});
  const {subjects} = JSON.parse(readFileSync(VECTORS, 'utf8'));
  assert.match(stdout, new RegExp(`DONE ${subjects.length} 0 deny unknown`), stdout);
});
