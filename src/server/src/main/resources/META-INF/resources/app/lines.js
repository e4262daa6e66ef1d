// Reads a list of members: CSV in any encoding that is common in Korea, or JSON lines.
import {Refusal} from './api.js';

const FIELDS = {
  memberNumber: ['reference', 'member', 'memberno', 'membernumber', 'number', '회원번호', '회원코드', '번호'],
  schemes: ['schemes', 'scheme', 'kinds', 'kind', '종류', '분야'],
  uses: ['uses', 'use', '용도', '이용'],
  territory: ['territory', 'territories', 'country', '지역', '국가'],
  validFrom: ['validfrom', 'from', 'start', '시작일', '시작', '계약일'],
  validTo: ['validto', 'to', 'end', '종료일', '종료', '만료일'],
  documentSha256: ['documentsha256', 'document', 'sha256', '계약서해시', '문서해시', '문서'],
};
const LISTS = new Set(['schemes', 'uses', 'territory']);
const DAYS = new Set(['validFrom', 'validTo']);

const decode = data => {
  if (data[0] === 0xff && data[1] === 0xfe) return new TextDecoder('utf-16le').decode(data);
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(data);
  } catch {
    return new TextDecoder('euc-kr').decode(data);
  }
};

/** The rows of a table as text (RFC 4180), each with the line it begins on. */
function* rows(text, delimiter) {
  let cells = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let begun = 1;
  for (let place = 0; place < text.length; place++) {
    const char = text[place];
    if (char === '\n') line++;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[place + 1] === '"') {
        cell += char;
        place++;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === delimiter || char === '\n') {
      cells.push(cell.trim());
      cell = '';
      if (char === '\n') {
        yield {row: begun, cells};
        cells = [];
        begun = line;
      }
    } else cell += char;
  }
  cells.push(cell.trim());
  yield {row: begun, cells};
}

const fieldOf = head =>
  Object.keys(FIELDS).find(field => FIELDS[field].includes(head.toLowerCase().replace(/[\s_().-]/g, '')));

/** The beginning of a day that is written as a date; any other text is unchanged. */
const moment = text => {
  const [, year, month, day] = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})\.?$/.exec(text) ?? [];
  const start = year ? new Date(Number(year), Number(month) - 1, Number(day)) : null;
  return start && !Number.isNaN(start.getTime()) ? start.toISOString() : text;
};

/** The lines of a batch: the text to send, the row in the file, and the text to show. */
export function linesOf(data) {
  const text = decode(data).replace(/^\uFEFF/, '');
  const lines = [];
  if (/^\s*\{/.test(text)) {
    text
      .split('\n')
      .forEach(
        (line, place) =>
          line.trim() && lines.push({row: place + 1, text: line.trim(), shown: line.trim().slice(0, 200)}),
      );
    return lines;
  }
  const first = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n'));
  const delimiter = ['\t', ';', ','].find(one => first.includes(one)) ?? ',';
  let fields;
  for (const {row, cells} of rows(text, delimiter)) {
    if (!cells.some(Boolean)) continue;
    if (!fields) {
      fields = cells.map(fieldOf);
      if (!fields.includes('memberNumber'))
        throw new Refusal(0, {type: 'https://askfirst.org/problems/no-member-numbers', detail: ''});
      continue;
    }
    const record = {};
    fields.forEach((field, place) => {
      const cell = cells[place];
      if (field && cell)
        record[field] = LISTS.has(field)
          ? cell.split(/[;,\s]+/).filter(Boolean)
          : DAYS.has(field)
            ? moment(cell)
            : cell;
    });
    lines.push({row, text: JSON.stringify(record), shown: cells.filter(Boolean).slice(0, 4).join(' | ')});
  }
  if (lines.length === 0) throw new Refusal(0, {type: 'https://askfirst.org/problems/empty-file', detail: ''});
  return lines;
}
