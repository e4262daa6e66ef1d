// Sends many lines in batches, and reads the answer to each line.
import {Refusal, pause, send} from './api.js';

const LINES = 'application/x-ndjson';
const AT_ONCE = 500;
const MAX_TRIES = 60;
const refusal = slug => new Refusal(0, {type: `https://askfirst.org/problems/${slug}`, detail: ''});

/** The JSON objects of an answer in lines, as they arrive. */
export async function* objectsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let {value, done} = await reader.read(); ; {value, done} = await reader.read()) {
    const lines = (rest + (value ?? '')).split('\n');
    rest = done ? '' : lines.pop();
    for (const line of lines.filter(Boolean)) yield JSON.parse(line);
    if (done) return;
  }
}

/**
 * Sends the lines in batches, and waits while the registry is busy or unreachable. Calls onAnswer with the place of
 * each line and its answer, and onWait while it waits. If the budget of the day is spent, it throws that refusal.
 */
export async function sendLines(path, lines, {signal, onAnswer, onWait = () => {}}) {
  let done = 0;
  for (let tries = 0; done < lines.length; tries++) {
    const from = done;
    const some = lines.slice(from, from + AT_ONCE);
    try {
      const response = await send('POST', path, {body: `${some.join('\n')}\n`, type: LINES, accept: LINES, signal});
      for await (const answer of objectsOf(response)) {
        if (answer.continue) throw refusal('budget-spent');
        onAnswer(from + answer.line - 1, answer);
        done = from + answer.line;
      }
      if (done < from + some.length) throw refusal('offline');
      onWait(null);
      tries = -1;
    } catch (failure) {
      const passing =
        failure.name !== 'AbortError' &&
        (!(failure instanceof Refusal) || ([0, 429, 503].includes(failure.status) && failure.slug !== 'budget-spent'));
      if (!passing || tries >= MAX_TRIES) throw failure;
      onWait(failure);
      await pause((failure.retryAfter || 2) * 1000, signal);
      if (done > from) tries = -1;
    }
  }
}
