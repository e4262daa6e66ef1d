import {html, nothing, svg} from 'lit';
import {call, send} from '../api.js';
import {PageElement} from '../element.js';
import {date, number, rich, t} from '../i18n.js';
import {VERDICTS} from '../vocabulary.js';
import {verdictView} from '../words.js';

const REFRESH_MILLIS = 15_000;
const WIDE = 600;
const HIGH = 120;

class HomePage extends PageElement {
  static properties = {statistics: {state: true}, checkpoint: {state: true}};

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
      const [origin, size, root] = checkpoint.split('\n');
      this.checkpoint = {origin, size: Number(size), root};
    } catch {
      /* The page works without them, and asks again. */
    }
  }

  render() {
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1" class="display">${t('home.h1')}</h1>
        <p class="lead">${t('home.lead')}</p>
      </div>
      <div class="doors">
        <a class="door first" href="/declare">
          <span class="title">${t('home.declare')}</span>
          <span class="soft">${t('home.declare.text')}</span></a
        >
        <a class="door" href="/check">
          <span class="title">${t('home.check')}</span>
          <span class="soft">${t('home.check.text')}</span></a
        >
      </div>
      <section class="step" aria-labelledby="how">
        <h2 id="how">${t('home.how')}</h2>
        <div class="fields">
          ${['one', 'two', 'three'].map(
            part =>
              html`<div class="stack-s">
                <h3>${t(`home.how.${part}`)}</h3>
                <p class="soft">${t(`home.how.${part}.text`)}</p>
              </div>`,
          )}
        </div>
        <p>${rich('home.society', {link: html`<a href="/bulk">${t('nav.bulk')}</a>`})}</p>
      </section>
      <section class="step" aria-labelledby="silence">
        <h2 id="silence">${t('home.silence')}</h2>
        <dl class="pairs verdicts">
          ${VERDICTS.map(
            verdict =>
              html`<div>
                <dt>${verdictView(verdict)}</dt>
                <dd class="soft">${t(`check.why.${verdict}`)}</dd>
              </div>`,
          )}
        </dl>
      </section>
      <section class="step" aria-labelledby="now">
        <h2 id="now">${t('home.now')}</h2>
        ${this.#statistics()}
      </section>
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
          <dd class="small soft value">${checkpoint ? checkpoint.root.slice(0, 12) : ''}${checkpoint ? '…' : ''}</dd>
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
