import {html, nothing, svg} from 'lit';
import {call, send} from '../api.js';
import {keepDraft, storedDraft} from '../draft.js';
import {PageElement, navigate} from '../element.js';
import {date, number, rich, t} from '../i18n.js';
import '../strip.js';
import {VERDICTS} from '../vocabulary.js';

/** The test subject with that answer. Every registry answers it (docs/sandbox.md). */
const EXAMPLE = verdict => `url:https://${verdict}.askfirst.example/`;
const REFRESH_MILLIS = 15_000;
const WIDE = 600;
const HIGH = 120;

class HomePage extends PageElement {
  static properties = {statistics: {state: true}, checkpoint: {state: true}, unfolded: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.#load();
    this.timer = setInterval(() => document.visibilityState === 'visible' && this.#load(), REFRESH_MILLIS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  async #load() {
    try {
      const [statistics, checkpoint] = await Promise.all([
        call('GET', '/v1/statistics', {key: null}),
        send('GET', '/log/checkpoint', {accept: 'text/plain', key: null}).then(response => response.text()),
      ]);
      this.statistics = statistics;
      this.checkpoint = {size: Number(checkpoint.split('\n')[1])};
    } catch {
      /* The page works without them, and asks again. */
    }
  }

  /** Takes the text to the form, which reads it. The address does not show it. */
  #start(event) {
    event.preventDefault();
    const typed = this.querySelector('#start').value.trim();
    if (typed) {
      const draft = storedDraft();
      keepDraft({...(draft ?? {}), items: draft?.items ?? [], typed, isAsked: true});
    }
    navigate('/declare');
  }

  render() {
    return html`<div class="page">
      <div class="hero">
        <div class="intro">
          <h1 tabindex="-1" class="display">${t('home.h1')}</h1>
          <p class="lead">${t('home.lead')}</p>
        </div>
        <af-strip subject=${EXAMPLE('ask')} to=${t('home.example')}></af-strip>
      </div>
      <form class="start" novalidate @submit=${this.#start}>
        <div class="field">
          <label for="start">${t('works.typed')}</label>
          <input id="start" type="text" autocomplete="off" autocapitalize="off" enterkeyhint="go" />
        </div>
        <div class="row">
          <button class="button primary">${t('home.declare')}</button>
          <a class="button" href="/check">${t('home.check')}</a>
        </div>
      </form>
      <div class="stack-s">
        <details @toggle=${event => (this.unfolded = event.target.open)}>
          <summary>${t('home.how')}</summary>
          <div class="fields">
            ${['one', 'two', 'three'].map(
              part =>
                html`<div class="stack-s">
                  <h2>${t(`home.how.${part}`)}</h2>
                  <p class="soft">${t(`home.how.${part}.text`)}</p>
                </div>`,
            )}
          </div>
          <h2>${t('home.silence')}</h2>
          ${this.unfolded ? this.#examples() : nothing}
        </details>
      </div>
      <section class="step" aria-labelledby="now">
        <h2 id="now">${t('home.now')}</h2>
        ${this.#statistics()}
      </section>
      <p>${rich('home.society', {link: html`<a href="/bulk">${t('nav.bulk')}</a>`})}</p>
    </div>`;
  }

  #examples() {
    return html`<div class="stack">
      <div class="strips">
        ${VERDICTS.map(
          verdict =>
            html`<af-strip
              subject=${EXAMPLE(verdict)}
              to=${t('home.example')}
              note=${t(`check.why.${verdict}`)}
            ></af-strip>`,
        )}
      </div>
      <p class="hint">${t('home.examples')}</p>
    </div>`;
  }

  #statistics() {
    const {statistics, checkpoint} = this;
    const value = one => (one === undefined ? '–' : number(one));
    return html`<dl class="figures">
        <div>
          <dt>${t('home.declarations')}</dt>
          <dd>${value(statistics?.declarations)}</dd>
        </div>
        <div>
          <dt>${t('home.lookups')}</dt>
          <dd>${value(statistics?.lookupCallsToday)}</dd>
        </div>
        <div>
          <dt>${t('home.checkpoint')}</dt>
          <dd>${value(checkpoint?.size)}</dd>
        </div>
      </dl>
      ${statistics && statistics.dailyTotals.length > 1 ? this.#growth(statistics.dailyTotals) : nothing}`;
  }

  #growth(dailyTotals) {
    const day = 86_400_000;
    const end = Date.parse(new Date().toISOString().slice(0, 10));
    const start = Math.min(Date.parse(dailyTotals[0].day), end - 6 * day);
    const most = dailyTotals.at(-1).declarations || 1;
    const x = when => ((Date.parse(when) - start) / Math.max(end - start, day)) * WIDE;
    const y = count => HIGH - (count / most) * (HIGH - 6);
    let path = `M0 ${y(0)}`;
    for (const one of dailyTotals) path += `H${x(one.day).toFixed(1)}V${y(one.declarations).toFixed(1)}`;
    path += `H${WIDE}`;
    return html`<figure>
      <svg
        class="chart"
        viewBox="0 0 ${WIDE} ${HIGH}"
        preserveAspectRatio="none"
        role="img"
        aria-label=${t('home.growth.label', {from: date(start), to: date(end), count: number(most)})}
      >
        ${svg`<path class="area" d="${path}V${HIGH}H0Z" />
          <path class="curve" d=${path} />
          <path class="axis" d="M0 ${HIGH}H${WIDE}" />`}
      </svg>
      <figcaption><span>${date(start)}</span><span>${t('home.growth')}</span><span>${date(end)}</span></figcaption>
    </figure>`;
  }
}
customElements.define('af-home', HomePage);
