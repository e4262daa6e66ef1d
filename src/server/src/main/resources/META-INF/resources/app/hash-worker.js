// Hashes a file beside the page, piece by piece, so that neither freezes.
import {Sha256, hex} from './sha256.js';

const PIECE = 4 << 20;

onmessage = async ({data: file}) => {
  try {
    const hash = new Sha256();
    for (let from = 0; from < file.size; from += PIECE) {
      hash.update(new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer()));
      postMessage({done: Math.min(from + PIECE, file.size)});
    }
    postMessage({hash: hex(hash.digest())});
  } catch (failure) {
    postMessage({failure: String(failure.name)});
  }
};
