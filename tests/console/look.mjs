// Takes a picture of a page: node look.mjs /collections out.png [--phone] [--dark] [--out] (signed out) [--click SELECTOR]... [--fill SELECTOR=TEXT]... [--wait MS]
import { desktop, openBrowser, openPage, phone, signIn } from './browser.mjs';
import { serve } from './serve.mjs';

const [address, file, ...options] = process.argv.slice(2);
const has = name => options.includes(name);
const { address: server, stop } = await serve(process.env.URL ?? 'http://127.0.0.1:8760');
const { context, close } = await openBrowser({ viewport: has('--phone') ? phone : desktop, dark: has('--dark') });
const { page, complaints } = await openPage(context, server);
try {
  if (!has('--out')) await signIn(page, server, { password: process.env.PASSWORD ?? 'demo' });
  await page.goto(`${server}/console${address}`);
  await page.waitForTimeout(700);
  for (const [index, option] of options.entries()) {
    const value = options[index + 1];
    if (option === '--click') await page.click(value);
    if (option === '--dblclick') await page.dblclick(value);
    if (option === '--press') await page.keyboard.press(value);
    if (option === '--type') await page.keyboard.type(value);
    if (option === '--fill') await page.fill(value.slice(0, value.lastIndexOf('=')), value.slice(value.lastIndexOf('=') + 1));
    if (option === '--wait') await page.waitForTimeout(Number(value));
  }
  await page.waitForTimeout(500);
  await page.screenshot({ path: file });
  if (complaints.length) console.log(complaints.join('\n'));
} catch (error) {
  await page.screenshot({ path: file });
  console.log(String(error), complaints.join('\n'));
} finally {
  await close();
  stop();
}
