import './style/shared.css';
import { render } from 'preact';
import { App } from './app/App';
import { signInByCode } from './app/handover';
import { startCatalogue } from './core/catalogue';
import { chooseLanguage, language } from './core/messages';
import { startTitle } from './core/place';
import { startRouter } from './core/router';
import { startShortcuts } from './core/shortcuts';
import { startTheme } from './core/theme';

startTheme();
startRouter();
startShortcuts();
startTitle();
startCatalogue();
chooseLanguage(language.value);
// A console that was opened from another region brings a code for one login.
void signInByCode().then(() => {
  const app = document.getElementById('app')!;
  app.replaceChildren();
  render(<App />, app);
});
