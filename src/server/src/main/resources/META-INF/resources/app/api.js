// Calls to the registry's API. Every failure is a Refusal, which a page can show.
import {SESSION, account} from './account.js';

const PROBLEMS = 'https://askfirst.org/problems/';
const MAX_TRIES = 60;

/** A refusal by the registry, or a failed connection to it (status 0). */
export class Refusal extends Error {
  constructor(status, problem, retryAfter = 0) {
    super(problem.detail);
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get slug() {
    return slugOf(this.problem);
  }
}

export const slugOf = problem => (problem.type ?? '').replace(PROBLEMS, '');

const offline = () => new Refusal(0, {type: `${PROBLEMS}offline`, title: '', status: 0, detail: ''});

/** Sends a request and returns the response. Throws a Refusal for every status that is not 2xx. */
export async function send(method, path, {json, body, type, accept, headers = {}, key = account.key, signal} = {}) {
  const all = {Accept: accept ?? 'application/json', ...headers};
  if (key === SESSION) all['Askfirst-Session'] = '1';
  else if (key) all.Authorization = `Bearer ${key}`;
  if (json !== undefined) all['Content-Type'] = 'application/json';
  if (type) all['Content-Type'] = type;
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: all,
      body: json === undefined ? body : JSON.stringify(json),
      signal,
      cache: 'no-store',
    });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw offline();
  }
  if (response.ok) return response;
  // The session has ended. A key that does not work stays, so that the person can look at it.
  if (response.status === 401 && account.key === SESSION && path !== '/v1/sessions') account.forget();
  let problem = {type: `${PROBLEMS}internal-error`, status: response.status, detail: response.statusText};
  try {
    problem = await response.json();
  } catch {
    /* A proxy answered, not the registry. */
  }
  throw new Refusal(response.status, problem, Number(response.headers.get('Retry-After')) || 0);
}

export async function call(method, path, options) {
  const response = await send(method, path, options);
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    throw offline();
  }
}

/**
 * Calls the API and retries while the registry is busy or unreachable. Calls onWait with the refusal before each wait,
 * and with null when the wait is over.
 */
export async function callPatiently(method, path, options = {}, onWait = () => {}) {
  for (let tries = 0; ; tries++) {
    try {
      const answer = await call(method, path, options);
      onWait(null);
      return answer;
    } catch (refusal) {
      const passing =
        refusal instanceof Refusal &&
        refusal.slug !== 'budget-spent' &&
        (refusal.status === 429 || refusal.status === 503 || refusal.status === 0);
      if (!passing || tries >= MAX_TRIES) throw refusal;
      onWait(refusal);
      await pause((refusal.retryAfter || Math.min(2 ** tries, 10)) * 1000, options.signal);
      if (options.again) options = {...options, ...(await options.again())};
    }
  }
}

export function pause(millis, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException('stopped', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, millis);
    signal?.addEventListener('abort', stop, {once: true});
  });
}
