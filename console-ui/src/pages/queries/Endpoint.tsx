import { fabric } from '../../core/router';
import { tenant } from '../../core/session';
import { copyText, CopyButton } from '../../ui/CopyButton';
import { Menu } from '../../ui/Menu';
import { toast } from '../../ui/Toast';
import { words } from './messages';
import { type EndpointCall, endpointUrl, snippet, snippetLanguages } from './snippets';
import './endpoint.css';

/** The call of a saved query of this tenant and fabric. */
export const endpointOf = (name: string, bindVars: Record<string, unknown>): EndpointCall => ({ origin: window.location.origin, tenant: tenant.value, fabric: fabric.value, name, bindVars });

/** The call to copy in any of the languages. */
export function CopyAs({ call, alignRight }: { call: EndpointCall; alignRight?: boolean }) {
  return (
    <Menu
      small
      alignRight={alignRight}
      icon="code"
      button={words('copyAs')}
      items={snippetLanguages.map(([language, title]) => ({
        text: title,
        run: () => void copyText(snippet(language, call)).then(copied => copied && toast({ kind: 'note', text: words('copiedAs', { language: title }), milliseconds: 2500 })),
      }))}
    />
  );
}

/** What a saved query is told by: its address, and the call in the language at hand. */
export function EndpointToast({ name, bindVars }: { name: string; bindVars: Record<string, unknown> }) {
  const call = endpointOf(name, bindVars);
  return (
    <div class="endpoint-toast">
      <strong>{words('savedAs', { name })}</strong>
      <code data-endpoint>{endpointUrl(call)}</code>
      <div class="row">
        <CopyButton text={snippet('curl', call)}>{words('copyAsCurl')}</CopyButton>
        <CopyAs call={call} />
      </div>
    </div>
  );
}
