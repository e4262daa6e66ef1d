export * from './browser.js';
export {openFilter} from './filter-copy.js';
export type {FilterCopyOptions} from './filter-copy.js';
export {openSegment} from './segment-file.js';
export {Snapshot, openSnapshot} from './snapshot.js';
export type {RefusalCode, SnapshotOptions} from './snapshot.js';
