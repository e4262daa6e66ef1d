import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {scratch} from './support/registry.js';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** Packs the package and installs it in a folder far from the repository. */
function installed(t) {
  const folder = scratch(t);
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: PACKAGE, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
  }));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', modules]);
  execFileSync('mv', [join(modules, 'package'), join(modules, 'askfirst')]);
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  return {folder, files: packed.files.map(({path}) => path)};
}

test('the package has everything that it needs, and nothing else', (t) => {
  const {folder, files} = installed(t);
  assert.ok(['README.md', 'LICENSE', 'package.json', 'lib/generated/public-suffixes.js'].every((file) => files.includes(file)), `${files}`);
  assert.deepEqual(files.filter((file) => /^(?:test|scripts)\//.test(file)), []);
  const described = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  assert.equal(described.dependencies, undefined);
  const targets = JSON.stringify(described.exports).match(/\.\/[^"]+\.(?:js(?!on)|d\.ts)/g);
  assert.deepEqual(targets.filter((target) => !files.includes(target.slice(2))), []);
  writeFileSync(join(folder, 'use.js'), `
    import * as all from 'askfirst';
    for (const part of ${JSON.stringify(Object.keys(described.exports).filter((one) => !one.endsWith('.json')))}) {
      await import('askfirst' + part.slice(1));
    }
    const {parse, openSnapshot} = all;
    console.log(parse('url:http://www.Example.co.kr/a').registrableDomain());
    try {
      await openSnapshot({source: 'nowhere', key: 'nonsense'});
    } catch (error) {
      console.log(error.name);
    }
  `);
  const out = execFileSync(process.execPath, ['use.js'], {cwd: folder, encoding: 'utf8'});
  assert.deepEqual(out.trim().split('\n'), ['example.co.kr', 'TypeError']);
});

test('the part for browsers loads no module of Node', (t) => {
  const {folder} = installed(t);
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path)) {
      return;
    }
    seen.add(path);
    const text = readFileSync(path, 'utf8');
    assert.doesNotMatch(text, /\b(?:Buffer|process|require)\b\s*[.(]/, path);
    for (const [, target] of text.matchAll(/^(?:import|export)\s(?:[^;]*?\sfrom\s)?'([^']+)';/gms)) {
      assert.ok(target.startsWith('.'), `${path} loads ${target}`);
      visit(join(path, '..', target));
    }
  };
  visit(join(folder, 'node_modules', 'askfirst', 'lib', 'browser.js'));
  assert.ok(seen.size > 10, `${seen.size} modules`);
});

test('the types fit a strict sample', (t) => {
  const compilers = process.env.ASKFIRST_TYPESCRIPT ?? process.cwd();
  const compiler = join(compilers, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(compiler)) {
    t.skip('TypeScript is not installed: install it in a folder outside the tree, and name that in ASKFIRST_TYPESCRIPT');
    return;
  }
  const {folder} = installed(t);
  cpSync(fileURLToPath(new URL('types/sample.ts', import.meta.url)), join(folder, 'sample.ts'));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: {
      noEmit: true, strict: true, target: 'es2022', lib: ['es2022', 'dom'], module: 'nodenext', types: [],
    },
    files: ['sample.ts'],
  }));
  const {status, stdout} = spawnSync(process.execPath, [compiler, '-p', folder], {encoding: 'utf8'});
  assert.equal(status, 0, stdout);
});
