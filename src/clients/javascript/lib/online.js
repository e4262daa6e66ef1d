/**
 * Lookups at the service. `Online` asks in bulk. `PrivateLookups` asks for ranges of keys and judges here, so that the
 * registry does not learn which work is meant (docs/formats/range.md); it also works in a browser.
 *
 * Refusals and errors are answered as `unreachable`, which is no permission, and are never kept.
 */
import {DEFAULT_USES, decision, failed, judged, knownAnswer, readSubjects} from './policy.js';
import {PLAIN, PROVED, RULES, SHOWN, microsAt, microsOf, packStances, statementsOf, usesOf} from './verdicts.js';

const MOST_ITEMS = 10_000;
const MOST_PROBLEM_BYTES = 64 << 10;
const MOST_RANGE_BYTES = 8 << 20;
/** An answer of lookups has an envelope, and for each item a verdict for each use, or a problem. */
const MOST_ENVELOPE_BYTES = 64 << 10;
const MOST_ITEM_BYTES = 4 << 10;
const KNOWN = new Set(['allow', 'ask', 'deny', 'unknown']);

/** The failure of a call, after all attempts. */
class Unreachable extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} [status]
   */
  constructor(code, message, status) {
    super(message);
    this.name = 'Unreachable';
    this.code = code;
    this.status = status;
  }
}

/** The failure of one answer. It says nothing about other answers, and the same call would fail again. */
class Unusable extends Unreachable {
  /** @param {string} message */
  constructor(message) {
    super('unreachable', message);
    this.name = 'Unusable';
  }
}

/**
 * Calls with pauses: before a call that the quota does not cover, and after a refusal or an error.
 */
class Calls {
  /** @param {CallOptions} options */
  constructor({address, key, attempts = 5, timeoutSeconds = 30, mostWaitSeconds = 120, firstWaitSeconds = 0.5,
    fetch: fetched = (input, init) => globalThis.fetch(input, init), sleep = pause}) {
    this.address = address.endsWith('/') ? address : `${address}/`;
    this.key = key;
    this.attempts = attempts;
    this.timeoutSeconds = timeoutSeconds;
    this.mostWaitSeconds = mostWaitSeconds;
    this.firstWaitSeconds = firstWaitSeconds;
    this.fetch = fetched;
    this.sleep = sleep;
    /** What is left of the quota; Infinity while the registry has not said it. */
    this.left = Infinity;
    this.limit = Infinity;
    /** The works that the quota gains in a second. */
    this.perSecond = Infinity;
    this.askedAt = performance.now();
  }

  /**
   * Sends a request until it is answered with success, or with a refusal that another attempt does not change.
   *
   * @param {string} path
   * @param {RequestInit} init
   * @param {number} works the number of works that the call takes from the quota
   * @param {number} limit the most bytes of an answer
   * @returns {Promise<Answer>}
   */
  async send(path, init, works, limit) {
    let failure = new Unreachable('unreachable', 'nothing was sent');
    let waited = 0;
    for (let attempt = 0; attempt < this.attempts; attempt++) {
      const needed = this.#waitFor(works);
      if (waited + needed > this.mostWaitSeconds) {
        throw new Unreachable('quota', `the quota needs ${Math.ceil(needed)} seconds`);
      }
      await this.#pause(needed);
      waited += needed;
      /** @type {number} */
      let wait;
      try {
        return await this.#once(path, init, works, limit);
      } catch (error) {
        if (error instanceof Unusable) {
          throw error;
        }
        failure = error instanceof Unreachable ? error : new Unreachable('unreachable', `no answer: ${error}`);
        const refused = failure.status ?? 0;
        if (refused >= 400 && refused < 500 && refused !== 408 && refused !== 425 && refused !== 429) {
          throw failure;
        }
        const retryAfter = /** @type {{retryAfter?: number}} */ (failure).retryAfter;
        // Half of the pause is random, so that many clients do not return together.
        wait = retryAfter ?? this.firstWaitSeconds * 2 ** attempt * (0.5 + Math.random() / 2);
      }
      if (attempt + 1 < this.attempts) {
        if (waited + wait > this.mostWaitSeconds) {
          throw failure;
        }
        await this.#pause(wait);
        waited += wait;
      }
    }
    throw failure;
  }

