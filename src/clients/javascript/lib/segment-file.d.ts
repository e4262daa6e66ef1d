import type {Segment} from './segment.js';

/** Opens a file. `pages` is the number of pages of 4,096 bytes that stay in memory. */
export function openSegment(path: string, options?: {pages?: number}): Segment;
