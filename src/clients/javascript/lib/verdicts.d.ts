import type {Expansion} from './subjects.js';

export type Use =
  | 'text-and-data-mining' | 'data-analysis' | 'ai-training' | 'generative-ai-training' | 'non-generative-ai-training'
  | 'ai-input' | 'ai-index' | 'search-indexing';
export type StanceName = 'reserved' | 'permitted-with-terms' | 'permitted';
export type VerdictName = 'deny' | 'ask' | 'unknown' | 'allow';
export type Outcome =
  | 'applied' | 'outranked' | 'no-standing' | 'other-spelling' | 'shared-site' | 'suspended' | 'mandate-ended'
  | 'set-aside' | 'pending';

/** The version of the rules that this client knows. */
export const RULES: number;
export const USES: readonly Use[];
export const STANCES: readonly string[];
export const NONE: 0;
export const SHOWN: 1;
export const PROVED: 2;

/** The effect of the contests of a statement; null if no moment is set. */
export interface ContestState {
  contestedUntil: number | null;
  permissionsEndAt: number | null;
  setAsideAt: number | null;
}
export const UNCONTESTED: ContestState;

/** A statement as it applies to one asked work. Moments are microseconds since 1970. */
export interface Statement {
  party: string;
  position: number;
  specificity: number;
  reachesOthers: boolean;
  reach: 'whole' | 'other-spelling' | 'shared-site';
  control: number;
  stances: number;
  contactable: boolean;
  from: number;
  to: number;
  onBehalfOf: {of: string; suspended: boolean; mandate: {from: number; to: number} | null};
  contest: ContestState;
  matched?: string;
}

export interface Assessment {
  statement: Statement;
  outcome: Outcome;
  stance: StanceName;
  decides: boolean;
}

/** A value under a key: a statement, a proof of control, or a contest. */
export interface Posting {
  kind: 'statement' | 'proof' | 'contest';
  party: string;
  position: number;
  otherSubject: boolean;
  stances?: number;
  contact?: 'none' | 'party' | 'terms' | 'license';
  from?: number;
  to?: number;
  mandate?: string | null;
  listed?: boolean;
  statedAt?: number;
  control?: number;
  by?: string | null;
  contest?: 'rejected' | 'disputed' | 'set-aside';
}

export interface PartyState {
  suspended: boolean;
  erased: boolean;
  contactable: boolean | null;
  vouchesFor: Set<string>;
}
export const PLAIN: PartyState;

/** The states of parties and the mandates. */
export interface Register {
  state(party: string): PartyState;
  term(mandate: string): {member: string | null; from: number; to: number} | null;
}

/** Computes the verdict on a work. The moment is in microseconds. */
export function judge(statements: Statement[], uses: readonly string[], moment: number): {
  verdict: VerdictName;
  uses: Record<string, VerdictName>;
  assessments: Assessment[];
};
export function statementsOf(expansion: Expansion, postings: Posting[][], register: Register): Statement[];
export function distinct(statements: Statement[]): Statement[];
export function both(one: ContestState, other: ContestState): ContestState;
export function packStances(stated: Record<string, string>): number;
export function usesOf(names: readonly string[]): number[];
export function microsOf(text: string): number;
export function microsAt(moment?: Date | number): number;
