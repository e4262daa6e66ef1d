import type {RefusalCode} from './snapshot.js';
import type {CallOptions} from './online.js';
import type {Decision, Work} from './policy.js';
import type {Subject} from './subjects.js';

/** The refusal of a catalogue or of its files. */
export class Refused extends Error {
  constructor(code: RefusalCode, message: string, cause?: unknown);
  /** The name in docs/formats/snapshot.md. */
  code: RefusalCode;
}

/** The refusal of a file that is not a complete filter, or that this client cannot read. */
export class FilterError extends Error {
  constructor(code: 'unsupported' | 'tampered', message: string);
  code: 'unsupported' | 'tampered';
}

/** One file: that of a release, which has a fuse filter, or that of changes, which has a list. */
export class FilterFile {
  /** @throws FilterError */
  constructor(bytes: Uint8Array);
  readonly position: number;
  /** The position after which the changes begin; null in a release. */
  readonly from: number | null;
  readonly isChanges: boolean;
  readonly count: number;
  readonly log: string;
  readonly suffixList: string;
  readonly rules: number;
  /** The first 48 bits of the hashes of changes, sorted. */
  readonly values: Float64Array;
  /** Returns true if a release may have a hash, given as its first and last 32 bits; false means that it has not. */
  has(high: number, low: number): boolean;
}

/** A release and the changes after it, the newest first, as one filter. */
export class FilterView {
  constructor(files: FilterFile[]);
  readonly position: number;
  readonly log: string;
  /** Returns true if something may be declared under a key. */
  has(words: Uint32Array): boolean;
  /** Returns false if the filter tells that nothing reaches a subject, because its site is absent. */
  mayReach(subject: Subject): boolean;
}

export interface FilterOptions {
  /** The address of the snapshot. */
  source: string;
  /** The key of the log, from somebody you trust. */
  key: string;
  /** The registry that is asked about the works that the filter may have. */
  registry: string | CallOptions;
  /** The uses about which a check asks if it names none. */
  uses?: string[];
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** The time without progress after which a server is given up; 60 by default. */
  stallSeconds?: number;
}

/** The filters of a registry. It follows them, and asks the registry about the works that they may have. */
export interface Filter {
  readonly position: number | null;
  readonly expiresAt: Date | null;
  /** The refusal of the latest catalogue; null if it was accepted. */
  readonly lastRefused: Refused | null;
  /** Decides about one work. It never throws. */
  check(work: Work, options?: {uses?: string[]}): Promise<Decision>;
  /** Decides about many works, in their order. It never throws. Each range is asked once. */
  checkAll(works: Work[], options?: {uses?: string[]}): Promise<Decision[]>;
  /** Takes the newest filters; returns true if the position changed. @throws Refused */
  refresh(): Promise<boolean>;
  /** Refreshes again and again until it is closed. */
  follow(options?: {seconds?: number; onRefused?: (refused: Refused) => void}): void;
  close(): void;
}

/** Opens the filters of a registry, in memory. @throws Refused if there is nothing from which it may answer */
export function openFilter(options: FilterOptions): Promise<Filter>;
