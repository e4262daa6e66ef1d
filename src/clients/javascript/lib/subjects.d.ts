/** The refusal of a text that is not a subject. */
export class MalformedSubject extends Error {
  constructor(reason: string, message: string, suggestion: string | null);
  /** The reason, as docs/formats/subjects.md names it. */
  reason: string;
  /** The subject that was probably meant; null if it is not known. */
  suggestion: string | null;
}

/** The refusal of a subject that may be asked and not declared. */
export class UndeclarableSubject extends Error {
  constructor(reason: string, why: string, meant?: string | null);
  reason: string;
  suggestion: string | null;
}

/** One of the subjects that reach a subject. */
export interface ExpansionEntry {
  readonly scheme: string;
  readonly subject: string;
  readonly specificity: number;
  /** The key in hexadecimal. */
  readonly key: string;
  /** The key as eight words of 32 bits. */
  readonly words: Uint32Array;
}

/** All subjects that reach one subject, the most specific first. */
export class Expansion {
  constructor(scheme: string, canonical: string);
  readonly entries: ExpansionEntry[];
  readonly size: number;
  contains(i: number, j: number): boolean;
  isShared(i: number): boolean;
  containsEverySpelling(i: number): boolean;
  isOtherSpelling(i: number): boolean;
}

/** A canonical subject. */
export class Subject {
  constructor(canonical: string);
  readonly canonical: string;
  readonly scheme: string;
  readonly value: string;
  /** The key in hexadecimal. */
  readonly key: string;
  /** The key as eight words of 32 bits. */
  readonly words: Uint32Array;
  expand(): Expansion;
  sitePrefilter(): Uint32Array | null;
  storedSitePrefilter(): Uint32Array | null;
  indexedAs(): Subject[];
  account(): Subject | null;
  namedAccount(): Subject | null;
  registrableDomain(): string | null;
  testHost(): string | null;
  /** @throws UndeclarableSubject */
  requireDeclarable(): void;
  toString(): string;
}

/** The names of the schemes in the order of the contract. */
export const SCHEME_NAMES: readonly string[];
/** The version of the public suffix list. */
export const SUFFIX_LIST: string;
/** The domain of the subjects that exist only for tests of clients. */
export const TEST_DOMAIN: string;
/** Returns the version of the table of platforms. */
export function platformsVersion(): string;

/**
 * Reads `scheme:value` in any spelling.
 * @throws MalformedSubject
 */
export function parse(text: string): Subject;

/**
 * Reads a text without a scheme: a link, an ISBN with hyphens, a DOI link, a code.
 * @throws MalformedSubject
 */
export function recognise(text: string): Subject;

/** Returns a new id for a work that has none, from at least 13 random bytes. */
export function ofWork(random: Uint8Array): Subject;
