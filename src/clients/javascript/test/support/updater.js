/**
 * A process that opens a copy and updates it again and again, and writes a line with its position after each update. A
 * test may kill it at any moment.
 *
 *   updater.js SOURCE KEY COPY PAUSE_MILLIS
 */
import {writeSync} from 'node:fs';
import {openSnapshot} from '../../lib/snapshot.js';

const [source, key, copy, pause] = process.argv.slice(2);
const snapshot = await openSnapshot({source, key, copy});
for (;;) {
  const refused = snapshot.lastRefused;
  writeSync(1, refused === null ? `${snapshot.position}\n` : `${refused.code}: ${refused.message}\n`);
  await snapshot.refresh().catch(() => {});
  await new Promise((later) => setTimeout(later, Number(pause)));
}
