import {Refused} from './filter.js';
import type {Decision, Work} from './policy.js';

export {Refused};

export type RefusalCode =
  | 'bad-signature' | 'unsupported' | 'expired' | 'rolled-back' | 'truncated' | 'tampered' | 'mixed' | 'unreachable';

export interface SnapshotOptions {
  /** An address (http, https), or a folder of this machine. */
  source: string;
  /** The key of the log, from somebody you trust. */
  key: string;
  /** A folder for a copy; needed for an address. Several processes may share it, if they share its state too. */
  copy?: string;
  /** The file that remembers the last accepted catalogue; by default in the copy. */
  state?: string;
  /** The uses about which a check asks if it names none. */
  uses?: string[];
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** The number of pages of 4,096 bytes of each file that stay in memory. */
  pages?: number;
  /**
   * The time without a byte after which a server does not answer; 60 by default. A snapshot waits for as long while
   * another process updates the copy.
   */
  stallSeconds?: number;
}

/** The registry's index as files, with which a crawler answers its questions alone. */
export class Snapshot {
  /** @throws Refused if there is nothing from which it may answer */
  static open(options: SnapshotOptions): Promise<Snapshot>;
  readonly position: number | null;
  readonly expiresAt: Date | null;
  readonly files: number;
  /** The refusal of the latest catalogue; null if it was accepted. */
  readonly lastRefused: Refused | null;
  /** Decides about one work. It never throws. */
  check(subjects: Work, options?: {uses?: string[]; moment?: Date | number}): Decision;
  /** Takes the newest catalogue; returns true if the position changed. @throws Refused */
  refresh(): Promise<boolean>;
  /** Refreshes again and again until the snapshot is closed. */
  follow(options?: {seconds?: number; onRefused?: (refused: Refused) => void}): void;
  /** Checks every byte of the files. @throws Refused */
  verify(): void;
  close(): void;
}

export function openSnapshot(options: SnapshotOptions): Promise<Snapshot>;
