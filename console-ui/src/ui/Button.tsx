import type { AllHTMLAttributes, ComponentChildren, JSX, Ref } from 'preact';
import { Icon, type IconName } from './Icon';

export interface ButtonProps extends Omit<AllHTMLAttributes<HTMLButtonElement>, 'icon' | 'label' | 'ref' | 'size' | 'role' | 'type' | 'kind'> {
  /** `primary` is the one thing a page is for; `danger` destroys; `quiet` has no frame. */
  kind?: 'primary' | 'danger' | 'quiet' | 'plain';
  icon?: IconName;
  /** A button of an icon alone needs its name here. */
  label?: string;
  small?: boolean;
  type?: 'button' | 'submit';
  buttonRef?: Ref<HTMLButtonElement>;
  children?: ComponentChildren;
}

export function Button({ kind = 'plain', icon, label, small, children, buttonRef, class: extra, ...rest }: ButtonProps) {
  const classes = ['button', kind, small && 'small', !children && 'icon-only', extra].filter(Boolean).join(' ');
  return (
    <button type="button" ref={buttonRef} class={classes} aria-label={label} title={label} {...(rest as JSX.IntrinsicElements['button'])}>
      {icon && <Icon name={icon} size={small ? 14 : 16} />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function LinkButton({ href, kind = 'plain', icon, children, ...rest }: Omit<AllHTMLAttributes<HTMLAnchorElement>, 'icon' | 'role' | 'href' | 'kind'> & { href: string; kind?: ButtonProps['kind']; icon?: IconName }) {
  return (
    <a class={`button ${kind}`} href={href} {...(rest as object)}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}
