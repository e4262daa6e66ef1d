/** Segments in files of any size. Only pages that are needed are read, and the latest of them are kept in memory. */
import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {Segment} from './segment.js';

const PAGE = 4096;

/** A file as a source. */
class FileSource {
  constructor(path, pages) {
    this.file = openSync(path, 'r');
    this.length = fstatSync(this.file).size;
    this.most = pages;
    this.pages = new Map();
    this.last = null;
    this.lastNumber = -1;
  }

  u32(at) {
    const number = Math.floor(at / PAGE);
    const page = number === this.lastNumber ? this.last : this.#page(number);
    const i = at - number * PAGE;
    return (page[i] | page[i + 1] << 8 | page[i + 2] << 16 | page[i + 3] << 24) >>> 0;
  }

  #page(number) {
    let page = this.pages.get(number);
    if (page === undefined) {
      const start = number * PAGE;
      page = this.bytes(start, Math.min(PAGE, this.length - start));
      if (this.pages.size >= this.most) {
        this.pages.delete(this.pages.keys().next().value);
      }
      this.pages.set(number, page);
    }
    this.last = page;
    this.lastNumber = number;
    return page;
  }

  bytes(at, length) {
    if (this.file < 0) {
      throw new Error('the segment is closed');
    }
    const bytes = new Uint8Array(Math.max(length, 0));
    let read = 0;
    while (read < length) {
      const now = readSync(this.file, bytes, read, length - read, at + read);
      if (now === 0) {
        throw new RangeError('the file is shorter than when it was opened');
      }
      read += now;
    }
    if (length <= 0) {
      throw new RangeError('the place is beyond the end');
    }
    return bytes;
  }

  close() {
    if (this.file >= 0) {
      closeSync(this.file);
      this.file = -1;
      this.pages.clear();
      this.last = null;
      this.lastNumber = -1;
    }
  }
}

/**
 * Opens a file. It checks the header and the length; `verify` of the segment checks every byte.
 *
 * @param {string} path
 * @param {{pages?: number}} [options] `pages`: the number of pages of 4,096 bytes that stay in memory
 * @returns {Segment}
 */
export function openSegment(path, {pages = 1 << 15} = {}) {
  const source = new FileSource(path, pages);
  try {
    return new Segment(source);
  } catch (refused) {
    source.close();
    throw refused;
  }
}
