// A person without a mouse: presses keys, looks where the focus is, and complains when it cannot be seen.
import assert from 'node:assert/strict';

/** What has the focus, in the page or in a frame of it: its role, its name, and whether a sighted person can tell. */
const focused = page =>
  page.evaluate(() => {
    let frame = window;
    while (frame.document.activeElement?.tagName === 'IFRAME') frame = frame.document.activeElement.contentWindow;
    const element = frame.document.activeElement;
    if (!element || element === frame.document.body) return { role: '', name: '', isMarked: true };
    const marks = one => {
      const style = frame.getComputedStyle(one);
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    };
    const pin = element.querySelector?.('.map-target');
    const box = element.getBoundingClientRect();
    const text = element.getAttribute('aria-label') ?? (element.labels?.[0] ?? element).innerText ?? element.textContent ?? '';
    return {
      role: element.getAttribute('role') ?? element.tagName.toLowerCase(),
      // The explorer's buttons that open a section are told apart by the section alone.
      name: text.replace(/\s+/g, ' ').trim() || (element.closest('[data-tag]')?.dataset.tag ?? ''),
      kind: element.className,
      isEditor: element.classList.contains('cm-content'),
      // The editor shows its cursor, a pin its ring.
      isMarked: (marks(element) || element.classList.contains('cm-content') || (pin && frame.getComputedStyle(pin).stroke !== 'none')) && box.width > 0 && box.height > 0,
    };
  });

export const keysOf = page => {
  const isNamed = (here, name) => (typeof name === 'string' ? here.name === name : name.test(here.name));
  /** Presses a key (Tab) until something of that name has the focus; every stop on the way has to be visible. */
  const reach = async (name, { key = 'Tab', role, isEditor = false, most = 120 } = {}) => {
    const met = [];
    for (let presses = 0; presses <= most; presses++) {
      let here = await focused(page);
      // What unfolds as it gets the focus is there a moment later.
      for (let waited = 0; !here.isMarked && waited < 1000; waited += 100) {
        await page.waitForTimeout(100);
        here = await focused(page);
      }
      assert.ok(here.isMarked, `the focus on ${here.role} "${here.name}" (${here.kind}) cannot be seen`);
      if (isNamed(here, name) && (!role || here.role === role) && here.isEditor === isEditor) return;
      assert.ok(!here.isEditor, 'an editor keeps Tab to itself: leave it first');
      met.push(`${here.role} "${here.name.slice(0, 40)}"`);
      await page.keyboard.press(key);
    }
    assert.fail(`${key} does not reach ${role ?? ''} ${name}; it met ${[...new Set(met)].join(', ')}`);
  };
  return {
    reach,
    /** Goes to something and presses Enter on it. */
    enter: async (name, options) => {
      await reach(name, options);
      await page.keyboard.press('Enter');
    },
    /** Goes to a field and types over what is in it. */
    fill: async (name, text, options) => {
      await reach(name, options);
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(text);
    },
    /** Waits until the editor has taken the focus by itself. */
    editor: () => page.waitForFunction(() => document.activeElement?.classList.contains('cm-content')),
    /** Presses Tab until it is in the editor. */
    reachEditor: () => reach(/.*/, { role: 'textbox', isEditor: true }),
    leaveEditor: async (key = 'Tab') => {
      // Behind a dialog that closes, nothing has the focus for a moment, and then the editor has it again.
      await page.waitForFunction(() => document.activeElement && document.activeElement !== document.body);
      // The editor waits two seconds for the Tab after Escape, and a busy machine may take longer; then the pair is pressed again.
      for (let tries = 0; tries < 5 && (await focused(page)).isEditor; tries++) {
        await page.keyboard.press('Escape');
        await page.keyboard.press(key);
      }
      // Between two elements nothing may have the focus.
      assert.ok(!(await focused(page)).isEditor, `${key} leaves the editor after Escape`);
    },
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
  };
};
