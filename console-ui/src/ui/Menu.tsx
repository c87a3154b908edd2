import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button, type ButtonProps } from './Button';
import { Icon, type IconName } from './Icon';

export interface MenuItem {
  text: ComponentChildren;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  selected?: boolean;
  href?: string;
  run?(): void;
}

export interface MenuProps {
  /** The words on the button. */
  button: ComponentChildren;
  label?: string;
  icon?: IconName;
  kind?: ButtonProps['kind'];
  small?: boolean;
  /** `null` draws a line. A function is asked when the menu opens: for menus in long lists. */
  items: (MenuItem | null)[] | (() => (MenuItem | null)[]);
  alignRight?: boolean;
  class?: string;
}

/** A button that opens a list of actions. Arrow keys move, Escape closes. */
export function Menu({ button, label, icon, kind, small, items, alignRight, class: extra }: MenuProps) {
  const [open, setOpen] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  const id = useId();
  // The list lies in the top layer, so that no scrolling or clipping ancestor cuts it.
  useLayoutEffect(() => {
    const list = open ? host.current?.querySelector<HTMLElement>('[popover]') : null;
    if (!list) return;
    list.showPopover();
    const button = host.current!.getBoundingClientRect();
    const size = list.getBoundingClientRect();
    const below = button.bottom + 4 + size.height <= innerHeight - 8;
    list.style.top = `${below ? button.bottom + 4 : Math.max(8, button.top - 4 - size.height)}px`;
    list.style.left = `${Math.min(Math.max(8, alignRight ? button.right - size.width : button.left), innerWidth - size.width - 8)}px`;
  }, [open]);
  useEffect(() => {
    if (!open) return;
    host.current?.querySelector<HTMLElement>('[role^=menuitem]:not([disabled])')?.focus();
    const outside = (event: Event) => host.current?.contains(event.target as Node) || setOpen(false);
    const away = (event: Event) => host.current?.querySelector('[popover]')?.contains(event.target as Node) || setOpen(false);
    addEventListener('pointerdown', outside);
    addEventListener('scroll', away, true);
    addEventListener('resize', away);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('scroll', away, true);
      removeEventListener('resize', away);
    };
  }, [open]);
  const close = () => {
    setOpen(false);
    host.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      event.stopPropagation();
      close();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const entries = [...host.current!.querySelectorAll<HTMLElement>('[role^=menuitem]:not([disabled])')];
    entries[(entries.indexOf(document.activeElement as HTMLElement) + step + entries.length) % entries.length]?.focus();
  };
  return (
    <div ref={host} class={`menu-host ${extra ?? ''}`} onKeyDown={keys} onDblClick={event => event.stopPropagation()}>
      <Button kind={kind} small={small} icon={icon} label={label} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>
        {button}
      </Button>
      {open && (
        <div id={id} role="menu" popover="manual" class="menu">
          {(typeof items === 'function' ? items() : items).map((item, index) =>
            item === null ? (
              <hr key={index} />
            ) : item.href ? (
              <a key={index} role="menuitem" href={item.href} onClick={() => setOpen(false)}>
                {item.icon && <Icon name={item.icon} />}
                <span>{item.text}</span>
              </a>
            ) : (
              <button
                key={index}
                type="button"
                role={item.selected === undefined ? 'menuitem' : 'menuitemradio'}
                aria-checked={item.selected}
                disabled={item.disabled}
                class={item.danger ? 'danger' : undefined}
                onClick={() => {
                  close();
                  item.run?.();
                }}
              >
                {item.icon && <Icon name={item.icon} />}
                <span>{item.text}</span>
                {item.selected && <Icon name="check" />}
              </button>
            ),
          )}
        </div>
      )}
    </div>
  );
}
