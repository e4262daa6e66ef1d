/** Everything, with the parts that need a file system. */
export * from './browser.js';
export {openSegment} from './segment-file.js';
export {Refused, Snapshot, openSnapshot} from './snapshot.js';
