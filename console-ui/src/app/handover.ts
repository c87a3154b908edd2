import { call } from '../core/api/client';
import { changeHash, location } from '../core/router';
import { signIn } from '../core/session';

/** Signs in by the one-time code another region's console put into the address; a used or old code leads to the login. */
export async function signInByCode(): Promise<void> {
  const code = new URLSearchParams(location.value.hash).get('code');
  if (!code) return;
  // The code leaves the address at once, so that it is in no history.
  changeHash('');
  try {
    signIn(await call('authenticateByCode', { body: { code }, timeoutMilliseconds: 10_000 }));
  } catch {
    // The login page says what to do.
  }
}
