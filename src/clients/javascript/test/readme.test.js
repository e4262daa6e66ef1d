import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {Published, scratch} from './support/registry.js';
import {Segments, id} from './support/segment-writer.js';
import {USES} from '../lib/verdicts.js';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');

test('the first example of the README runs', (t) => {
  const folder = new Published(t).release(10, new Segments()
    .statement('url:https://example.com/art/1.png', {party: id(1), position: 5, stances: {'ai-training': 'reserved'}})).publish();
  const [, first] = /```js\n(.*?)```/s.exec(README);
  const program = join(scratch(t), 'example.mjs');
  const library = join(PACKAGE, 'lib', 'node.js');
  const text = [
    ["from 'askfirst'", `from ${JSON.stringify(library)}`],
    ["'https://registry.example/snapshot/'", JSON.stringify(folder.place)],
    [/'registry\.example\/log\+[^']*'/, JSON.stringify(folder.signer.key)],
    ["'./askfirst'", JSON.stringify(scratch(t))],
  ].reduce((before, [from, to]) => {
    const after = before.replace(from, () => to);
    assert.notEqual(after, before, `the example has ${from}`);
    return after;
  }, first);
  writeFileSync(program, `${text}\nsnapshot.close();\n`);
  assert.equal(execFileSync(process.execPath, [program], {encoding: 'utf8'}), 'leave it: deny declared\n');
});

test('the README names every use, and every part of the package', () => {
  for (const use of USES) {
    assert.ok(README.includes(`\`${use}\``), use);
  }
  const {exports} = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  for (const part of Object.keys(exports).filter((one) => one !== './package.json' && one !== './browser')) {
    assert.ok(README.includes(`\`askfirst${part.slice(1)}\``), part);
  }
});
