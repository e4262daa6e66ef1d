import type {Subject} from './subjects.js';
import type {Statement} from './verdicts.js';

/** The answer to a check. Only `allow` is allowed. */
export interface Decision {
  readonly verdict: 'allow' | 'ask' | 'deny' | 'unknown' | 'unreachable';
  /** True for `allow` alone. */
  readonly allowed: boolean;
  /** Why the verdict is what it is. The last three mean that nothing could be learned. */
  readonly reason: 'declared' | 'nothing-declared' | 'unreadable' | 'expired' | 'unreachable';
  /** The stance or the outcome that decided, such as `reserved`, or the failure in words; null if there is none. */
  readonly detail: string | null;
  /** The first asked subject, canonical; null if it cannot be read. */
  readonly subject: string | null;
  /** The subject of the statement that decided; null if it is not known. */
  readonly matched: string | null;
  /** The verdict for each use. */
  readonly uses: Readonly<Record<string, string>>;
  /** The position of the ledger that the answer is about. */
  readonly position: number | null;
  readonly checkedAt: string;
}

/** One work: everything that is known of it. */
export type Work = string | string[];

/** The use about which a check asks if it names none. */
export const DEFAULT_USES: string[];

export function decision(parts: Partial<Omit<Decision, 'allowed'>> & {verdict: string}): Decision;
export function failed(failure: unknown, subject?: string | null): Decision;

/**
 * Reads the subjects of one work.
 * @throws MalformedSubject
 */
export function readSubjects(subjects: Work): Subject[];

/** Judges the statements that reach a work. The moment is in microseconds. */
export function judged(
  subject: string, statements: Statement[], uses: string[], moment: number, position: number | null): Decision;
