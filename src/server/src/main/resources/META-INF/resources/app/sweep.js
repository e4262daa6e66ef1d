// Rejecting everybody who declares without evidence below a site or a prefix of one's own.
import {html, nothing} from 'lit';
import {call} from './api.js';
import {PageElement} from './element.js';
import {number, t} from './i18n.js';
import {problemText, refusalView, subjectView} from './words.js';
import {reachOptions} from './works.js';

/** Folded at first. It asks before it rejects, and then shows whom it rejected. */
class Sweep extends PageElement {
  static properties = {
    subject: {state: true},
    fault: {state: true},
    rejections: {state: true},
    read: {state: true},
    busy: {state: true},
    refusal: {state: true},
  };

  /** Reads the typed site or prefix. An address means everything on its site, unless its kind is written. */
  async #ask(event) {
    event.preventDefault();
    const text = this.querySelector('#sweep-subject').value.trim();
    this.refusal = null;
    this.fault = text ? null : t('sweep.subject.fault');
    if (!text) return this.querySelector('#sweep-subject').focus();
    try {
      const {
        subjects: [found],
      } = await call('POST', '/v1/subjects/parse', {json: {texts: [text]}});
      if (found.problem) {
        this.fault = problemText(found.problem);
        return this.querySelector('#sweep-subject').focus();
      }
      this.subject = reachOptions(found.subject, found).at(-1)?.subject ?? found.subject;
      await this.updateComplete;
      this.querySelector('dialog').showModal();
    } catch (refusal) {
      this.refusal = refusal;
    }
    return null;
  }

  async #sweep() {
    const reason = this.querySelector('textarea').value.trim();
    this.querySelector('dialog').close();
    this.busy = true;
    this.refusal = null;
    this.read = 0;
    this.rejections = [];
    try {
      let after;
      do {
        const page = await call('POST', '/v1/rejections/below', {
          json: {subject: this.subject, ...(reason ? {reason} : {}), ...(after ? {after} : {})},
        });
        this.rejections = [...this.rejections, ...page.rejections];
        this.read += page.statementsRead;
        after = page.next;
      } while (after && this.isConnected);
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<details>
      <summary>${t('sweep.h')}</summary>
      <form class="stack narrow" novalidate @submit=${this.#ask}>
        <p>${t('sweep.text')}</p>
        <div class="field">
          <label for="sweep-subject">${t('sweep.subject')}</label>
          <span class="hint" id="sweep-subject-hint">${t('sweep.subject.hint')}</span>
          <input
            id="sweep-subject"
            type="text"
            maxlength="4000"
            spellcheck="false"
            autocapitalize="off"
            aria-describedby="sweep-subject-hint sweep-subject-fault"
            aria-invalid=${this.fault ? 'true' : 'false'}
          />
          <span class="error" id="sweep-subject-fault" role=${this.fault ? 'alert' : nothing}>${this.fault ?? ''}</span>
        </div>
        <div class="field">
          <label for="sweep-reason">${t('sweep.reason')}</label>
          <span class="hint" id="sweep-reason-hint">${t('sweep.reason.hint')}</span>
          <textarea id="sweep-reason" rows="2" maxlength="2000" aria-describedby="sweep-reason-hint"></textarea>
        </div>
        <div><button class="button danger" ?disabled=${this.busy}>${t('sweep.do')}</button></div>
        <div role="status">
          ${this.busy
            ? t('sweep.busy', {count: number(this.read ?? 0)})
            : this.rejections && !this.refusal
              ? t(this.rejections.length > 0 ? 'sweep.done' : 'sweep.none', {
                  count: number(this.rejections.length),
                  read: number(this.read),
                })
              : ''}
        </div>
        ${this.rejections?.length
          ? html`<ul class="plain">
              ${this.rejections.map(
                one =>
                  html`<li><a href="/dispute/${one.id}"><bdi class="value">${one.respondent}</bdi></a></li>`,
              )}
            </ul>`
          : nothing}
        ${refusalView(this.refusal)}
      </form>
      <dialog aria-labelledby="sweep-sure">
        <div>
          <h2 id="sweep-sure">${t('sweep.sure')}</h2>
          ${this.subject ? subjectView(this.subject) : nothing}
          <p>${t('sweep.sure.text')}</p>
          <div class="row">
            <button class="button danger" type="button" @click=${this.#sweep}>${t('sweep.do')}</button>
            <button class="button" type="button" @click=${() => this.querySelector('dialog').close()}>
              ${t('cancel')}
            </button>
          </div>
        </div>
      </dialog>
    </details>`;
  }
}
customElements.define('af-sweep', Sweep);
