export * from './browser.js';
export {openSegment} from './segment-file.js';
export {Refused, Snapshot, openSnapshot} from './snapshot.js';
export type {RefusalCode, SnapshotOptions} from './snapshot.js';