  async #pause(seconds) {
    if (seconds > 0) {
      await this.sleep(seconds);
    }
  }

  /** Returns the seconds until the quota covers these works, and counts them. */
  #waitFor(works) {
    const now = performance.now();
    const gained = this.perSecond === Infinity ? 0 : (now - this.askedAt) / 1000 * this.perSecond;
    this.left = Math.min(this.limit, this.left + gained);
    this.askedAt = now;
    const missing = Math.min(works, this.limit) - this.left;
    return missing > 0 && this.perSecond > 0 ? missing / this.perSecond : 0;
  }

  async #once(path, init, works, limit) {
    const stopped = new AbortController();
    const timer = setTimeout(() => stopped.abort(), this.timeoutSeconds * 1000);
    try {
      const headers = {...init.headers, accept: 'application/json'};
      if (this.key !== undefined) {
        headers.authorization = `Bearer ${this.key}`;
      }
      // A browser refuses its fetch as a method of another object.
      const {fetch: fetched} = this;
      const askedAt = performance.now();
      const answer = await fetched(new URL(path, this.address), {...init, headers, signal: stopped.signal});
      this.left -= works;
      this.#learn(answer.headers);
      if (answer.status !== 200) {
        const failure = new Unreachable(nameOf(answer.status), `the registry answers ${answer.status}`, answer.status);
        throw Object.assign(failure, {
          retryAfter: secondsOf(answer.headers.get('retry-after')),
          problem: await textOf(answer, MOST_PROBLEM_BYTES).then(JSON.parse).catch(() => null),
        });
      }
      const text = await textOf(answer, limit);
      return {body: JSON.parse(text), text, headers: answer.headers, askedAt};
    } finally {
      clearTimeout(timer);
      // It ends an answer of which a part was not read.
      stopped.abort();
    }
  }

  /** Takes the state of the quota from an answer. */
  #learn(headers) {
    const policy = /"works"[^,]*?;q=(\d+)[^,]*?;w=(\d+)/.exec(headers.get('ratelimit-policy') ?? '');
    if (policy !== null) {
      this.limit = Number(policy[1]);
      this.perSecond = Number(policy[1]) / Math.max(Number(policy[2]), 1);
    }
    const state = /"works"[^,]*?;r=(\d+)/.exec(headers.get('ratelimit') ?? '');
    if (state !== null) {
      this.left = Number(state[1]);
      this.askedAt = performance.now();
    }
  }
}

/**
 * An answer with success.
 *
 * @typedef {object} Answer
 * @property {any} body what the text says
 * @property {string} text
 * @property {Headers} headers
 * @property {number} askedAt the time before the call, in milliseconds of the monotonic clock
 */

/**
 * The options of both kinds of lookups.
 *
 * @typedef {object} CallOptions
 * @property {string} address the address of the registry, such as https://registry.example/
 * @property {string} [key] an API key, which has a larger quota
 * @property {string[]} [uses] the uses about which a check asks if it names none
 * @property {number} [attempts] the most attempts of one call
 * @property {number} [timeoutSeconds] the time for one attempt
 * @property {number} [mostWaitSeconds] the most time that one call waits between its attempts and for its quota
 * @property {number} [firstWaitSeconds] the pause after the first error; it doubles each time
 * @property {typeof globalThis.fetch} [fetch]
 * @property {(seconds: number) => Promise<void>} [sleep]
 */

function pause(seconds) {
  return new Promise((later) => setTimeout(later, seconds * 1000));
}

function nameOf(status) {
  return status === 429 ? 'quota' : status >= 500 ? 'unreachable' : 'refused';
}

