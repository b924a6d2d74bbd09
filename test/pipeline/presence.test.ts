import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Presence } from '../../lib/pipeline/presence.ts';
import { temporaryFolder } from '../helpers/toy.ts';

it('a process is known at once, its file is touched while it goes on, and gone when it ends', async () => {
  const store = temporaryFolder();
  const presence = new Presence(store);
  const file = path.join(store, 'processes', `${presence.token}.json`);
  presence.begin();
  fs.utimesSync(file, 0, 0);
  const touched = (): boolean => fs.statSync(file).mtimeMs > 0;
  expect(touched()).toBe(false);
  await expect.poll(touched, { timeout: 15_000, interval: 100 }).toBe(true);
  fs.utimesSync(file, 0, 0);
  // By a thread: this one does not look up.
  const until = performance.now() + 8000;
  while (!touched() && performance.now() < until);
  expect(touched()).toBe(true);
  await presence.end();
  expect(fs.existsSync(file)).toBe(false);
});
