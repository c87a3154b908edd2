import { signal } from '@preact/signals';

const narrowQuery = matchMedia('(max-width: 759px)');

/** True where the page is one column: phones. */
export const isPhone = signal(narrowQuery.matches);
narrowQuery.addEventListener('change', event => (isPhone.value = event.matches));
