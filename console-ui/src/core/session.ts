import { computed, signal } from '@preact/signals';

/** Who is signed in. It lives in this tab only: in memory and in sessionStorage, never in an address or in localStorage. */
export interface Session {
  tenant: string;
  user: string;
  token: string;
  /** When the token ends, in milliseconds since 1970. */
  expires: number;
}

const storageKey = 'geofabric.session';

export const session = signal<Session | null>(restore());
/** True while the server refuses the session's token: the page stays and the login is asked for in place. */
export const expired = signal(false);
export const tenant = computed(() => session.value?.tenant ?? '_mm');

export function signIn(answer: { jwt: string; tenant: string; username: string }): void {
  const next: Session = { tenant: answer.tenant, user: answer.username, token: answer.jwt, expires: expiryOf(answer.jwt) };
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(next));
  } catch {
    // Without storage the session ends with a reload.
  }
  session.value = next;
  expired.value = false;
}

export function signOut(): void {
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // Nothing was stored.
  }
  session.value = null;
  expired.value = false;
}

/** When a token ends, by its own claim; a token without one is taken to last. */
export function expiryOf(token: string): number {
  try {
    const claims = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: number };
    return claims.exp ? claims.exp * 1000 : Infinity;
  } catch {
    return Infinity;
  }
}

function restore(): Session | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as Session | null;
    return kept && (kept.expires ?? Infinity) > Date.now() ? { ...kept, expires: kept.expires ?? Infinity } : null;
  } catch {
    return null;
  }
}
