import type {Subject} from './subjects.js';
import type {Posting, Register, Statement} from './verdicts.js';

/** Bytes at places. A place may be above 2^32. */
export interface Source {
  readonly length: number;
  u32(at: number): number;
  bytes(at: number, length: number): Uint8Array;
  close(): void;
}

/** The refusal of a file that is not a complete segment, or that this client cannot read. */
export class SegmentError extends Error {
  constructor(code: 'unsupported' | 'truncated' | 'tampered', message: string);
  code: 'unsupported' | 'truncated' | 'tampered';
}

/** The fact that a repertoire lists a subject. */
export interface Listing {
  kind: 'listing';
  repertoire: string;
  position: number;
  otherSubject: boolean;
}

/** A segment (docs/formats/segment.md). */
export class Segment {
  static of(buffer: Uint8Array): Segment;
  constructor(source: Source);
  readonly position: number;
  readonly keys: number;
  readonly log: string;
  readonly leafHash: string;
  readonly suffixList: string;
  readonly platforms: string;
  readonly rules: number;
  /** Checks every byte against the checksums. @throws SegmentError */
  verify(): void;
  hasSitePrefilter(words: Uint32Array): boolean;
  /** Returns the place of a key; -1 if it is absent. */
  find(words: Uint32Array): number;
  postings(place: number): (Posting | Listing)[];
  register(): Register;
  close(): void;
}

/** Several segments of one log, the newest first, which are read as one. */
export class View {
  constructor(segments: Segment[]);
  readonly segments: Segment[];
  readonly position: number;
  readonly log: string;
  readonly register: Register;
  reaching(subject: Subject): Statement[];
  postings(words: Uint32Array): Posting[];
  close(): void;
}

export function crc32c(bytes: Uint8Array, before?: number): number;
export function bucketBits(count: number): number;
export function repertoireKey(id: string): Uint32Array;
