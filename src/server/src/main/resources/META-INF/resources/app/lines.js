// Reads a list of members: JSON lines, or the rows of a table.
import {Refusal} from './api.js';

const FIELDS = {
  memberNumber: ['reference', 'member', 'memberno', 'membernumber', 'number', '회원번호', '회원코드', '번호'],
  schemes: ['schemes', 'scheme', 'kinds', 'kind', '종류', '분야'],
  uses: ['uses', 'use', '용도', '이용'],
  territory: ['territory', 'territories', 'country', '지역', '국가'],
  validFrom: ['validfrom', 'from', 'start', '시작일', '시작', '계약일'],
  validTo: ['validto', 'to', 'end', '종료일', '종료', '만료일'],
  // Only for the slips and the file of codes. It is not sent to be recorded.
  name: ['name', 'membername', '이름', '성명', '회원명', '회원이름', '성함', '필명'],
  documentSha256: ['documentsha256', 'document', 'sha256', '계약서해시', '문서해시', '문서'],
};
const LISTS = new Set(['schemes', 'uses', 'territory']);
const DAYS = new Set(['validFrom', 'validTo']);

const fieldOf = head =>
  Object.keys(FIELDS).find(field => FIELDS[field].includes(head.toLowerCase().replace(/[\s_().-]/g, '')));

/** The beginning of a day that is written as a date; any other text is unchanged. */
const moment = text => {
  const [, year, month, day] =
    /^(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?(?:\s+0{1,2}:00(?::00)?)?$/.exec(text) ?? [];
  const start = year ? new Date(Number(year), Number(month) - 1, Number(day)) : null;
  return start && !Number.isNaN(start.getTime()) ? start.toISOString() : text;
};

const refusal = slug => new Refusal(0, {type: `https://askfirst.org/problems/${slug}`, detail: ''});

/** True if a file that begins so has JSON lines. */
export const isJsonLines = beginning => /^\uFEFF?\s*\{/.test(beginning);

/** The lines of a batch in JSON lines: the text to send, the row in the file, and the text to show. */
export const linesOfJson = text =>
  text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line, place) => ({row: place + 1, text: line.trim(), shown: line.trim().slice(0, 200)}))
    .filter(line => line.text);

/** The lines of a batch in a table, and the names of the columns that are used and of those that are not. */
export function linesOfTable({headerRow, columns, rows}) {
  const heads = headerRow > 0 ? columns : (rows[0]?.cells ?? []);
  const fields = heads.map(fieldOf);
  if (!fields.includes('memberNumber')) throw refusal('no-member-numbers');
  const lines = rows.slice(headerRow > 0 ? 0 : 1).map(({row, cells}) => {
    const record = {};
    const given = {};
    fields.forEach((field, place) => {
      const cell = (cells[place] ?? '').trim();
      if (!field || !cell || field in record) return;
      given[field] = cell;
      record[field] = LISTS.has(field)
        ? cell.split(/[;,\s]+/).filter(Boolean)
        : DAYS.has(field)
          ? moment(cell)
          : cell;
    });
    const {name, ...sent} = record;
    return {row, name, given, text: JSON.stringify(sent), shown: cells.filter(Boolean).slice(0, 4).join(' | ')};
  });
  if (lines.length === 0) throw refusal('empty-file');
  return {
    lines,
    used: [...new Set(fields.filter(Boolean))],
    unused: heads.filter((head, place) => head.trim() && !fields[place]),
  };
}
