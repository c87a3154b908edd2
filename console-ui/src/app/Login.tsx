import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, call } from '../core/api/client';
import { chooseLanguage, language, languages, type Language } from '../core/messages';
import { recall, remember } from '../core/preferences';
import { session, signIn, signOut } from '../core/session';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { ErrorBox } from '../ui/ErrorBox';
import { Checkbox, Field } from '../ui/Field';
import { Icon } from '../ui/Icon';
import { Environment, loadEnvironment } from './environment';
import { shellWords } from './messages';
import { sendForPage } from './pages';
import { Wordmark } from './Wordmark';

interface Remembered {
  tenant: string;
  user: string;
}

function useLogin() {
  const kept = recall<Remembered>('login', { tenant: '_mm', user: 'root' });
  const [tenant, setTenant] = useState(session.value?.tenant ?? kept.tenant);
  const [user, setUser] = useState(session.value?.user ?? kept.user);
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ text: string } | { error: unknown } | null>(null);
  const passwordInput = useRef<HTMLInputElement | null>(null);

  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await call('logIn', { body: { tenant, username: user, password } });
      remember('login', { tenant, user });
      signIn(answer);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) setProblem({ text: shellWords('wrongPassword', { user, tenant }) });
      else if (error instanceof ApiError && error.status === 429) setProblem({ text: shellWords('tooMany') });
      else setProblem({ error });
      // The names stay as typed; the password is what is most likely wrong, so it is ready to be typed over.
      passwordInput.current?.select();
      passwordInput.current?.focus();
    } finally {
      setBusy(false);
    }
  };
  const noticeCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState?.('CapsLock') ?? false);

  const fields = (
    <>
      <Field label={shellWords('tenant')} value={tenant} onValue={setTenant} name="tenant" autocomplete="organization" autocapitalize="none" spellcheck={false} required />
      <Field label={shellWords('user')} value={user} onValue={setUser} name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required />
      <div onKeyDown={noticeCapsLock} onKeyUp={noticeCapsLock} onFocusCapture={event => (passwordInput.current = event.target as HTMLInputElement)}>
        <Field
          label={shellWords('password')}
          value={password}
          onValue={setPassword}
          name="password"
          type={shown ? 'text' : 'password'}
          autocomplete="current-password"
          required
          data-first
          error={problem && 'text' in problem ? problem.text : undefined}
          hint={capsLock ? <span class="caps-lock">⇪ {shellWords('capsLock')}</span> : undefined}
        />
      </div>
      <Checkbox label={shellWords('showPassword')} checked={shown} onValue={setShown} />
      {problem && 'error' in problem && <ErrorBox error={problem.error} />}
    </>
  );
  return { fields, submit, busy };
}

export function LoginPage() {
  useEffect(() => {
    void loadEnvironment();
    // While somebody types, there is time to fetch the page behind the login.
    const timer = setTimeout(sendForPage, 300);
    return () => clearTimeout(timer);
  }, []);
  const { fields, submit, busy } = useLogin();
  return (
    <div class="login">
      <div class="login-picture" aria-hidden="true">
        <Picture />
        <div class="login-words">
          <p class="login-tagline">{shellWords('tagline')}</p>
          <p>{shellWords('taglineMore')}</p>
        </div>
      </div>
      <main class="login-side">
        <form
          class="login-form"
          onSubmit={event => {
            event.preventDefault();
            void submit();
          }}
        >
          <div class="row">
            <Wordmark />
            <Environment />
          </div>
          <h1>{shellWords('welcome')}</h1>
          {fields}
          <Button kind="primary" type="submit" disabled={busy} class="login-button">
            {busy ? shellWords('loggingIn') : shellWords('logIn')}
          </Button>
          <div class="login-languages">
            {Object.entries(languages).map(([code, name]) => (
              <button key={code} type="button" lang={code} aria-pressed={language.value === code} onClick={() => chooseLanguage(code as Language)}>
                {name}
              </button>
            ))}
          </div>
        </form>
      </main>
    </div>
  );
}

/** Asks for the password again over the page, which stays as it is; what waited for the login goes on afterwards. */
export function LoginAgain() {
  const { fields, submit, busy } = useLogin();
  return (
    <Dialog
      title={shellWords('expiredTitle')}
      onClose={() => undefined}
      onSubmit={() => void submit()}
      actions={
        <>
          <Button onClick={signOut}>
            <Icon name="signOut" />
            {shellWords('signOut')}
          </Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {busy ? shellWords('loggingIn') : shellWords('logIn')}
          </Button>
        </>
      }
    >
      <p>{shellWords('expiredText')}</p>
      {fields}
    </Dialog>
  );
}

// A globe of meridians with regions that exchange changes.
function Picture() {
  const regions: [number, number][] = [
    [118, 168],
    [212, 128],
    [298, 214],
    [176, 292],
    [262, 322],
  ];
  const links: [number, number][] = [
    [0, 1],
    [1, 2],
    [0, 3],
    [3, 4],
    [2, 4],
    [1, 4],
  ];
  return (
    <svg viewBox="0 0 420 440" class="globe">
      <defs>
        <radialGradient id="glow" cx="0.35" cy="0.3" r="0.9">
          <stop offset="0" stop-color="#2bb7ad" stop-opacity="0.55" />
          <stop offset="0.6" stop-color="#0b5f6b" stop-opacity="0.28" />
          <stop offset="1" stop-color="#062a36" stop-opacity="0" />
        </radialGradient>
      </defs>
      <circle cx="210" cy="220" r="176" fill="url(#glow)" />
      <g fill="none" stroke="#8fe3db" stroke-opacity="0.28">
        <circle cx="210" cy="220" r="176" stroke-opacity="0.5" />
        {[44, 92, 138].map(width => (
          <ellipse key={width} cx="210" cy="220" rx={width} ry="176" />
        ))}
        <path d="M210 44v352M34 220h352" />
        {[70, 128].map(rise => (
          <path key={rise} d={`M${210 - Math.sqrt(176 ** 2 - rise ** 2)} ${220 - rise}H${210 + Math.sqrt(176 ** 2 - rise ** 2)}M${210 - Math.sqrt(176 ** 2 - rise ** 2)} ${220 + rise}H${210 + Math.sqrt(176 ** 2 - rise ** 2)}`} />
        ))}
      </g>
      <g fill="none" stroke="#ffd166" stroke-width="1.6" stroke-linecap="round">
        {links.map(([from, to]) => {
          const [x1, y1] = regions[from];
          const [x2, y2] = regions[to];
          return <path key={`${from}-${to}`} class="globe-link" d={`M${x1} ${y1}Q${(x1 + x2) / 2} ${Math.min(y1, y2) - 34} ${x2} ${y2}`} />;
        })}
      </g>
      {regions.map(([x, y], index) => (
        <g key={index}>
          <circle cx={x} cy={y} r="11" fill="#ffd166" fill-opacity="0.18" />
          <circle cx={x} cy={y} r="4.500" fill="#ffd166" />
        </g>
      ))}
    </svg>
  );
}
