import './support.css';
import type { PageProps } from '../../app/pages';
import { call } from '../../core/api/client';
import { formatDuration, formatTime } from '../../core/messages';
import { usePlace } from '../../core/place';
import { navigate } from '../../core/router';
import { session } from '../../core/session';
import { Busy } from '../../ui/Busy';
import { LinkButton } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { ErrorBox } from '../../ui/ErrorBox';
import { Tabs } from '../../ui/Tabs';
import { useLoad } from '../../ui/useLoad';
import { licences } from './licences';
import { words } from './messages';

const explorer = '/swagger/index.html';

/** Where the explorer looks for the token: it lives in this tab's storage only, as the session does. */
const tokenKey = 'geofabric.token';

function handTokenOver(): void {
  try {
    sessionStorage.setItem(tokenKey, session.value?.token ?? '');
  } catch {
    // Without storage the token is typed into the explorer by hand; the button copies it.
  }
}

export default function SupportPage({ params: { section = 'api' } }: PageProps) {
  usePlace([{ text: words('title'), path: '/support' }, { text: words(section === 'about' ? 'about' : 'api') }]);
  const selected = section === 'about' ? 'about' : 'api';
  return (
    <div class={selected === 'api' ? 'page full' : 'page'}>
      <div class="page-head">
        <h1>{words('title')}</h1>
      </div>
      <Tabs
        label={words('sections')}
        selected={selected}
        onSelect={id => navigate(id === 'api' ? '/support' : `/support/${id}`)}
        tabs={[
          { id: 'api', title: words('api') },
          { id: 'about', title: words('about') },
        ]}
      />
      {selected === 'api' ? <Api /> : <About />}
    </div>
  );
}

function Api() {
  handTokenOver();
  const { tenant, user, token, expires } = session.value!;
  const login = `curl -X POST '${window.location.origin}/_open/auth' -d '${JSON.stringify({ tenant, username: user, password: 'YOUR PASSWORD' })}'`;
  return (
    <>
      <div class="toolbar">
        <span class="muted">{words('apiText')}</span>
        <div class="row spread">
          <CopyButton small={false} icon="key" text={token}>
            {words('copyToken')}
          </CopyButton>
          <CopyButton small={false} icon="code" text={login}>
            {words('copyCurl')}
          </CopyButton>
          <LinkButton icon="external" href={explorer} target="_blank" rel="opener">
            {words('ownWindow')}
          </LinkButton>
        </div>
      </div>
      <iframe class="explorer" title={words('frame')} src={explorer} />
      {Number.isFinite(expires) && <p class="muted">{words('tokenEnds', { time: formatTime(expires) })}</p>}
    </>
  );
}

function About() {
  const health = useLoad(signal => call('readHealth', { signal }), []);
  if (health.error) return <ErrorBox error={health.error} onRetry={health.reload} />;
  if (!health.value) return <Busy onCancel={health.cancel} />;
  const { version, region, state, uptimeSeconds } = health.value;
  const { tenant, user } = session.value!;
  return (
    <div class="stack">
      <section class="card">
        <h2>{words('server')}</h2>
        <dl class="facts">
          <dt>{words('version')}</dt>
          <dd>{version}</dd>
          <dt>{words('region')}</dt>
          <dd>{region}</dd>
          <dt>{words('state')}</dt>
          <dd>{state}</dd>
          <dt>{words('uptime')}</dt>
          <dd>{formatDuration(uptimeSeconds * 1000)}</dd>
          <dt>{words('tenant')}</dt>
          <dd>{tenant}</dd>
          <dt>{words('user')}</dt>
          <dd>{user}</dd>
        </dl>
        <p class="about-links">
          <a href="/openapi/v1.json" target="_blank" rel="noopener">
            {words('document')}
          </a>
        </p>
        <p class="muted">{words('keys')}</p>
      </section>
      <section class="card">
        <h2>{words('licences')}</h2>
        <p class="muted">{words('licencesText')}</p>
        <ul class="licences">
          {licences.map(([name, licence]) => (
            <li key={name}>
              {name} <span class="badge">{licence}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
