/** What works everywhere: subjects, verdicts, segments in memory, lookups at the service. */
export {
  MalformedSubject, SUFFIX_LIST, Subject, UndeclarableSubject, ofWork, parse, platformsVersion, recognise,
} from './subjects.js';
export {RULES, USES, judge} from './verdicts.js';
export {DEFAULT_USES} from './policy.js';
export {Segment, SegmentError, View} from './segment.js';
export {FilterError, FilterFile, FilterView, Refused, openFilter} from './filter.js';
export {Online, PrivateLookups} from './online.js';
export {VERSION} from './version.js';
