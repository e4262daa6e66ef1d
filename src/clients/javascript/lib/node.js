/** Everything, with the parts that need a file system. */
export * from './browser.js';
export {openFilter} from './filter-copy.js';
export {openSegment} from './segment-file.js';
export {Snapshot, openSnapshot} from './snapshot.js';
