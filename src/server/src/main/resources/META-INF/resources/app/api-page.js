// Shows the contract with Swagger UI, which its own jar serves.
import {t} from './i18n.js';

document.title = `${t('nav.api')} · ${t('brand')}`;
document.getElementById('brand').textContent = t('brand');
document.getElementById('title').textContent = t('nav.api');
document.getElementById('skip').textContent = t('skip');
const show = () =>
  window.SwaggerUIBundle({
    url: '/openapi.yaml',
    dom_id: '#api',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    syntaxHighlight: {activated: false},
  });
if (window.SwaggerUIBundle) show();
else window.addEventListener('load', show);
