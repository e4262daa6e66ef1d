import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {openSnapshot} from '../lib/snapshot.js';
import {NotPermitted, askFirst} from '../plugins/crawlee.js';
import {Published, scratch} from './support/registry.js';
import {Segments, id} from './support/segment-writer.js';

const ANN = id(1);

/** Serves pages, and counts those that were fetched. */
async function site(t) {
  const fetched = [];
  const server = createServer((request, response) => {
    fetched.push(request.url);
    if (request.url === '/moved') {
      response.writeHead(302, {location: '/denied'}).end();
      return;
    }
    response.writeHead(200, {'content-type': 'text/html'});
    response.end('<a href="/allowed/2">two</a> <a href="/denied">no</a> <a href="/silent">nothing</a> <a href="/moved">m</a>');
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {address: `http://127.0.0.1:${server.address().port}`, fetched};
}

/** Returns the snapshot of a registry that permits /allowed and /moved, and reserves /denied. */
function registry(t) {
  // Ports are no part of an address.
  return new Published(t).release(10, new Segments()
    .statement('under:https://127.0.0.1/allowed/', {party: ANN, position: 2, stances: {'text-and-data-mining': 'permitted'}})
    .proof('under:https://127.0.0.1/allowed/', {party: ANN, position: 1})
    .statement('url:https://127.0.0.1/moved', {party: ANN, position: 4, stances: {'text-and-data-mining': 'permitted'}})
    .proof('url:https://127.0.0.1/moved', {party: ANN, position: 3})
    .statement('url:https://127.0.0.1/denied', {party: ANN, position: 5, stances: {'text-and-data-mining': 'reserved'}}))
    .publish();
}

async function opened(t) {
  const folder = registry(t);
  const snapshot = await openSnapshot({source: folder.place, key: folder.signer.key});
  t.after(() => snapshot.close());
  return snapshot;
}

const request = (url, more = {}) => ({url, ...more});

test('only permission lets a request pass', async (t) => {
  const refused = [];
  const {preNavigationHook} = askFirst({
    checker: await opened(t), onRefused: (url, {verdict}) => refused.push([url, verdict]),
  });
  await preNavigationHook({request: request('http://127.0.0.1:8080/allowed/1')});
  for (const url of ['http://127.0.0.1/denied', 'http://127.0.0.1/silent', 'about:blank']) {
    const one = request(url);
    await assert.rejects(preNavigationHook({request: one}), NotPermitted);
    assert.equal(one.noRetry, true);
  }
  assert.deepEqual(refused.map(([, verdict]) => verdict), ['deny', 'unknown', 'unknown']);
});

test('requests are held until the snapshot is loaded', async (t) => {
  const snapshot = await opened(t);
  let load;
  const {preNavigationHook} = askFirst({checker: new Promise((resolve) => {
    load = () => resolve(snapshot);
  })});
  let passed = false;
  const held = preNavigationHook({request: request('http://127.0.0.1/allowed/1')}).then(() => {
    passed = true;
  });
  await new Promise((later) => setTimeout(later, 20));
  assert.equal(passed, false);
  load();
  await held;
  assert.equal(passed, true);
});

test('a checker that fails, hangs on nothing or answers nonsense permits nothing', async (t) => {
  const snapshot = await opened(t);
  const url = 'http://127.0.0.1/allowed/1';
  const checkers = [
    Promise.reject(new Error('no snapshot')),
    () => {
      throw new Error('no snapshot');
    },
    undefined,
    {},
    {check: () => undefined},
    {check: () => true},
    {check: () => ({allowed: true})},
    {check: () => ({allowed: true, verdict: 'deny'})},
    {check: () => Promise.reject(new Error('broken'))},
  ];
  for (const checker of checkers) {
    const {preNavigationHook} = askFirst({checker, onRefused: () => {
      throw new Error('a listener that fails');
    }});
    const one = request(url);
    await assert.rejects(preNavigationHook({request: one}), NotPermitted);
    assert.equal(one.noRetry, undefined, 'what was not answered is tried again');
  }
  let attempts = 0;
  const {preNavigationHook} = askFirst({checker: async () => {
    attempts++;
    if (attempts === 1) {
      throw new Error('not yet');
    }
    return snapshot;
  }});
  await assert.rejects(preNavigationHook({request: request(url)}), NotPermitted);
  await preNavigationHook({request: request(url)});
  await preNavigationHook({request: request(url)});
  assert.equal(attempts, 2);
});

test('links without permission are left out', async (t) => {
  const {preNavigationHook, transformRequest} = askFirst({checker: await opened(t)});
  const link = request('http://127.0.0.1/denied');
  assert.equal(transformRequest(link), link, 'while nothing is known, the hook before the navigation decides');
  await preNavigationHook({request: request('http://127.0.0.1/allowed/1')});
  assert.equal(transformRequest(link), false);
  const permitted = request('http://127.0.0.1/allowed/1');
  assert.equal(transformRequest(permitted), permitted);
  let isBroken = false;
  const breaking = askFirst({checker: {check: () => {
    if (isBroken) {
      throw new Error('broken');
    }
    return {verdict: 'allow', allowed: true};
  }}});
  await breaking.preNavigationHook({request: request('http://127.0.0.1/allowed/1')});
  assert.equal(breaking.transformRequest(permitted), permitted);
  isBroken = true;
  assert.equal(breaking.transformRequest(permitted), false, 'an error is no permission');
});

test('a real crawler of Crawlee fetches permitted pages only', async (t) => {
  const folder = process.env.ASKFIRST_CRAWLEE ?? process.cwd();
  let entry;
  try {
    entry = createRequire(join(folder, 'package.json')).resolve('crawlee');
  } catch {
    t.skip('Crawlee is not installed: install it in a folder outside the tree, and name that in ASKFIRST_CRAWLEE');
    return;
  }
  const {CheerioCrawler, Configuration} = await import(pathToFileURL(entry));
  const {address, fetched} = await site(t);
  const handled = [];
  const failures = [];
  const {preNavigationHook, postNavigationHook, transformRequest} = askFirst({checker: opened(t)});
  const crawl = (hooks, urls) => new CheerioCrawler({
    preNavigationHooks: [preNavigationHook],
    postNavigationHooks: hooks,
    maxRequestRetries: 2,
    requestHandler: async ({request: {url, loadedUrl}, enqueueLinks}) => {
      handled.push([url, loadedUrl]);
      await enqueueLinks({strategy: 'all', transformRequestFunction: transformRequest});
    },
    failedRequestHandler: ({request: {url, retryCount}}, error) => failures.push([url.slice(address.length), error.name, retryCount]),
  }, new Configuration({
    persistStorage: false, purgeOnStart: true, storageClientOptions: {localDataDirectory: scratch(t)}, availableMemoryRatio: 0.5,
    logLevel: 0,
  })).run(urls.map((path) => address + path));
  await crawl([postNavigationHook], ['/allowed/1', '/denied', '/silent', '/moved']);
  assert.deepEqual(handled.map(([url]) => url.slice(address.length)).sort(), ['/allowed/1', '/allowed/2']);
  assert.deepEqual([...new Set(fetched)].sort(), ['/allowed/1', '/allowed/2', '/moved'], 'the target of a redirect is asked first');
  assert.deepEqual(failures.map(([path]) => path).sort(), ['/denied', '/moved', '/silent']);
  assert.ok(failures.every(([, , retries]) => retries === 0), `${failures}`);
});
