// The words of the contract that the pages use: uses, stances, verdicts, schemes, kinds. VocabularyTest compares them.

/** The uses without parts, in the order of the form. */
export const LEAF_USES = [
  'generative-ai-training',
  'non-generative-ai-training',
  'ai-input',
  'ai-index',
  'data-analysis',
  'search-indexing',
];

/** The leaf uses of each umbrella use. */
export const UMBRELLAS = {
  'text-and-data-mining': [
    'generative-ai-training',
    'non-generative-ai-training',
    'ai-input',
    'ai-index',
    'data-analysis',
  ],
  'ai-training': ['generative-ai-training', 'non-generative-ai-training'],
};

/** The umbrella uses, the widest first. */
export const UMBRELLA_USES = Object.keys(UMBRELLAS);

export const STANCES = ['reserved', 'permitted-with-terms', 'permitted'];

export const VERDICTS = ['allow', 'ask', 'deny', 'unknown'];

/** The kinds of party that declare works. */
export const DECLARING_KINDS = ['creator', 'society', 'publisher'];

export const DECLARATION_STATUSES = ['in-force', 'scheduled', 'expired', 'withdrawn'];

export const MANDATE_STATES = ['offered', 'accepted', 'recorded', 'declined', 'withdrawn'];

/** The schemes for which the registry can check control itself, the widest first. */
export const CHECKABLE_SCHEMES = ['domain', 'under', 'url'];

/** The schemes that the form of a mandate offers. */
export const MANDATE_SCHEMES = [
  'iswc',
  'isrc',
  'isbn',
  'issn',
  'ismn',
  'doi',
  'uci',
  'icn',
  'kcc',
  'url',
  'sha256',
  'work',
];

/** The schemes that the columns of a table offer. */
export const COLUMN_SCHEMES = [
  'isbn',
  'issn',
  'isrc',
  'iswc',
  'ismn',
  'doi',
  'uci',
  'icn',
  'kcc',
  'url',
  'sha256',
  'iscc',
  'eidr',
  'isan',
  'grid',
  'gtin',
];

/** The kinds of work that often have no file, link or number. A kind is free text in the contract. */
export const FILELESS_WORK_KINDS = [
  'book',
  'novel',
  'poem',
  'choreography',
  'music',
  'artwork',
  'photograph',
  'webtoon',
  'script',
  'lecture',
  'performance',
  'broadcast',
  'game',
  'other',
];

/** The kinds of work that a catalogue has. */
export const CATALOGUE_WORK_KINDS = [
  'book',
  'music',
  'recording',
  'choreography',
  'broadcast',
  'script',
  'webtoon',
  'artwork',
  'film',
  'article',
];

/** The grounds of a dispute. */
export const DISPUTE_GROUNDS = ['not-theirs', 'no-mandate', 'false-permission', 'wrong-contact', 'other'];
