/**
 * Lookups at the service. `Online` asks in bulk. `PrivateLookups` asks for ranges of keys and judges here, so that the
 * registry does not learn which work is meant (docs/formats/range.md); it also works in a browser.
 *
 * Refusals and errors are answered as `unreachable`, which is no permission, and are never kept.
 */
import {DEFAULT_USES, decision, failed, judged, knownAnswer, readSubjects} from './policy.js';
import {PLAIN, PROVED, RULES, SHOWN, microsAt, microsOf, packStances, statementsOf, usesOf} from './verdicts.js';

const MOST_ITEMS = 10_000;
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
    this.askedAt = Date.now();
  }

  /**
   * Sends a request until it is answered with success, or with a refusal that another attempt does not change.
   *
   * @param {string} path
   * @param {RequestInit} init
   * @param {number} works the number of works that the call takes from the quota
   * @returns {Promise<{body: any, maxAge: number, position: number | null}>}
   */
  async send(path, init, works) {
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
        return await this.#once(path, init, works);
      } catch (error) {
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
    const now = Date.now();
    const gained = this.perSecond === Infinity ? 0 : (now - this.askedAt) / 1000 * this.perSecond;
    this.left = Math.min(this.limit, this.left + gained);
    this.askedAt = now;
    const missing = Math.min(works, this.limit) - this.left;
    return missing > 0 && this.perSecond > 0 ? missing / this.perSecond : 0;
  }

  async #once(path, init, works) {
    const stopped = new AbortController();
    const timer = setTimeout(() => stopped.abort(), this.timeoutSeconds * 1000);
    try {
      const headers = {...init.headers, accept: 'application/json'};
      if (this.key !== undefined) {
        headers.authorization = `Bearer ${this.key}`;
      }
      // A browser refuses its fetch as a method of another object.
      const {fetch: fetched} = this;
      const answer = await fetched(new URL(path, this.address), {...init, headers, signal: stopped.signal});
      this.left -= works;
      this.#learn(answer.headers);
      if (answer.status !== 200) {
        const failure = new Unreachable(nameOf(answer.status), `the registry answers ${answer.status}`, answer.status);
        throw Object.assign(failure, {
          retryAfter: secondsOf(answer.headers.get('retry-after')),
          problem: await answer.json().catch(() => null),
        });
      }
      const position = answer.headers.get('askfirst-position');
      return {
        body: await answer.json(),
        maxAge: maxAgeOf(answer.headers.get('cache-control')),
        position: position === null || !/^\d+$/.test(position) ? null : Number(position),
      };
    } finally {
      clearTimeout(timer);
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
      this.askedAt = Date.now();
    }
  }
}

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

function maxAgeOf(text) {
  const match = /(?:^|[\s,])max-age=(\d+)/.exec(text ?? '');
  return match === null || /no-store|no-cache/.test(text ?? '') ? 0 : Number(match[1]);
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
      }, asked.length);
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

/**
 * Everything whose key has a certain prefix, as the registry answers it.
 *
 * @typedef {{prefix: string, keys: any[], parties: any[], mandates: any[], position: number | null}} Range
 */

/** Asks for ranges, and keeps them as long as the registry allows. */
export class Ranges {
  #calls;
  #padding;
  #digits = FIRST_DIGITS;
  /** @type {Map<string, {range: Range, until: number}>} */
  #kept = new Map();
  /** @type {Map<string, Promise<Range>>} */
  #asking = new Map();

  /** @param {CallOptions & {padding?: boolean}} options */
  constructor({padding = false, ...options}) {
    this.#calls = new Calls(options);
    this.#padding = padding;
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
   * Adds the ranges of keys that a filter has, each with six digits, or the failure in its place. After a failure nothing
   * more is asked.
   *
   * @param {Iterable<string>} keys
   * @param {Map<string, Range | Error>} found gets the ranges by their prefixes; what it has is not asked
   * @param {number} position the position of the filter. An older answer may lack what the filter already has
   */
  async add(keys, found, position) {
    const missing = new Set(Array.from(keys, prefixOf).filter((prefix) => !found.has(prefix)));
    const waiting = shuffled([...missing]);
    /** @type {Error | null} */
    let failed = null;
    const ask = async () => {
      for (let prefix = waiting.pop(); prefix !== undefined; prefix = waiting.pop()) {
        try {
          found.set(prefix, failed ?? await this.#newer(prefix, position));
        } catch (failure) {
          failed ??= failure instanceof Error ? failure : new Error(String(failure));
          found.set(prefix, failed);
        }
      }
    };
    await Promise.all(Array.from({length: CALLS_AT_ONCE}, ask));
  }

  async #newer(prefix, position) {
    const isNew = (range) => range !== null && range.position !== null && range.position >= position;
    let range = this.#keptOf(prefix);
    if (!isNew(range)) {
      range = await this.#asked(prefix);
    }
    if (range === null || !isNew(range)) {
      throw new Unreachable(
        'unreachable', `the registry answered for position ${range?.position}, and the filter is of ${position}`);
    }
    return range;
  }

  #keptOf(prefix) {
    const kept = this.#kept.get(prefix);
    return kept !== undefined && Date.now() < kept.until ? kept.range : null;
  }

  async #asked(prefix) {
    let asking = this.#asking.get(prefix);
    if (asking === undefined) {
      asking = this.#ask(prefix).finally(() => this.#asking.delete(prefix));
      this.#asking.set(prefix, asking);
    }
    return await asking;
  }

  async #ask(prefix) {
    const path = `v1/range/${prefix}${this.#padding ? '?padding=true' : ''}`;
    const {body, maxAge, position} = await this.#calls.send(path, {method: 'GET'}, 1);
    return this.#understood(body, prefix, maxAge, position);
  }

  /** @returns {Range} */
  #understood(body, prefix, maxAge, position) {
    const range = {...body, position};
    if (range.rules !== RULES) {
      throw new Unreachable('unsupported', `the rules ${range.rules} are not known`);
    }
    if (range.prefix !== prefix || !Array.isArray(range.keys) || !Array.isArray(range.parties)
      || !Array.isArray(range.mandates)) {
      throw new Unreachable('unreachable', 'the answer is not that to the prefix');
    }
    const least = Number(range.minPrefixLength);
    if (Number.isInteger(least) && least >= LEAST_DIGITS && least <= MOST_DIGITS) {
      this.#digits = least;
    }
    const now = Date.now();
    for (const [other, {until}] of this.#kept) {
      if (until <= now) {
        this.#kept.delete(other);
      }
    }
    if (maxAge > 0) {
      this.#kept.set(prefix, {range, until: now + maxAge * 1000});
    }
    return range;
  }
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
      const ranges = new Map(await Promise.all(
        shuffled(keys).map(async (key) => /** @type {[string, Range]} */ ([key, await this.#ranges.ofKey(key)]))));
      const positions = [...ranges.values()].map(({position}) => position);
      const position = positions.includes(null) ? null : Math.min(.../** @type {number[]} */ (positions));
      return judged(subject, statementsIn(expansions, ranges), uses, microsAt(Date.now()), position);
    } catch (failure) {
      return failed(failure, subject);
    }
  }
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