/** Returns the seconds of Retry-After, which has seconds or a date; undefined without a readable one. */
function secondsOf(text) {
  if (text === null) {
    return undefined;
  }
  if (/^\d+$/.test(text.trim())) {
    return Number(text);
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

/**
 * Reads an answer in pieces, and stops as soon as it is too long.
 *
 * @param {Response} answer
 * @param {number} limit the most bytes
 * @returns {Promise<string>}
 */
async function textOf(answer, limit) {
  const tooLong = new Unusable(`the registry answers with more than ${limit} bytes`);
  if (Number(answer.headers.get('content-length')) > limit) {
    throw tooLong;
  }
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder('utf-8', {fatal: true});
  let text = '';
  let length = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    length += part.value.length;
    if (length > limit) {
      throw tooLong;
    }
    text += decoder.decode(part.value, {stream: true});
  }
  return text + decoder.decode();
}

/**
 * One work: everything that is known of it.
 *
 * @typedef {string | string[]} Work
 */

/** Lookups in bulk. */
export class Online {
  #calls;
  #uses;
  #most;

  /** @param {CallOptions & {itemsPerCall?: number}} options */
  constructor({uses = DEFAULT_USES, itemsPerCall = 1000, ...options}) {
    usesOf(uses);
    this.#calls = new Calls(options);
    this.#uses = uses;
    this.#most = Math.min(Math.max(itemsPerCall, 1), MOST_ITEMS);
  }

  /**
   * Decides about one work. It never throws.
   *
   * @param {Work} work
   * @param {{uses?: string[]}} [options]
   */
  async check(work, options) {
    const [answer] = await this.checkAll([work], options);
    return answer;
  }

  /**
   * Decides about many works, in their order. It never throws: what is not answered is `unreachable`.
   *
   * @param {Work[]} works
   * @param {{uses?: string[]}} [options]
   */
  async checkAll(works, {uses = this.#uses} = {}) {
    const answers = new Array(works.length);
    /** @type {{at: number, subjects: string[]}[]} */
    const asked = [];
    works.forEach((work, at) => {
      try {
        usesOf(uses);
        asked.push({at, subjects: readSubjects(work).map(({canonical}) => canonical)});
      } catch (refused) {
        answers[at] = failed(refused);
      }
    });
    for (let from = 0; from < asked.length;) {
      // A call that needs more than the whole quota would be refused for ever.
      const some = asked.slice(from, from + Math.max(1, Math.min(this.#most, this.#calls.limit)));
      from += some.length;
      const decisions = await this.#ask(some, uses);
      some.forEach(({at}, i) => {
        answers[at] = decisions[i];
      });
    }
    return answers;
  }

  async #ask(asked, uses) {
    try {
      const {body} = await this.#calls.send('v1/lookups', {
        method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify({
          items: asked.map(({subjects}, i) => ({id: String(i), subjects})), uses, detail: 'verdict',
        }),
      }, asked.length, MOST_ENVELOPE_BYTES + asked.length * MOST_ITEM_BYTES);
      if (!Array.isArray(body?.answers) || body.answers.length !== asked.length) {
        throw new Unreachable('unreachable', 'the registry does not answer every item');
      }
      return asked.map(({subjects}, i) => read(body.answers[i], String(i), subjects[0], uses, body.position));
    } catch (failure) {
      return asked.map(({subjects}) => failed(failure, subjects[0]));
    }
  }
}

/** Reads the answer to an item. A problem, and everything that is not understood, is no permission. */
function read(answer, id, subject, uses, position) {
  if (answer?.id !== id) {
    return failed(new Unreachable('unreachable', 'the answer is that of another item'), subject);
  }
  if (answer.problem !== undefined) {
    const isMalformed = /\/malformed-subject$/.test(answer.problem?.type ?? '');
    return decision({
      verdict: isMalformed ? 'unknown' : 'unreachable',
      reason: isMalformed ? 'unreadable' : 'unreachable',
      detail: `${String(answer.problem?.type).replace(/^.*\//, '')}: ${answer.problem?.detail}`,
      subject,
    });
  }
  const verdicts = answer.verdicts ?? {};
  // A verdict must agree with those of the uses, of which it is the most cautious.
  const isPermitted = answer.verdict !== 'allow' || uses.every((use) => verdicts[use] === 'allow');
  return KNOWN.has(answer.verdict) && isPermitted
    ? decision({verdict: answer.verdict, subject, uses: verdicts, position})
    : failed(new Unreachable('unreachable', `the verdict ${answer.verdict} is not understood`), subject);
}

const LEAST_DIGITS = 2;
const FIRST_DIGITS = 4;
const MOST_DIGITS = 6;
const CALLS_AT_ONCE = 6;
const MOST_ROUNDS = 3;
const MOST_KEPT = 4096;
const MOST_KEPT_BYTES = 64 << 20;
const MOST_KEPT_SECONDS = 60;

/**
 * Everything whose key has a certain prefix, as the registry answers it.
 *
 * @typedef {object} Range
 * @property {string} prefix
 * @property {any[]} keys
 * @property {any[]} parties
 * @property {any[]} mandates
 * @property {string} text the answer as it came
 * @property {string | null} log the log that the registry names
 * @property {number} since the position at which this content was first seen
 * @property {number} position the last position at which the same content was seen
 *
 * @typedef {Map<string, Range | Error>} Found ranges by their prefixes, or their failures
 */

/** Asks for ranges, and keeps them as long as the registry allows. */
export class Ranges {
  #calls;
  #padding;
  #log;
  #digits = FIRST_DIGITS;
  /** The oldest first; `until` is a time of the monotonic clock. @type {Map<string, {range: Range, until: number}>} */
  #kept = new Map();
  #keptBytes = 0;
  /** @type {Map<string, Promise<Range>>} */
  #asking = new Map();

  /**
   * @param {CallOptions & {padding?: boolean}} options
   * @param {string} [log] the log that each answer must name
   */
  constructor({padding = false, ...options}, log) {
    this.#calls = new Calls(options);
    this.#padding = padding;
    this.#log = log;
  }

  /**
   * Returns the range of a key, with as few digits as the registry allows.
   *
   * @param {string} key
   */
  async ofKey(key) {
    for (;;) {
      const digits = this.#digits;
      const prefix = key.slice(0, digits);
      try {
        return this.#keptOf(prefix) ?? await this.#asked(prefix);
      } catch (failure) {
        // The refusal of a short prefix: every registry takes six digits.
        if (!(failure instanceof Unreachable) || failure.status !== 422 || digits >= MOST_DIGITS) {
          throw failure;
        }
        this.#digits = Math.max(this.#digits, digits + 1);
      }
    }
  }

  /**
   * Adds the ranges of keys that a filter has, each with six digits, or the failure in its place. After the failure of
   * a call nothing more is asked.
   *
   * @param {Iterable<string>} keys
   * @param {Found} found gets the ranges; what it has is not asked
   * @param {number} position the position of the filter. An older answer may lack what the filter already has
   */
  async add(keys, found, position) {
    const missing = new Set(Array.from(keys, prefixOf).filter((prefix) => !found.has(prefix)));
    await this.#all(missing, found, async (prefix) => {
      let range = this.#keptOf(prefix) ?? await this.#asked(prefix);
      if (range.position < position) {
        range = await this.#again(range);
      }
      if (range.position < position) {
        const {position: old} = range;
        throw new Unusable(`the registry answered for position ${old}, and the filter is of ${position}`);
      }
      return range;
    });
  }

  /**
   * Asks for ranges again until those of each work have a common position. A range from an older moment, together with
   * a newer one, may permit what was forbidden at both moments. It gives up after three rounds: then `requireOneMoment`
   * refuses them.
   *
   * @param {string[][]} works the prefixes of each work
   * @param {Found} found has the ranges, and gets the newer ones
   */
  async align(works, found) {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const behind = new Set(works.flatMap((prefixes) => behindOf(rangesOf(prefixes, found))));
      if (behind.size === 0) {
        return;
      }
      const prefixes = Array.from(behind, ({prefix}) => prefix);
      await this.#all(prefixes, found, (prefix) => this.#again(rangeOf(found, prefix)));
    }
  }

  /** Puts what is got for each prefix, or the failure. After the failure of a call nothing more is asked. */
  async #all(prefixes, found, get) {
    const waiting = shuffled(prefixes);
    /** @type {Error | null} */
    let failed = null;
    const ask = async () => {
      for (let prefix = waiting.pop(); prefix !== undefined; prefix = waiting.pop()) {
        try {
          found.set(prefix, failed ?? await get(prefix));
        } catch (failure) {
          const error = failure instanceof Error ? failure : new Error(String(failure));
          found.set(prefix, error);
          failed ??= error instanceof Unusable ? null : error;
        }
      }
    };
    await Promise.all(Array.from({length: CALLS_AT_ONCE}, ask));
  }

  #keptOf(prefix) {
    const kept = this.#kept.get(prefix);
    return kept !== undefined && performance.now() < kept.until ? kept.range : null;
  }

  /** Asks for a range again, past every cache. @param {Range} last */
  async #again(last) {
    return newerOf(last, await this.#asked(last.prefix, true));
  }

  async #asked(prefix, isPastCaches = false) {
    const name = isPastCaches ? `${prefix} past caches` : prefix;
    let asking = this.#asking.get(name);
    if (asking === undefined) {
      asking = this.#ask(prefix, isPastCaches).finally(() => this.#asking.delete(name));
      this.#asking.set(name, asking);
    }
    return await asking;
  }

  async #ask(prefix, isPastCaches) {
    const path = `v1/range/${prefix}${this.#padding ? '?padding=true' : ''}`;
    try {
      // The mode sends `Cache-Control: no-cache`. That header itself would need a preflight in browsers.
      const init = {method: 'GET', ...(isPastCaches ? {cache: /** @type {'reload'} */ ('reload')} : {})};
      const answer = await this.#calls.send(path, init, 1, MOST_RANGE_BYTES);
      const before = this.#keptOf(prefix);
      const asked = this.#understood(answer, prefix);
      const range = before === null ? asked : newerOf(before, asked);
      if (range !== before) {
        this.#keep(range, answer.askedAt + 1000 * secondsToKeep(answer.headers));
      }
      return range;
    } catch (failure) {
      this.#drop(prefix);
      throw failure;
    }
  }

  #keep(range, until) {
    this.#drop(range.prefix);
    const now = performance.now();
    if (until > now) {
      this.#kept.set(range.prefix, {range, until});
      this.#keptBytes += range.text.length;
    }
    for (const [prefix, kept] of this.#kept) {
      if (kept.until <= now || this.#kept.size > MOST_KEPT || this.#keptBytes > MOST_KEPT_BYTES) {
        this.#drop(prefix);
      }
    }
  }

  #drop(prefix) {
    this.#keptBytes -= this.#kept.get(prefix)?.range.text.length ?? 0;
    this.#kept.delete(prefix);
  }

  /** @param {Answer} answer @returns {Range} */
  #understood({body, text, headers}, prefix) {
    if (body?.rules !== RULES) {
      throw new Unreachable('unsupported', `the rules ${body?.rules} are not known`);
    }
    const {keys, parties, mandates} = body;
    if (body.prefix !== prefix || !Array.isArray(keys) || !Array.isArray(parties) || !Array.isArray(mandates)) {
      throw new Unusable('the answer is not that to the prefix');
    }
    const log = headers.get('askfirst-log');
    if (this.#log !== undefined && log !== this.#log) {
      throw new Unreachable(
        'unreachable', `this is another registry: it names the log ${log}, and the filter is that of ${this.#log}`);
    }
    const position = headers.get('askfirst-position') ?? '';
    if (!/^\d{1,15}$/.test(position)) {
      throw new Unusable('the answer has no position');
    }
    const least = Number(body.minPrefixLength);
    if (Number.isInteger(least) && least >= LEAST_DIGITS && least <= MOST_DIGITS) {
      this.#digits = least;
    }
    return {prefix, keys, parties, mandates, text, log, since: Number(position), position: Number(position)};
  }
}

