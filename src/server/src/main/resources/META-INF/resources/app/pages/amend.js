// The page on which a declaration is changed.
import {html, nothing} from 'lit';
import {call} from '../api.js';
import '../choice.js';
import {FAULT_FIELDS, choiceOf, faults, stancesAndTerms} from '../choice.js';
import {PageElement, navigate, toast} from '../element.js';
import {faultsView, showFaults} from '../faults.js';
import {withFreshProofs} from '../fresh.js';
import {number, t} from '../i18n.js';
import {refusalView, subjectView} from '../words.js';

const creatorsText = work => work?.creators?.join(', ') ?? '';

class AmendPage extends PageElement {
  static properties = {
    declaration: {attribute: true},
    found: {state: true},
    choice: {state: true},
    wrong: {state: true},
    refusal: {state: true},
    busy: {state: true},
  };

  constructor() {
    super();
    this.wrong = {};
  }

  willUpdate(changed) {
    if (changed.has('declaration')) this.#load();
  }

  async #load() {
    try {
      this.found = await call('GET', `/v1/declarations/${this.declaration}`);
      this.choice = choiceOf(this.found);
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #submit(event) {
    event.preventDefault();
    this.wrong = faults(this.choice);
    if (Object.keys(this.wrong).length > 0) {
      await showFaults(this);
      return;
    }
    // An amendment replaces the whole declaration: members that are not repeated here would be lost.
    const kept = Object.fromEntries(
      ['validFrom', 'validTo', 'mandate', 'market']
        .filter(name => this.found[name] !== undefined)
        .map(name => [name, this.found[name]]),
    );
    this.busy = true;
    this.refusal = null;
    try {
      const json = {...this.#named(), ...stancesAndTerms(this.choice), ...kept};
      await withFreshProofs(() => call('PUT', `/v1/declarations/${this.declaration}`, {json}));
      toast(t('amend.done'));
      navigate(`/d/${this.declaration}`);
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  /** The subjects and the work, or the list. */
  #named() {
    const {subjects, repertoire, work} = this.found;
    const title = this.querySelector('#title').value.trim();
    if (repertoire) return title ? {repertoire: {title}} : {};
    if (!title) return {subjects};
    const field = this.querySelector('#creators').value;
    // A name may contain a comma, so an unchanged field keeps its list.
    const creators =
      field === creatorsText(work)
        ? work?.creators ?? []
        : field
            .split(',')
            .map(name => name.trim())
            .filter(Boolean);
    return {
      subjects,
      work: {...(work?.kind ? {kind: work.kind} : {}), title, ...(creators.length > 0 ? {creators} : {})},
    };
  }

  #fields({work, repertoire}) {
    if (repertoire)
      return html`<div class="fields">
        <div class="field">
          <label for="title">${t('repertoire.title')}</label>
          <span class="hint">${t('repertoire.stays', {count: number(repertoire.listedCount)})}</span>
          <input id="title" type="text" maxlength="1000" .value=${repertoire.title ?? ''} />
        </div>
      </div>`;
    return html`<div class="fields">
      <div class="field">
        <label for="title">${t('works.title.optional')}</label>
        <input id="title" type="text" maxlength="1000" .value=${work?.title ?? ''} />
      </div>
      <div class="field">
        <label for="creators">${t('works.creators')}</label>
        <input id="creators" type="text" .value=${creatorsText(work)} />
      </div>
    </div>`;
  }

  render() {
    const {found} = this;
    if (!found)
      return html`<div class="page">
        <h1 tabindex="-1">${t('amend.h1')}</h1>
        ${refusalView(this.refusal)}
      </div>`;
    return html`<form class="page" novalidate @submit=${this.#submit}>
      <div class="intro">
        <h1 tabindex="-1">${t('amend.h1')}</h1>
        <p class="lead">${t('amend.lead')}</p>
      </div>
      ${faultsView(Object.entries(this.wrong).map(([field, text]) => ({id: FAULT_FIELDS[field], text})))}
      ${found.subjects.length > 0 ? html`<div class="stack-s">${found.subjects.map(subjectView)}</div>` : nothing}
      ${this.#fields(found)}
      ${found.mandate
        ? html`<p class="note">${t('amend.mandate')} <span class="value soft">${found.mandate}</span></p>`
        : nothing}
      ${found.market ? html`<p class="note">${t('amend.market')}</p>` : nothing}
      <section class="step" aria-labelledby="may">
        <h2 id="may">${t('declare.may')}</h2>
        <af-choice
          .value=${this.choice}
          .faults=${this.wrong}
          @chosen=${event => (this.choice = event.detail)}
        ></af-choice>
      </section>
      ${refusalView(this.refusal)}
      <div class="row">
        <button class="button primary" ?disabled=${this.busy}>${t('amend.submit')}</button>
        <a class="button" href="/d/${this.declaration}">${t('cancel')}</a>
      </div>
    </form>`;
  }
}
customElements.define('af-amend', AmendPage);
