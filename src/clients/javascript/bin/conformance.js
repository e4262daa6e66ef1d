#!/usr/bin/env node
/**
 * Answers questions from a snapshot, one JSON line for each, so that clients in several languages can be compared.
 *
 *   conformance.js SNAPSHOT_FOLDER KEY QUESTIONS.jsonl [MOMENT]
 *
 * A question is {"id", "subjects", "uses" (optional)}. An answer is {"id", "verdict", "uses", "reason"}. If the snapshot is
 * refused, the program names the refusal on the error output, and ends with 3. MOMENT, such as 2026-11-22T09:00:00Z, stands for now.
 */
import {readFileSync} from 'node:fs';
import {openSnapshot} from '../lib/snapshot.js';
import {DEFAULT_USES} from '../lib/policy.js';
import {microsOf} from '../lib/verdicts.js';

const [source, keyText, questions, moment] = process.argv.slice(2);
if (questions === undefined) {
  process.stderr.write('usage: conformance.js SNAPSHOT_FOLDER KEY QUESTIONS.jsonl [MOMENT]\n');
  process.exit(2);
}
const clock = moment === undefined ? Date.now : () => microsOf(moment) / 1000;
const snapshot = await openSnapshot({source, key: keyText, clock}).catch((refused) => {
  process.stderr.write(`askfirst: ${refused.code ?? refused.name}: ${refused.message}\n`);
  process.exit(3);
});
for (const line of readFileSync(questions, 'utf8').split('\n')) {
  if (line.trim() !== '') {
    const {id, subjects, uses} = JSON.parse(line);
    const answer = snapshot.check(subjects, {uses: uses === undefined || uses.length === 0 ? DEFAULT_USES : uses});
    process.stdout.write(`${JSON.stringify({id, verdict: answer.verdict, uses: answer.uses, reason: answer.reason})}\n`);
  }
}
snapshot.close();
