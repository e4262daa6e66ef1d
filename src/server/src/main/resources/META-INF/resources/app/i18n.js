// Texts in the person's language, which the server has chosen for the document: see web.Language.
const YEAR_SECONDS = 31_536_000;

/** The groups of texts that are loaded. All pages need the first; each other is for the pages of one kind of reader. */
const groups = new Set(['']);

const fileOf = async (chosen, group) => (await import(`./strings/${chosen}${group ? `-${group}` : ''}.js`)).default;
const textsIn = async chosen =>
  Object.assign({}, ...(await Promise.all([...groups].map(group => fileOf(chosen, group)))));

let language = document.documentElement.lang === 'en' ? 'en' : 'ko';
let texts = await textsIn(language);

/** Loads a group of texts, once. */
export async function loadTexts(group) {
  if (!group || groups.has(group)) return;
  const chosen = language;
  const more = await fileOf(chosen, group);
  groups.add(group);
  texts = chosen === language ? {...texts, ...more} : await textsIn(language);
}

export const currentLanguage = () => language;

/** Changes the language once its texts have arrived. Nobody loads those of the other language before. */
export async function setLanguage(chosen) {
  texts = await textsIn(chosen);
  language = chosen;
  document.documentElement.lang = chosen;
  document.cookie = `lang=${chosen}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
  window.dispatchEvent(new Event('language'));
}

/** The text with that name. Replaces each {value}. */
export function t(name, values = {}) {
  const text = texts[name];
  if (text === undefined) throw new Error(`no text ${name} in ${language}`);
  return withParticles(text.replace(/\{(\w+)\}/g, (whole, value) => isolated(values[value] ?? whole)));
}

const DIRECTIONS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/**
 * The text of a stranger for a place in a text: without the characters that turn the direction of what follows, and
 * isolated if it runs from right to left. Where a name is an element of its own, use bdi.
 */
export function isolated(value) {
  if (typeof value !== 'string') return value;
  const text = value.replace(DIRECTIONS, '');
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

const PARTICLES = {'이(가)': ['이', '가'], '은(는)': ['은', '는'], '을(를)': ['을', '를'], '(으)로': ['으로', '로']};

/** The final consonants of the digits as Koreans read them (영, 일, 이, 삼, …), numbered as in Hangul syllables. */
const FINALS = [21, 8, 0, 16, 0, 0, 1, 8, 8, 0];

/**
 * Chooses each Korean particle by the final consonant of the letter or digit before it. A name in other letters gets 님,
 * because its sound is unknown.
 */
function withParticles(text) {
  const chosen = text.replace(/([가-힣0-9])(이\(가\)|은\(는\)|을\(를\)|\(으\)로)/g, (whole, letter, particle) => {
    const final = FINALS[letter] ?? (letter.charCodeAt(0) - 0xac00) % 28;
    return letter + PARTICLES[particle][final === 0 || (particle === '(으)로' && final === 8) ? 1 : 0];
  });
  return chosen.replaceAll('이(가)', ' 님이');
}

export const has = name => Object.hasOwn(texts, name);

/** The text with that name as a list of parts. Replaces each {value} by a template. */
export function rich(name, values) {
  return texts[name].split(/(\{\w+\})/).map(piece => {
    const value = /^\{(\w+)\}$/.exec(piece);
    return value ? values[value[1]] : piece;
  });
}

const locale = () => (language === 'ko' ? 'ko-KR' : 'en-GB');
export const number = value => new Intl.NumberFormat(locale()).format(value);
export const percent = value =>
  new Intl.NumberFormat(locale(), {style: 'percent', maximumFractionDigits: 0}).format(value);
const ZONES = {KST: 'Asia/Seoul', UTC: 'UTC'};
const inZone = (value, zone, dateStyle = 'long') =>
  `${new Intl.DateTimeFormat(locale(), {dateStyle, timeStyle: 'medium', timeZone: ZONES[zone]}).format(
    new Date(value),
  )} ${zone}`;

/** The time in the zone of the page's language, which it names. */
export const dateTime = value => inZone(value, language === 'ko' ? 'KST' : 'UTC');

/** The time in both zones, for documents. */
export const bothZones = value =>
  (language === 'ko' ? ['KST', 'UTC'] : ['UTC', 'KST']).map(zone => inZone(value, zone));
/** A moment until which somebody can act, with its time zone. */
export const deadline = value =>
  new Intl.DateTimeFormat(locale(), {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(value));
export const date = value => new Intl.DateTimeFormat(locale(), {dateStyle: 'medium'}).format(new Date(value));
export function bytes(value) {
  const units = ['B', 'KB', 'MB', 'GB'];
  let unit = 0;
  let rest = value;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${new Intl.NumberFormat(locale(), {maximumFractionDigits: rest < 10 && unit > 0 ? 1 : 0}).format(rest)} ${
    units[unit]
  }`;
}
