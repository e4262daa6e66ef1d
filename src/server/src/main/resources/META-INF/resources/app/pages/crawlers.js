import {html, nothing} from 'lit';
import {PageElement} from '../element.js';
import {rich, t} from '../i18n.js';

const code = (label, text) => html`<pre tabindex="0" aria-label=${label}><code>${text}</code></pre>`;

class CrawlersPage extends PageElement {
  render() {
    const root = location.origin;
    const section = (name, content) =>
      html`<section class="step narrow" aria-labelledby=${name}>
        <h2 id=${name}>${t(`crawlers.${name}`)}</h2>
        <p>${t(`crawlers.${name}.text`)}</p>
        ${content}
      </section>`;
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${t('crawlers.h1')}</h1>
        <p class="lead">${t('crawlers.lead')}</p>
      </div>
      ${section('unknown', html`<p class="note warn">${t('crawlers.unknown.note')}</p>`)}
      ${section(
        'one',
        code('curl', `curl -s '${root}/v1/lookup?subject=isbn:9788936434120&use=generative-ai-training'`),
      )}
      ${section(
        'many',
        html`${code(
          'curl',
          `curl -s ${root}/v1/lookups -H 'Content-Type: application/json' -d '
  {"uses": ["generative-ai-training"], "items": [
    {"id": "a", "subjects": ["url:https://example.com/art/1.png", "sha256:9f86…0a08"]},
    {"id": "b", "subjects": ["doi:10.1000/182"]}]}'`,
        )}${code(
          'curl, NDJSON',
          `curl -s '${root}/v1/lookups?use=ai-training&detail=verdict' \\
  -H 'Content-Type: application/x-ndjson' --data-binary @questions.ndjson`,
        )}`,
      )}
      ${section(
        'offline',
        html`${code(
          'curl',
          `curl -s '${root}/v1/changes?after=0&limit=10000'
curl -N '${root}/v1/changes?after=0' -H 'Accept: text/event-stream'`,
        )}`,
      )}
      ${section(
        'private',
        code('curl', `key=$(printf 'isbn:9788936434120' | sha256sum)\ncurl -s "${root}/v1/range/${'${key:0:4}'}"`),
      )}
      ${section('proof', code('curl', `curl -s ${root}/log/checkpoint\ncurl -s ${root}/log/verifier-key`))}
      ${section('quotas', nothing)}
      ${section(
        'datadiligence',
        code(
          'curl',
          `printf 'https://example.com/art/1.png\\n' |
  curl -s ${root}/api/v2/query/urls/ -H 'Content-Type: text/plain' --data-binary @-`,
        ),
      )}
      <p>
        ${rich('crawlers.more', {
          api: html`<a href="/docs/api">${t('nav.api')}</a>`,
          check: html`<a href="/check">${t('nav.check')}</a>`,
        })}
      </p>
    </div>`;
  }
}
customElements.define('af-crawlers', CrawlersPage);
