import type {Decision, Work} from '../lib/policy.js';

/** A snapshot, or lookups at the service. */
export interface Checker {
  check(work: Work, options?: {uses?: string[]}): Decision | Promise<Decision>;
}

/** The failure of a request without permission. */
export class NotPermitted extends Error {
  constructor(url: string, answer: Decision);
  decision: Decision;
}

export interface AskFirstOptions {
  /** The checker, the promise of it, or a function that opens it. */
  checker: Checker | Promise<Checker> | (() => Checker | Promise<Checker>);
  uses?: string[];
  /** Everything that is known of a page; by default its address. */
  subjectsOf?: (url: string) => Work;
  onRefused?: (url: string, answer: Decision) => void;
}

interface PageRequest {
  url: string;
  loadedUrl?: string;
  noRetry?: boolean;
}

/** Returns hooks for crawlers of Crawlee, which refuse every request without permission. */
export function askFirst(options: AskFirstOptions): {
  preNavigationHook(context: {request: PageRequest; page?: unknown}, options?: any): Promise<void>;
  postNavigationHook(context: {request: PageRequest}): Promise<void>;
  transformRequest<T extends {url: string}>(request: T): T | false;
};