/** Returns the seconds from the call on for which an answer may be kept. @param {Headers} headers */
function secondsToKeep(headers) {
  const control = headers.get('cache-control') ?? '';
  const maxAge = /(?:^|[\s,])max-age=(\d+)/i.exec(control);
  const age = (headers.get('age') ?? '0').trim();
  if (maxAge === null || /no-store|no-cache/i.test(control) || !/^\d+$/.test(age)) {
    return 0;
  }
  return Math.min(Number(maxAge[1]), MOST_KEPT_SECONDS) - Number(age);
}

/**
 * Returns what two answers to a prefix tell together. An older answer with other content changes nothing.
 *
 * @param {Range} last
 * @param {Range} next
 * @returns {Range}
 */
function newerOf(last, next) {
  if (last.log === next.log && last.text === next.text) {
    return {...next, since: Math.min(last.since, next.since), position: Math.max(last.position, next.position)};
  }
  return next.position < last.position ? last : next;
}

/** @param {Range[]} ranges */
function requireOneLog(ranges) {
  const logs = new Set(ranges.flatMap(({log}) => log ?? []));
  if (logs.size > 1) {
    throw new Unreachable('unreachable', `the ranges are those of several registries: ${[...logs].join(', ')}`);
  }
}

/** Returns the ranges of prefixes; none if one of them failed. @param {string[]} prefixes @param {Found} found */
function rangesOf(prefixes, found) {
  /** @type {Range[]} */
  const ranges = [];
  for (const prefix of prefixes) {
    const range = found.get(prefix);
    if (range === undefined || range instanceof Error) {
      return [];
    }
    ranges.push(range);
  }
  return ranges;
}

