// Hashes a file in chunks, in a worker, so that the page does not freeze.
import {Sha256, hex} from './sha256.js';

const CHUNK = 4 << 20;

onmessage = async ({data: file}) => {
  try {
    const hash = new Sha256();
    for (let from = 0; from < file.size; from += CHUNK) {
      hash.update(new Uint8Array(await file.slice(from, from + CHUNK).arrayBuffer()));
      postMessage({done: Math.min(from + CHUNK, file.size)});
    }
    postMessage({hash: hex(hash.digest())});
  } catch (failure) {
    postMessage({failure: String(failure.name)});
  }
};
