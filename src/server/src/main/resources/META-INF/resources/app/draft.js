// The draft of the form that declares works. It survives a reload, the back button and a closed tab.
const NAME = 'askfirst.draft';
const KEPT_MILLIS = 7 * 86_400_000;

/** The members of an item that a draft keeps. Of a file it keeps the name and the hash, and no content. */
const ITEM = ['text', 'subject', 'own', 'account', 'sharedSite', 'title', 'creators', 'kind', 'nameless', 'size'];

const plain = item => Object.fromEntries(ITEM.filter(name => item[name] !== undefined).map(name => [name, item[name]]));

/** Stores the draft on this device. Files whose hash is not known yet are left out. */
export function keepDraft({items, ...rest}) {
  const kept = items.filter(item => item.subject || item.nameless).map(plain);
  try {
    localStorage.setItem(NAME, JSON.stringify({...rest, items: kept, at: Date.now()}));
  } catch {
    /* Storage is off or full: the form works, and is lost with its tab. */
  }
}

/** The stored draft, or null. A draft is dropped after a week. */
export function storedDraft() {
  try {
    const draft = JSON.parse(localStorage.getItem(NAME));
    if (draft && Array.isArray(draft.items) && Date.now() - draft.at < KEPT_MILLIS) return draft;
  } catch {
    /* Storage is off, or the draft cannot be read. */
  }
  return null;
}

export function dropDraft() {
  try {
    localStorage.removeItem(NAME);
  } catch {
    /* Storage is off. */
  }
}
