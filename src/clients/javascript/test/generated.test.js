import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {platformsModule, storedJar, suffixesModule} from '../scripts/generate.js';
import {VERSION} from '../lib/version.js';

const generated = (name) => readFileSync(new URL(`../lib/generated/${name}`, import.meta.url), 'utf8');

test('the table of platforms is that of the core', () => {
  assert.equal(generated('platforms.js'), platformsModule(), 'run npm run generate');
});

test('the public suffix list is that of the library of the core', (t) => {
  const jar = storedJar();
  if (jar === null) {
    t.skip('Maven has not stored the library yet: build the core to compare');
    return;
  }
  assert.equal(generated('public-suffixes.js'), suffixesModule(jar), 'run npm run generate');
});

test('the version in the code is that of the package', () => {
  assert.equal(VERSION, JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
});