/** Returns the ranges that are behind others: those whose content was not seen at the position of the newest. */
function behindOf(ranges) {
  const newest = Math.max(...ranges.map(({since}) => since));
  return ranges.filter(({position}) => position < newest);
}

/**
 * Refuses ranges that have no common position: they tell nothing about any moment.
 *
 * @param {Range[]} ranges
 */
export function requireOneMoment(ranges) {
  if (behindOf(ranges).length > 0) {
    throw new Unreachable('unreachable', 'the registry changes too fast: its ranges are of different moments');
  }
}

/** Returns true if a decision permits any use. @param {import('./policy.js').Decision | null} answer */
export function permits(answer) {
  return Object.values(answer?.uses ?? {}).includes('allow');
}

/**
 * Returns the digits that are asked for a key of a filter.
 *
 * @param {string} key
 */
export function prefixOf(key) {
  return key.slice(0, MOST_DIGITS);
}

/**
 * Returns the range of a prefix.
 *
 * @param {Found} found
 * @param {string} prefix
 * @returns {Range}
 * @throws {Error} its failure
 */
export function rangeOf(found, prefix) {
  const range = found.get(prefix);
  if (range === undefined || range instanceof Error) {
    throw range ?? new Error('nothing was asked');
  }
  return range;
}

/**
 * Returns the statements in ranges that reach a work. Nothing is declared under a key without a range.
 *
 * @param {import('./subjects.js').Expansion[]} expansions
 * @param {Map<string, Range>} ranges by keys
 */
