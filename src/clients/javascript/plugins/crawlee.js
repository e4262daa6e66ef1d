/**
 * Hooks for crawlers of Crawlee. They refuse every request without permission, and hold requests until the checker is
 * ready. A refused request fails; it is never crawled, whatever goes wrong here.
 *
 *   const {preNavigationHook, postNavigationHook, transformRequest} = askFirst({checker: openSnapshot({…})});
 *   new CheerioCrawler({preNavigationHooks: [preNavigationHook], postNavigationHooks: [postNavigationHook], …});
 */
import {decision, failed} from '../lib/policy.js';

/** The failure of a request without permission. */
export class NotPermitted extends Error {
  /** @param {string} url @param {import('../lib/policy.js').Decision} answer */
  constructor(url, answer) {
    super(`no permission for ${url}: ${answer.verdict} (${answer.reason})`);
    this.name = 'NotPermitted';
    this.decision = answer;
  }
}

/**
 * Returns hooks.
 *
 * @param {object} options
 * @param {Checker | Promise<Checker> | (() => Checker | Promise<Checker>)} options.checker a snapshot, or lookups at the
 *   service; or the promise of it, for which requests wait; or a function that opens it, which is called again after
 *   it failed
 * @param {string[]} [options.uses]
 * @param {(url: string) => string | string[]} [options.subjectsOf] everything that is known of a page; by default its
 *   address
 * @param {(url: string, answer: import('../lib/policy.js').Decision) => void} [options.onRefused]
 */
export function askFirst({checker, uses, subjectsOf = (url) => `url:${url}`, onRefused}) {
  /** @type {Checker | null} */
  let ready = null;
  /** @type {Promise<Checker> | null} */
  let opening = null;

  function opened() {
    if (ready === null && opening === null) {
      opening = Promise.resolve(typeof checker === 'function' ? checker() : checker).then((value) => {
        ready = value;
        return value;
      }).finally(() => {
        opening = null;
      });
    }
    return opening ?? Promise.resolve(/** @type {Checker} */ (/** @type {unknown} */ (ready)));
  }
  if (typeof checker !== 'function') {
    // The promise of the caller may fail before a request waits for it; each request learns of it.
    opened().catch(() => {});
  }

  const options = uses === undefined ? undefined : {uses};

  async function decided(url) {
    try {
      return understood(await (await opened()).check(subjectsOf(url), options));
    } catch (failure) {
      return failed(failure);
    }
  }

  function tell(url, answer) {
    try {
      onRefused?.(url, answer);
    } catch {
      // A listener that fails changes nothing.
    }
  }

  /** Fails a request without permission. Only what could not be answered is tried again. */
  async function require(request, url) {
    const answer = await decided(url);
    if (!answer.allowed) {
      if (answer.verdict !== 'unreachable') {
        request.noRetry = true;
      }
      tell(url, answer);
      throw new NotPermitted(url, answer);
    }
  }

  return {
    /** For `preNavigationHooks`: fails a request without permission before anything is fetched. */
    async preNavigationHook({request, page}, gotOptions) {
      await require(request, request.url);
      if (page === undefined && gotOptions !== null && typeof gotOptions === 'object') {
        // HTTP crawlers follow redirects by themselves: each target is asked before it is fetched.
        const hooks = gotOptions.hooks ?? {};
        gotOptions.hooks = {
          ...hooks,
          beforeRedirect: [
            ...(hooks.beforeRedirect ?? []), (redirected) => require(request, String(redirected.url)),
          ],
        };
      }
    },

    /** For `postNavigationHooks`: fails a request that was redirected to a page without permission. */
    async postNavigationHook({request}) {
      if (request.loadedUrl && request.loadedUrl !== request.url) {
        await require(request, request.loadedUrl);
      }
    },

    /**
     * For `transformRequestFunction` of `enqueueLinks`: leaves out links without permission. It cannot wait, so it leaves
     * a link in if the answer takes time. The hook before the navigation decides anyway.
     */
    transformRequest(request) {
      try {
        const answer = ready === null ? null : ready.check(subjectsOf(request.url), options);
        if (answer === null || typeof (/** @type {any} */ (answer).then) === 'function') {
          return request;
        }
        const {allowed} = understood(answer);
        return allowed ? request : false;
      } catch {
        return false;
      }
    },
  };
}

/** Returns a decision as it is, and anything else as `unreachable`. */
function understood(answer) {
  const isDecision = typeof answer === 'object' && answer !== null && answer.allowed === (answer.verdict === 'allow');
  return isDecision ? answer : decision({verdict: 'unreachable', detail: 'the checker gave no decision'});
}

/**
 * @typedef {object} Checker
 * @property {(work: string | string[], options?: {uses?: string[]}) => import('../lib/policy.js').Decision
 *   | Promise<import('../lib/policy.js').Decision>} check
 */
