import { ApiError, Unreachable } from '../core/api/client';
import { CopyButton } from './CopyButton';
import { Icon } from './Icon';
import { Button } from './Button';
import { words } from './messages';

/** What an error says to a person: a title, what to do, and the numbers to report it by. */
export function explain(error: unknown): { title: string; advice: string; numbers: string } {
  if (error instanceof ApiError) {
    const advice = error.status === 403 ? words('adviceForbidden') : error.status === 409 || error.status === 412 ? words('adviceConflict') : error.status === 429 || error.status === 503 ? words('adviceBusy') : '';
    return { title: error.message, advice, numbers: [`HTTP ${error.status}`, words('errorNumber', { number: String(error.errorNum) }), error.requestId && words('requestNumber', { id: error.requestId })].filter(Boolean).join(' · ') };
  }
  if (error instanceof Unreachable) return { title: error.message, advice: words('adviceUnreachable'), numbers: '' };
  return { title: error instanceof Error ? error.message : String(error), advice: '', numbers: '' };
}

/** An error in its place on a page: what went wrong, what to do, its number, Copy and Retry. */
export function ErrorBox({ error, onRetry }: { error: unknown; onRetry?(): void }) {
  const { title, advice, numbers } = explain(error);
  return (
    <div class="error-box" role="alert">
      <Icon name="warning" size={18} />
      <div>
        <strong>{title}</strong>
        {advice && <div>{advice}</div>}
        {numbers && <div class="numbers">{numbers}</div>}
      </div>
      <div class="row">
        {onRetry && (
          <Button small icon="refresh" onClick={onRetry}>
            {words('retry')}
          </Button>
        )}
        <CopyButton text={[title, numbers].filter(Boolean).join('\n')} />
      </div>
    </div>
  );
}
