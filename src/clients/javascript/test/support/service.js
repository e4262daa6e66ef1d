/** A server that answers lookups and ranges from a segment as the contract says, for tests of the calls. */
import {createServer} from 'node:http';
import {Segment, View} from '../../lib/segment.js';
import {MalformedSubject, SCHEME_NAMES, parse} from '../../lib/subjects.js';
import {STANCES, USES, distinct, judge} from '../../lib/verdicts.js';

/** Starts the server; a test may put `before`, which may answer in its place. */
export async function serve(t, segments, more = {}) {
  const service = {calls: [], headers: {}, minPrefixLength: 4, log: 'test.example/log', ...more};
  /** Moves the registry to another position, with all that is in force there. */
  service.show = (now, position) => {
    service.segments = now;
    service.view = new View([Segment.of(now.write({position}))]);
  };
  service.show(segments, 100);
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const call = {url: request.url, headers: request.headers, body: body === '' ? null : JSON.parse(body), at: Date.now()};
      service.calls.push(call);
      const send = (status, content, headers = {}) => {
        response.writeHead(status, {...service.headers, ...headers, 'content-type': 'application/json'});
        response.end(typeof content === 'string' ? content : JSON.stringify(content));
      };
      if (service.before?.(call, send, response) === true) {
        return;
      }
      if (call.url === '/v1/lookups') {
        send(200, answers(service.view, call.body));
        return;
      }
      const prefix = /^\/v1\/range\/([0-9a-f]+)/.exec(call.url)[1];
      if (prefix.length < service.minPrefixLength) {
        send(422, {type: 'https://askfirst.org/problems/invalid-request'});
        return;
      }
      send(200, rangeOf(service.segments, service.view, prefix, service.minPrefixLength), {
        'askfirst-position': String(service.view.position),
        'askfirst-log': service.log,
        'cache-control': 'public, max-age=30',
      });
    });
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  service.address = `http://127.0.0.1:${server.address().port}`;
  return service;
}

function answers(view, {items, uses}) {
  return {
    position: view.position,
    answers: items.map(({id, subjects}) => {
      try {
        const statements = subjects.flatMap((subject) => view.reaching(parse(subject)));
        const {verdict, uses: verdicts} = judge(distinct(statements), uses, Date.now() * 1000);
        return {id, verdict, verdicts};
      } catch (refused) {
        if (!(refused instanceof MalformedSubject)) {
          throw refused;
        }
        return {id, problem: {type: 'https://askfirst.org/problems/malformed-subject', detail: refused.message}};
      }
    }),
  };
}

const momentOf = (micros) => (Number.isFinite(micros) ? new Date(micros / 1000).toISOString() : undefined);

/** Returns a range as the registry writes it: with contacts resolved, and with the statements of repertoires. */
function rangeOf(segments, view, prefix, minPrefixLength) {
  const [segment] = view.segments;
  const named = new Set();
  const mandates = new Set();
  const keys = [];
  for (const key of [...segments.byKey.keys()].sort().filter((one) => one.startsWith(prefix))) {
    const words = Uint32Array.from(key.match(/.{8}/g), (word) => Number.parseInt(word, 16));
    const found = {key, statements: [], controls: [], contests: []};
    for (const posting of view.postings(words)) {
      const common = {party: posting.party, position: posting.position, otherSubject: posting.otherSubject || undefined};
      named.add(posting.party);
      if (posting.by) {
        named.add(posting.by);
      }
      if (posting.kind === 'proof') {
        found.controls.push({...common, control: posting.control === 2 ? 'proved' : 'shown', by: posting.by ?? undefined});
      } else if (posting.kind === 'contest') {
        found.contests.push({
          ...common, kind: posting.contest, by: posting.by ?? undefined, endsAt: momentOf(posting.from),
          lapsesAt: momentOf(posting.to),
        });
      } else {
        if (posting.mandate !== null) {
          mandates.add(posting.mandate);
        }
        found.statements.push({
          ...common,
          stances: Object.fromEntries(USES.flatMap((use, i) => {
            const stance = posting.stances >>> 2 * i & 3;
            return stance === 0 ? [] : [[use, STANCES[stance]]];
          })),
          contactable: contactable(view.register.state(posting.party), posting.contact),
          validFrom: momentOf(posting.from), validTo: momentOf(posting.to), mandate: posting.mandate ?? undefined,
          repertoire: posting.listed ? 'd_00000000000000000000000000' : undefined,
        });
      }
    }
    keys.push(found);
  }
  const terms = [...mandates].flatMap((id) => {
    const term = segment.register().term(id);
    if (term === null) {
      return [];
    }
    if (term.member !== null) {
      named.add(term.member);
    }
    return [{id, society: 'p', member: term.member ?? undefined, validFrom: momentOf(term.from), validTo: momentOf(term.to)}];
  });
  const parties = [...named].map((party) => {
    const state = view.register.state(party);
    return {
      party, suspended: state.suspended || undefined, erased: state.erased || undefined,
      vouchableSchemes: SCHEME_NAMES.filter((scheme) => state.vouchesFor.has(scheme)),
    };
  });
  return {prefix, minPrefixLength, rules: 1, keys, parties, mandates: terms};
}

function contactable(state, contact) {
  return contact === 'license'
    || (!state.erased && (contact === 'terms' || (state.contactable ?? contact === 'party')));
}
