// Texts in the person's language: the browser's language at first, then the chosen one.
import ko from './strings/ko.js';
import en from './strings/en.js';

const STRINGS = {ko, en};
const CHOSEN = 'askfirst.language';

function initialLanguage() {
  const asked = new URLSearchParams(location.search).get('lang');
  const kept = stored(CHOSEN);
  const known = language => Object.hasOwn(STRINGS, language);
  if (known(asked)) return asked;
  if (known(kept)) return kept;
  return (navigator.languages ?? [navigator.language]).some(language => language.toLowerCase().startsWith('ko'))
    ? 'ko'
    : 'en';
}

function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // Storage is off: everything works, but nothing is remembered.
  }
}

let language = initialLanguage();
document.documentElement.lang = language;

export const currentLanguage = () => language;

export function setLanguage(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  try {
    localStorage.setItem(CHOSEN, chosen);
  } catch {
    /* Storage is off. */
  }
  window.dispatchEvent(new Event('language'));
}

/** The text with that name. Replaces each {value}. */
export function t(name, values = {}) {
  const text = STRINGS[language][name];
  if (text === undefined) throw new Error(`no text ${name} in ${language}`);
  return withParticles(text.replace(/\{(\w+)\}/g, (whole, value) => values[value] ?? whole));
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

export const has = name => Object.hasOwn(STRINGS[language], name);

/** The text with that name as a list of parts. Replaces each {value} by a template. */
export function rich(name, values) {
  return STRINGS[language][name].split(/(\{\w+\})/).map(piece => {
    const value = /^\{(\w+)\}$/.exec(piece);
    return value ? values[value[1]] : piece;
  });
}

const locale = () => (language === 'ko' ? 'ko-KR' : 'en-GB');
export const number = value => new Intl.NumberFormat(locale()).format(value);
export const percent = value =>
  new Intl.NumberFormat(locale(), {style: 'percent', maximumFractionDigits: 0}).format(value);
export const dateTime = value =>
  new Intl.DateTimeFormat(locale(), {dateStyle: 'long', timeStyle: 'medium', timeZone: undefined}).format(
    new Date(value),
  );
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
