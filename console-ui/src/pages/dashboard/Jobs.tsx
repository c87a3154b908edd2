import { useState } from 'preact/hooks';
import type { Job } from '../../core/api/answers';
import { call, curlOf } from '../../core/api/client';
import { useLive } from '../../core/live/useLive';
import { formatBytes, formatDuration, formatNumber, formatTime } from '../../core/messages';
import { fabric, href } from '../../core/router';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { ErrorBox } from '../../ui/ErrorBox';
import { words as common } from '../../ui/messages';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast } from '../../ui/Toast';
import { words } from './messages';

const shown = 8;

/** What goes on in the background of the fabric, or for long. */
export function Jobs() {
  const live = useLive(signal => call('listJobs', { signal, timeoutMilliseconds: 10_000 }), 1000, [fabric.value]);
  const [cancelling, setCancelling] = useState<Job | null>(null);
  const jobs = live.value?.result;
  return (
    <section class="card" data-card="jobs">
      <h2>{words('jobs')}</h2>
      {live.error !== null && <ErrorBox error={live.error} />}
      {jobs?.length === 0 && <p class="hint">{words('noJobs')}</p>}
      {jobs !== undefined && jobs.length > 0 && (
        <ul class="jobs">
          {jobs.slice(0, shown).map(job => (
            <li key={job.id}>
              <div class="job-head">
                <strong>{nameOf(job)}</strong>
                {job.collection !== null && <a href={href(`/collections/${encodeURIComponent(job.collection)}`)}>{job.collection}</a>}
                {job.canCancel && (
                  <Button small class="spread" icon="stop" aria-label={words('cancelJob', { job: nameOf(job) })} onClick={() => setCancelling(job)}>
                    {common('cancel')}
                  </Button>
                )}
              </div>
              {job.share !== null && (
                <div class="progress" role="progressbar" aria-label={nameOf(job)} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(job.share * 100)}>
                  <div style={{ width: `${job.share * 100}%` }} />
                </div>
              )}
              <span class="hint numbers">{[progressOf(job), leftOf(job, live.at ?? 0), words('since', { time: formatTime(job.started) })].filter(Boolean).join(' · ')}</span>
            </li>
          ))}
        </ul>
      )}
      {jobs !== undefined && jobs.length > shown && <p class="hint">{words('moreJobs', { count: jobs.length - shown })}</p>}
      {cancelling && (
        <Confirm
          title={words('cancelJob', { job: nameOf(cancelling) })}
          action={words('cancelJobAction')}
          onClose={() => setCancelling(null)}
          onConfirm={async () => {
            await call('cancelJob', { path: { id: cancelling.id } });
            toast(words('jobCancelled', { job: nameOf(cancelling) }));
            live.reload();
          }}
        >
          <p>{words(cancelling.kind === 'indexBuild' ? 'cancelIndexBuild' : cancelling.kind === 'import' ? 'cancelImport' : 'cancelOther')}</p>
          <ShowCalls curl={curlOf('cancelJob', { path: { id: cancelling.id } })} />
        </Confirm>
      )}
    </section>
  );
}

const nameOf = (job: Job) => words(job.kind, { name: job.subject ?? '' });

function progressOf({ done, total, unit, share }: Job): string {
  if (unit === 'bytes') return formatBytes(done);
  if (total !== null) return words('doneOf', { done, total, unit: words(`${unit}Unit`) });
  if (done === 0 && share === null) return '';
  const text = words('done', { done, unit: words(`${unit}Unit`) });
  return share === null ? text : `${formatNumber(share, { style: 'percent' })} · ${text}`;
}

/** The time left at the pace so far, once there is a pace to speak of. */
function leftOf({ share, started }: Job, now: number): string {
  const elapsed = now - Date.parse(started);
  return share === null || share < 0.02 || share >= 1 || elapsed < 2000 ? '' : words('jobLeft', { time: formatDuration(Math.ceil(((elapsed / share) * (1 - share)) / 1000) * 1000) });
}