export function statementsIn(expansions, ranges) {
  const register = registerOf([...ranges.values()]);
  return expansions.flatMap((expansion) => statementsOf(expansion, expansion.entries.map(({key}) => {
    const range = ranges.get(key);
    return range === undefined ? [] : postingsOf(key, range);
  }), register));
}

/** Private lookups: the registry sees only the first digits of keys. */
export class PrivateLookups {
  #ranges;
  #uses;

  /**
   * @param {CallOptions & {padding?: boolean}} options `padding` hides the lengths of answers from an observer of the
   *   connection
   */
  constructor({uses = DEFAULT_USES, ...options}) {
    usesOf(uses);
    this.#ranges = new Ranges(options);
    this.#uses = uses;
  }

  /**
   * Decides about one work. It never throws.
   *
   * @param {Work} work
   * @param {{uses?: string[]}} [options]
   */
  async check(work, {uses = this.#uses} = {}) {
    let subject = null;
    try {
      usesOf(uses);
      const subjects = readSubjects(work);
      subject = subjects[0].canonical;
      const known = knownAnswer(subjects, uses, microsAt(Date.now()));
      if (known?.verdict === 'unreachable') {
        // The other test subjects are in ranges.
        return known;
      }
      const expansions = subjects.map((one) => one.expand());
      const keys = [...new Set(expansions.flatMap(({entries}) => entries.map(({key}) => key)))];
      // In random order, because the order tells which keys belong together.
      const asked = await Promise.all(
        shuffled(keys).map(async (key) => /** @type {[string, Range]} */ ([key, await this.#ranges.ofKey(key)])));
      const first = judgedFrom(subject, expansions, new Map(asked), uses);
      if (!permits(first)) {
        return first;
      }
      /** @type {Found} */
      const found = new Map(asked.map(([, range]) => [range.prefix, range]));
      await this.#ranges.align([[...found.keys()]], found);
      const ranges = new Map(asked.map(([key, {prefix}]) => [key, rangeOf(found, prefix)]));
      requireOneMoment([...ranges.values()]);
      return judgedFrom(subject, expansions, ranges, uses);
    } catch (failure) {
      return failed(failure, subject);
    }
  }
}

/** @param {Map<string, Range>} ranges by keys */
function judgedFrom(subject, expansions, ranges, uses) {
  const all = [...ranges.values()];
  requireOneLog(all);
  const position = Math.min(...all.map((range) => range.position));
  return judged(subject, statementsIn(expansions, ranges), uses, microsAt(Date.now()), position);
}

function shuffled(keys) {
  const all = [...keys];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

/**
 * Returns the states that the ranges name. Contacts are already part of the statements there.
 *
 * @returns {import('./verdicts.js').Register}
 */
function registerOf(ranges) {
  const states = new Map();
  const terms = new Map();
  for (const range of new Set(ranges)) {
    for (const one of range.parties) {
      // Ranges may be of different ages. Where they differ, the more cautious state counts.
      const other = states.get(one.party);
      const schemes = one.vouchableSchemes ?? [];
      states.set(one.party, {
        suspended: one.suspended === true || other?.suspended === true,
        erased: one.erased === true || other?.erased === true,
        contactable: null,
        vouchesFor: new Set(other === undefined ? schemes : schemes.filter((scheme) => other.vouchesFor.has(scheme))),
      });
    }
    for (const one of range.mandates) {
      terms.set(one.id, {
        member: one.member ?? null,
        from: momentOr(one.validFrom, -Infinity),
        to: momentOr(one.validTo, Infinity),
      });
    }
  }
  return {state: (party) => states.get(party) ?? PLAIN, term: (mandate) => terms.get(mandate) ?? null};
}

function momentOr(text, none) {
  return text === undefined || text === null ? none : microsOf(text);
}

/** @returns {import('./verdicts.js').Posting[]} */
function postingsOf(key, range) {
  const found = range.keys.find((one) => one.key === key);
  if (found === undefined) {
    return [];
  }
  const common = (one) => ({party: one.party, position: one.position, otherSubject: one.otherSubject === true});
  return [
    ...(found.statements ?? []).map((one) => ({
      kind: 'statement',
      ...common(one),
      stances: packStances(one.stances),
      contact: one.contactable === true ? 'license' : 'none',
      from: momentOr(one.validFrom, -Infinity),
      to: momentOr(one.validTo, Infinity),
      mandate: one.mandate ?? null,
      listed: one.repertoire !== undefined,
    })),
    ...(found.controls ?? []).map((one) => ({
      kind: 'proof', ...common(one), control: one.control === 'proved' ? PROVED : SHOWN, by: one.by ?? null,
    })),
    ...(found.contests ?? []).map((one) => ({
      kind: 'contest', ...common(one), contest: one.kind, by: one.by ?? null,
      from: momentOr(one.endsAt, -Infinity), to: momentOr(one.lapsesAt, Infinity),
    })),
  ];
}

