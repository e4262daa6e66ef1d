// Permissions rest on proofs that the registry has seen lately. If one is too old, it is checked, and the act repeated.
import {Refusal, call, pause} from './api.js';

const FRESH_MILLIS = 47 * 3600 * 1000;
const POLL_MILLIS = 2000;
const MAX_POLLS = 35;
const MOST = 20;

const isFresh = control =>
  control.checks.some(check => check.outcome === 'found' && Date.now() - new Date(check.time) < FRESH_MILLIS);

async function check(id) {
  let checked = await call('POST', `/v1/parties/me/controls/${id}/check`);
  for (let polls = 0; checked.checking && polls < MAX_POLLS; polls++) {
    await pause(POLL_MILLIS);
    const {controls} = await call('GET', '/v1/parties/me/controls');
    checked = controls.find(one => one.id === id) ?? {checking: false};
  }
}

/** Does something that may permit. If a proof is too old for it, checks the old proofs and does it once more. */
export async function withFreshProofs(act) {
  try {
    return await act();
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.slug !== 'proof-too-old') throw refusal;
    try {
      const {controls} = await call('GET', '/v1/parties/me/controls');
      const old = controls.filter(one => (one.state === 'proved' || one.state === 'gone') && !isFresh(one));
      for (const {id} of old.slice(0, MOST)) await check(id);
    } catch {
      throw refusal;
    }
    return act();
  }
}
