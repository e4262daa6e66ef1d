import {html, nothing} from 'lit';
import {account} from '../account.js';
import {call} from '../api.js';
import '../audit.js';
import {PageElement} from '../element.js';
import {rich, t} from '../i18n.js';
import {refusalView} from '../words.js';
import '../new-key.js';

const code = (label, text) => html`<pre tabindex="0" aria-label=${label}><code>${text}</code></pre>`;

class CrawlersPage extends PageElement {
  static properties = {opened: {state: true}, refusal: {state: true}, fault: {state: true}};

  async #open(event) {
    event.preventDefault();
    const field = this.querySelector('#crawler-name');
    const name = field.value.trim();
    this.fault = name ? null : t('declare.name.fault');
    if (!name) return field.focus();
    try {
      this.opened = await call('POST', '/v1/parties', {json: {name, kind: 'crawler'}, key: null});
      account.keep(this.opened);
      this.refusal = null;
      await this.updateComplete;
      this.querySelector('#own').scrollIntoView();
    } catch (refusal) {
      this.refusal = refusal;
    }
    return null;
  }

  #account() {
    if (account.key)
      return html`${this.opened
          ? html`<af-new-key .party=${this.opened} text="crawlers.account.key"></af-new-key>`
          : nothing}
        <af-lookup-account></af-lookup-account>
        <af-verify-audit></af-verify-audit>`;
    return html`<form class="stack" novalidate @submit=${this.#open}>
        ${refusalView(this.refusal)}
        <div class="field">
          <label for="crawler-name">${t('crawlers.account.name')}</label>
          <input
            id="crawler-name"
            type="text"
            maxlength="200"
            autocomplete="organization"
            aria-describedby="crawler-name-fault"
            aria-invalid=${this.fault ? 'true' : 'false'}
          />
          <span class="error" id="crawler-name-fault">${this.fault ?? ''}</span>
        </div>
        <div><button class="button primary">${t('bulk.open.submit')}</button></div>
      </form>
      <af-verify-audit></af-verify-audit>`;
  }

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
      ${section(account.key ? 'own' : 'account', this.#account())}
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
        code(
          'curl',
          `for subject in isbn:9788936434120 isbn-prefix:97889364341 isbn-prefix:9788936434 \\
    isbn-prefix:978893643 isbn-prefix:97889364 isbn-prefix:9788936 isbn-prefix:978893 isbn-prefix:97889; do
  key=$(printf %s "$subject" | sha256sum)
  curl -s "${root}/v1/range/${'${key:0:4}'}"
done`,
        ),
      )}
      ${section('proof', code('curl', `curl -s ${root}/log/checkpoint\ncurl -s ${root}/log/verifier-key`))}
      ${section('quotas', nothing)}
      ${section(
        'sandbox',
        code(
          'curl',
          `for answer in allow ask terms deny mixed unknown unavailable too-many-requests; do
  curl -s "${root}/v1/lookup?subject=url:https://$answer.askfirst.example/"
done`,
        ),
      )}
      ${section(
        'datadiligence',
        html`${code(
          'Python',
          `import os
os.environ["SPAWNING_OPTS_KEY"] = "any"
from datadiligence.rules import SpawningAPI
SpawningAPI.SPAWNING_AI_API_URL = "${root}/api/v2/query/urls/?unknown=optOut"`,
        )}${code(
          'curl',
          `printf 'https://example.com/art/1.png\\n' |
  curl -s '${root}/api/v2/query/urls/?unknown=optOut' -H 'Content-Type: text/plain' --data-binary @-`,
        )}`,
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
