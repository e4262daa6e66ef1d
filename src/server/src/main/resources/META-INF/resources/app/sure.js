// Asks before something is lost or becomes binding.
import {html, nothing} from 'lit';
import {PageElement} from './element.js';
import {t} from './i18n.js';

/**
 * A dialog: `await sure.ask({title, detail, text, button, danger, message, day})`. It answers null if the person
 * cancels, and otherwise the texts of its fields. `message` and `day` are labels; without one, the dialog lacks the
 * field.
 */
class Sure extends PageElement {
  static properties = {question: {state: true}};

  async ask(question) {
    this.question = question;
    await this.updateComplete;
    const dialog = this.querySelector('dialog');
    dialog.querySelector('form').reset();
    dialog.showModal();
    return new Promise(resolve => {
      this.resolve = resolve;
    });
  }

  #answer(answer) {
    const {resolve} = this;
    this.resolve = null;
    this.querySelector('dialog').close();
    resolve?.(answer);
  }

  #agree(event) {
    event.preventDefault();
    const {message, day} = event.target.elements;
    this.#answer({message: message?.value.trim() ?? '', day: day?.value ?? ''});
  }

  render() {
    const {question} = this;
    if (!question) return nothing;
    return html`<dialog aria-labelledby="sure-title" aria-describedby="sure-text" @close=${() => this.#answer(null)}>
      <form @submit=${this.#agree}>
        <h2 id="sure-title">${question.title}</h2>
        ${question.detail ? html`<p class="strong">${question.detail}</p>` : nothing}
        <p id="sure-text">${question.text}</p>
        ${question.day
          ? html`<div class="field">
              <label for="sure-day">${question.day}</label>
              <input id="sure-day" name="day" type="date" min=${question.earliest ?? nothing} />
            </div>`
          : nothing}
        ${question.message
          ? html`<div class="field">
              <label for="sure-message">${question.message}</label>
              <textarea id="sure-message" name="message" rows="4" maxlength="10000"></textarea>
            </div>`
          : nothing}
        <div class="row">
          <button class="button ${question.danger ? 'danger' : 'primary'}">${question.button}</button>
          <button class="button" type="button" @click=${() => this.#answer(null)}>${t('cancel')}</button>
        </div>
      </form>
    </dialog>`;
  }
}
customElements.define('af-sure', Sure);
