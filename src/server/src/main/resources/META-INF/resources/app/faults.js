// The summary of what a person has to mend in a form: it takes the focus, and each line leads to its place.
import {html, nothing} from 'lit';
import {t} from './i18n.js';

/** Shows the faults, each an id of a field and a sentence. */
export const faultsView = faults =>
  faults?.length
    ? html`<div class="note bad summary" role="alert" tabindex="-1" aria-labelledby="faults">
        <h2 id="faults">${t('faults.h2')}</h2>
        <ul class="plain">
          ${faults.map(
            ({id, text}) =>
              html`<li>
                <a
                  href="#${id}"
                  @click=${event => {
                    event.preventDefault();
                    const place = document.getElementById(id);
                    place?.scrollIntoView({block: 'center'});
                    place?.focus({preventScroll: true});
                  }}
                  >${text}</a
                >
              </li>`,
          )}
        </ul>
      </div>`
    : nothing;

/** Focuses the summary, so that a person sees it and hears it. */
export async function showFaults(element) {
  await element.updateComplete;
  const summary = element.querySelector('.summary');
  summary?.scrollIntoView({block: 'start'});
  summary?.focus({preventScroll: true});
}
