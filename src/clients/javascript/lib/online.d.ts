import type {Decision, Work} from './policy.js';

export interface CallOptions {
  /** The address of the registry, such as https://registry.example/ */
  address: string;
  /** An API key, which has a larger quota. */
  key?: string;
  /** The uses about which a check asks if it names none. */
  uses?: string[];
  /** The most attempts of one call; 5 by default. */
  attempts?: number;
  /** The time for one attempt; 30 by default. */
  timeoutSeconds?: number;
  /** The most time that one call waits between its attempts and for its quota; 120 by default. */
  mostWaitSeconds?: number;
  /** The pause after the first error; it doubles each time. */
  firstWaitSeconds?: number;
  fetch?: typeof globalThis.fetch;
  sleep?: (seconds: number) => Promise<void>;
}

/** Lookups in bulk. */
export class Online {
  constructor(options: CallOptions & {itemsPerCall?: number});
  /** Decides about one work. It never throws. */
  check(work: Work, options?: {uses?: string[]}): Promise<Decision>;
  /** Decides about many works, in their order. It never throws. */
  checkAll(works: Work[], options?: {uses?: string[]}): Promise<Decision[]>;
}

/** Private lookups: the registry sees only the first digits of keys. */
export class PrivateLookups {
  constructor(options: CallOptions & {padding?: boolean});
  /** Decides about one work. It never throws. */
  check(work: Work, options?: {uses?: string[]}): Promise<Decision>;
}
