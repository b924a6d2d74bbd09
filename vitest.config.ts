import { configDefaults, defineConfig } from 'vitest/config';

/** Tests on the real corpus run only where RAVDESS_DIR names it; without it they are not even listed. */
const withoutRavdess = process.env['RAVDESS_DIR'] === undefined ? ['test/ravdess/**'] : [];

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...withoutRavdess],
    // Processes, since TF.js and ffmpeg are driven from processes in the product too.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['default'],
  },
});
