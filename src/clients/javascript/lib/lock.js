/**
 * A lock on a folder, for processes that change it. The lock is a file that only one process can create. It names the
 * process, so that another one takes it over if that process is gone.
 */
import {randomBytes} from 'node:crypto';
import {
  closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync,
} from 'node:fs';
import {hostname} from 'node:os';
import {dirname} from 'node:path';
import {threadId} from 'node:worker_threads';

const POLL_MILLIS = 50;
const BEAT_MILLIS = 5_000;

/**
 * The time after which a lock is free if its holder does not touch it. It counts for a holder on another machine, of which
 * the process cannot be looked up, and for a file that names nobody because its process ended before it wrote its name.
 */
const SILENT_MILLIS = 60_000;

/** The locks of this thread. A restarted container often has the same process id as the one before. @type {Set<string>} */
const held = globalThis[Symbol.for('askfirst.locks')] ??= new Set();

/** A lock that this process holds. */
export class Lock {
  #path;
  #text;
  #beat;

  /**
   * @param {string} path
   * @param {string} text
   */
  constructor(path, text) {
    this.#path = path;
    this.#text = text;
    held.add(text);
    this.#beat = setInterval(() => {
      if (this.isHeld()) {
        touch(path);
      }
    }, BEAT_MILLIS);
    this.#beat.unref();
  }

  /** Returns false if another process took the lock over, for example because this one was suspended for too long. */
  isHeld() {
    return textOf(this.#path) === this.#text;
  }

  release() {
    clearInterval(this.#beat);
    held.delete(this.#text);
    if (this.isHeld()) {
      rmSync(this.#path, {force: true});
    }
  }
}

/**
 * Waits for a lock; returns null if another process still holds it after that time.
 *
 * @param {string} path
 * @param {number} seconds
 * @returns {Promise<Lock | null>}
 * @throws {Error} if the file cannot be written
 */
export async function lock(path, seconds) {
  mkdirSync(dirname(path), {recursive: true});
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const text = JSON.stringify({
      pid: process.pid, host: hostname(), thread: threadId, token: randomBytes(8).toString('hex'),
    });
    if (create(path, text)) {
      return new Lock(path, text);
    }
    const found = textOf(path);
    if (found !== null && isAbandoned(path, found)) {
      remove(path, found);
    } else if (performance.now() >= deadline) {
      return null;
    } else {
      await new Promise((later) => setTimeout(later, POLL_MILLIS * (0.5 + Math.random())));
    }
  }
}

function create(path, text) {
  let file;
  try {
    file = openSync(path, 'wx');
  } catch (failure) {
    if (failure.code === 'EEXIST') {
      return false;
    }
    throw failure;
  }
  try {
    writeFileSync(file, text);
  } catch (failure) {
    rmSync(path, {force: true});
    throw failure;
  } finally {
    closeSync(file);
  }
  return true;
}

/** Removes an abandoned lock. Of several processes that try, one moves the file, and the others find it gone. */
function remove(path, found) {
  const moved = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.unfinished`;
  try {
    renameSync(path, moved);
  } catch (failure) {
    if (failure.code === 'ENOENT') {
      return;
    }
    throw failure;
  }
  // Another process took the lock over just before: it gets its lock back, or notices the loss before it writes.
  const taken = textOf(moved);
  if (taken !== found && taken !== null) {
    create(path, taken);
  }
  rmSync(moved, {force: true});
}

function isAbandoned(path, text) {
  const holder = holderOf(text);
  if (holder !== null && holder.host === hostname()) {
    if (holder.pid === process.pid && holder.thread === threadId) {
      return !held.has(text);
    }
    if (!isRunning(holder.pid)) {
      return true;
    }
  }
  try {
    return Math.abs(Date.now() - statSync(path).mtimeMs) > SILENT_MILLIS;
  } catch {
    return false;
  }
}

/** @returns {{pid: number, host: string, thread: number} | null} */
function holderOf(text) {
  try {
    const holder = JSON.parse(text);
    return Number.isSafeInteger(holder?.pid) && holder.pid > 0 ? holder : null;
  } catch {
    return null;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    // The process of another user may not be signalled, but it runs.
    return failure.code !== 'ESRCH';
  }
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The lock is gone, and the holder notices that before it writes.
  }
}
