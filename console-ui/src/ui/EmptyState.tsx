import type { ComponentChildren } from 'preact';
import { CodeBlock } from './CopyButton';
import { Icon, type IconName } from './Icon';

/** Says what a thing is where there is none yet, with one button and one line to copy. */
export function EmptyState({ icon, title, children, action, code }: { icon: IconName; title: string; children?: ComponentChildren; action?: ComponentChildren; code?: string }) {
  return (
    <div class="empty-state">
      <div class="empty-icon">
        <Icon name={icon} size={28} />
      </div>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div class="row centred">{action}</div>}
      {code && <CodeBlock text={code} />}
    </div>
  );
}
