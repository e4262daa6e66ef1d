import {
  MalformedSubject, Online, PrivateLookups, Refused, Segment, View, judge, openFilter, openSegment, openSnapshot, parse, recognise,
  type Decision, type Filter, type RefusalCode, type Snapshot, type Use,
} from 'askfirst';
import * as browser from 'askfirst/browser';
import {askFirst, NotPermitted} from 'askfirst/crawlee';
import {DEFAULT_USES, failed} from 'askfirst/policy';
import {statementsOf, type Register} from 'askfirst/verdicts';

export function mayUse(snapshot: Snapshot, url: string): boolean {
  const answer: Decision = snapshot.check([`url:${url}`, 'isni:0000000121032683'], {uses: ['ai-training']});
  return answer.allowed;
}

export async function opened(): Promise<Snapshot | RefusalCode> {
  try {
    const snapshot = await openSnapshot({source: 'https://registry.example/snapshot/', key: 'k', copy: '/var/cache/askfirst'});
    snapshot.follow({seconds: 60, onRefused: (refused) => console.warn(refused.code)});
    return snapshot;
  } catch (error) {
    if (error instanceof Refused) {
      return error.code;
    }
    throw error;
  }
}

export async function filtered(): Promise<boolean> {
  const registry = 'https://registry.example/';
  const filter: Filter = await openFilter({source: `${registry}snapshot/`, key: 'k', registry, copy: '/var/cache/askfirst-filter'});
  const inMemory = await browser.openFilter({source: `${registry}snapshot/`, key: 'k', registry: {address: registry, attempts: 2}});
  filter.follow({onRefused: (refused) => console.warn(refused.code)});
  const [one] = await inMemory.checkAll(['isbn:9788936434120', ['doi:10.1000/182']], {uses: ['ai-training']});
  return one.allowed && (await filter.check('isbn:9788936434120')).allowed;
}

export async function online(): Promise<Decision[]> {
  const service = new Online({address: 'https://registry.example/', key: 'afk_x', uses: [...DEFAULT_USES]});
  const ranges = new browser.PrivateLookups({address: 'https://registry.example/', padding: true});
  const same: PrivateLookups = ranges;
  return [await same.check('isbn:9788936434120'), ...(await service.checkAll(['isbn:9788936434120', ['doi:10.1000/182']]))];
}

export function read(text: string): string {
  try {
    return recognise(text).canonical;
  } catch (error) {
    return error instanceof MalformedSubject ? error.suggestion ?? error.reason : failed(error).verdict;
  }
}

export function local(path: string, bytes: Uint8Array, register: Register): string {
  const view = new View([openSegment(path), Segment.of(bytes)]);
  const uses: Use[] = ['ai-input'];
  const expansion = parse('isbn:9788936434120').expand();
  const statements = [...view.reaching(parse('isbn:9788936434120')), ...statementsOf(expansion, [], register)];
  return judge(statements, uses, Date.now() * 1000).verdict;
}

const hooks = askFirst({checker: () => openSnapshot({source: '/data', key: 'k'}), onRefused: (url, answer) => console.log(url, answer.reason)});
export const refused = (error: unknown): boolean => error instanceof NotPermitted && !error.decision.allowed;
export const {preNavigationHook} = hooks;

// @ts-expect-error an answer cannot be changed
export const change = (answer: Decision): void => { answer.allowed = true; };
// @ts-expect-error a source is needed
export const incomplete = openSnapshot({key: 'k'});
