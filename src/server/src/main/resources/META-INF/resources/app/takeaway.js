// What a person takes away for a work: a badge, a card with a QR code, and lines for sites and books.
import {currentLanguage, t} from './i18n.js';

const SERIF = "'Noto Serif KR','AppleMyungjo','Nanum Myeongjo',Batang,Georgia,serif";
const COLOURS = {ask: '#8a5200', deny: '#a01f2d', allow: '#1f6b3a', unknown: '#5d574d'};

const escaped = text =>
  text.replace(/[&<>"']/g, one => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'})[one]);

/** The approximate width of a text in units of its size: Hangul and other wide letters take one, others half. */
const widthOf = text => [...text].reduce((sum, one) => sum + (one.codePointAt(0) > 0x2e7f ? 1 : 0.56), 0);

/**
 * The answer on things that are taken away. They may be old, so they never say yes: that is only for a lookup to say.
 * A refusal that is out of date asks for more than it must, which harms nobody.
 */
const lasting = verdict => t(verdict === 'allow' ? 'takeaway.allow' : `strip.${verdict}`);

/** The badge: the question and the answer in one line. */
export function badge(verdict, address) {
  const question = t('takeaway.badge.question');
  const answer = lasting(verdict);
  const left = Math.round(widthOf(question) * 14 + 24);
  const right = Math.round(widthOf(answer) * 14 + 24);
  const label = escaped(`${question} ${answer}`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="32" viewBox="0 0 ${left + right} 32"` +
    ` role="img" aria-label="${label}"><title>${label} ${escaped(address)}</title>` +
    `<rect width="${left + right}" height="32" rx="6" fill="#fbf9f4" stroke="#857d70"/>` +
    `<path d="M${left} 0h${right - 6}a6 6 0 0 1 6 6v20a6 6 0 0 1-6 6h-${right - 6}z" fill="${COLOURS[verdict]}"/>` +
    `<g font-family="${SERIF}" font-size="14" font-weight="600"><text x="12" y="21" fill="#1c1a17">` +
    `${escaped(question)}</text><text x="${left + 12}" y="21" fill="#ffffff">${escaped(answer)}</text></g></svg>`
  );
}

/** A card with the title, the answer and the QR code of the work's page. `code` is the SVG of the code. */
export function qrCard(verdict, title, address, code) {
  const short = [...title].length > 22 ? `${[...title].slice(0, 21).join('')}…` : title;
  const inner = code.replace('<svg ', '<svg x="24" y="24" width="192" height="192" ');
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="240" viewBox="0 0 640 240">' +
    '<rect x="1" y="1" width="638" height="238" rx="16" fill="#ffffff" stroke="#a8321a" stroke-width="2"/>' +
    `${inner}<g font-family="${SERIF}" fill="#1c1a17"><text x="240" y="74" font-size="22">${escaped(short)}</text>` +
    `<text x="240" y="118" font-size="18" fill="#5d574d">${escaped(t('strip.question'))}</text>` +
    `<text x="240" y="158" font-size="28" font-weight="600" fill="${COLOURS[verdict]}">` +
    `${escaped(lasting(verdict))}</text></g><text x="240" y="206" font-size="11.5" fill="#5d574d"` +
    ` font-family="monospace">${escaped(address)}</text></svg>`
  );
}

/** The address of the badge that the registry draws anew from the answer of the moment. */
export const badgeAddress = id => `/badge/${id}.svg?lang=${currentLanguage()}`;

/** The code that shows the badge on a site, as a link to the work's page. */
export const badgeCode = (file, address) =>
  `<a href="${address}"><img src="${file}" alt="${escaped(t('takeaway.badge.alt'))}"></a>`;

const usage = verdict => `Content-Usage: train-ai=${verdict === 'allow' ? 'y' : 'n'}`;
const reserved = verdict => (verdict === 'allow' ? 0 : 1);

/** The lines for robots.txt, with the preference of the IETF's AIPREF drafts. */
export const robotsLines = (verdict, address) =>
  [`# ${lasting(verdict)}: ${address}`, 'User-agent: *', 'Allow: /', usage(verdict)].join('\n');

/** The tags of the W3C community's TDM Reservation Protocol. */
export const metaTags = (verdict, address) =>
  [
    `<meta name="tdm-reservation" content="${reserved(verdict)}">`,
    `<meta name="tdm-policy" content="${address}">`,
  ].join('\n');

export const headerLines = (verdict, address) =>
  [`TDM-Reservation: ${reserved(verdict)}`, `TDM-Policy: ${address}`, usage(verdict)].join('\n');

/** The sentence for the imprint of a book. */
export const imprint = (verdict, address) => t(`takeaway.imprint.${verdict}`, {address});
