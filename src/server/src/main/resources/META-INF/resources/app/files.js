// Files on the person's device: hashes of chosen files, and downloads.

/** Computes the SHA-256 of a file on this device. Calls onProgress with the number of bytes done. */
export function fingerprint(file, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const worker = new Worker('/app/hash-worker.js', {type: 'module'});
    const end = (settle, value) => {
      worker.terminate();
      settle(value);
    };
    signal?.addEventListener('abort', () => end(reject, new DOMException('stopped', 'AbortError')), {once: true});
    worker.onerror = () => end(reject, new Error('worker'));
    worker.onmessage = ({data}) => {
      if (data.hash) end(resolve, data.hash);
      else if (data.failure) end(reject, new Error(data.failure));
      else onProgress(data.done);
    };
    worker.postMessage(file);
  });
}

/** Offers the content as a download with that name. */
export function save(name, content, type = 'text/plain;charset=utf-8') {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type}));
  const link = Object.assign(document.createElement('a'), {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A row of a CSV file. Text that a spreadsheet would run as a formula gets an apostrophe in front. */
export const csvRow = cells =>
  `${cells
    .map(cell => {
      const text = String(cell ?? '');
      const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
      return /[",\r\n;']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    })
    .join(',')}\r\n`;

/** The files of a drop, including the files in dropped folders. */
export async function filesOf(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return [...transfer.files];
  const found = [];
  const walk = async entry => {
    if (entry.isFile) {
      found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    } else {
      const reader = entry.createReader();
      for (let some = await batch(reader); some.length > 0; some = await batch(reader))
        for (const one of some) await walk(one);
    }
  };
  for (const entry of entries) await walk(entry);
  return found.filter(file => !file.name.startsWith('.'));
}

const batch = reader => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
