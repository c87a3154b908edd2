import './style/shared.css';
import { render } from 'preact';
import { App } from './app/App';
import { signInByCode } from './app/handover';
import { sendForPage } from './app/pages';
import { startCatalogue } from './core/catalogue';
import { chooseLanguage, language } from './core/messages';
import { startTitle } from './core/place';
import { startRouter } from './core/router';
import { session } from './core/session';
import { startShortcuts } from './core/shortcuts';
import { startTheme } from './core/theme';

startTheme();
startRouter();
startShortcuts();
startTitle();
startCatalogue();
chooseLanguage(language.value);
// The page is on its way while the frame around it is drawn.
if (session.value) sendForPage();
// A console that was opened from another region brings a code for one login.
void signInByCode().then(() => {
  const app = document.getElementById('app')!;
  app.replaceChildren();
  render(<App />, app);
});
