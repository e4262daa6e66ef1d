export {
  MalformedSubject, SUFFIX_LIST, Subject, UndeclarableSubject, ofWork, parse, platformsVersion, recognise,
} from './subjects.js';
export {RULES, USES, judge} from './verdicts.js';
export type {Assessment, Outcome, Statement, Use, VerdictName} from './verdicts.js';
export {DEFAULT_USES} from './policy.js';
export type {Decision, Work} from './policy.js';
export {Segment, SegmentError, View} from './segment.js';
export {FilterError, FilterFile, FilterView, Refused, openFilter} from './filter.js';
export type {Filter, FilterOptions} from './filter.js';
export {Online, PrivateLookups} from './online.js';
export type {CallOptions} from './online.js';
export const VERSION: string;
