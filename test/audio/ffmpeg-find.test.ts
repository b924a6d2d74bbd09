import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ffmpegCandidates, ffmpegVersion, findFfmpeg } from '../../lib/audio/ffmpeg-find.ts';

const INSTALLER = '@ffmpeg-installer/ffmpeg, a build of 2018';

/** Programs are shell scripts here, which Windows would not start. */
describe.skipIf(process.platform === 'win32')('finding ffmpeg', () => {
  let root = '';
  beforeEach(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'ffmpeg-find-')));
  });
  afterEach(() => fs.rm(root, { recursive: true }));

  async function put(name: string, text: string, mode = 0o755): Promise<string> {
    const file = path.join(root, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, text, { mode });
    return file;
  }

  function program(name: string, version: string, mode?: number): Promise<string> {
    const line = `ffmpeg version ${version} Copyright (c) 2000-2026 the FFmpeg developers`;
    return put(name, `#!/bin/sh\necho "${line}"\necho "built with gcc"\n`, mode);
  }

  async function staticPackage(): Promise<string> {
    await put('node_modules/ffmpeg-static/package.json', '{"main":"index.js"}');
    const file = path.join(root, 'node_modules/ffmpeg-static/ffmpeg');
    await put(
      'node_modules/ffmpeg-static/index.js',
      `module.exports = require('node:path').join(__dirname, 'ffmpeg');`,
    );
    return file;
  }

  async function installerPackage(): Promise<string> {
    await put('node_modules/@ffmpeg-installer/ffmpeg/package.json', '{"main":"index.js"}');
    await put(
      'node_modules/@ffmpeg-installer/ffmpeg/index.js',
      `const file = require('node:path').join(__dirname, '..', 'here', 'ffmpeg');
       if (!require('node:fs').existsSync(file)) throw 'Could not find ffmpeg executable';
       module.exports = { path: file, version: '4' };`,
    );
    return path.join(root, 'node_modules/@ffmpeg-installer/here/ffmpeg');
  }

  const inStatic = 'node_modules/ffmpeg-static/ffmpeg';
  const inInstaller = 'node_modules/@ffmpeg-installer/here/ffmpeg';

  it('goes by FFMPEG_PATH, ffmpeg-static, the PATH, @ffmpeg-installer, in this order', async () => {
    const asked = await program('asked for/ffmpeg', '1');
    const onPath = await program('bin/ffmpeg', '3');
    const [ofStatic, ofInstaller] = [await staticPackage(), await installerPackage()];
    await program(inStatic, '2');
    await program(inInstaller, '4');
    const env = { FFMPEG_PATH: asked, PATH: path.join(root, 'bin') };
    expect([...ffmpegCandidates(env, root)]).toEqual([
      { source: 'FFMPEG_PATH', path: asked },
      { source: 'ffmpeg-static', path: ofStatic },
      { source: 'the PATH', path: onPath },
      { source: INSTALLER, path: ofInstaller },
    ]);
    expect(await findFfmpeg(env, root)).toEqual({
      path: asked,
      version: '1',
      source: 'FFMPEG_PATH',
    });
    expect((await findFfmpeg({ PATH: env.PATH }, root)).version).toBe('2');
    await fs.rm(ofStatic);
    expect((await findFfmpeg({ PATH: env.PATH }, root)).version).toBe('3');
    expect((await findFfmpeg({ PATH: '' }, root)).version).toBe('4');
  });

  it('passes over a program that does not start', async () => {
    await staticPackage();
    await installerPackage();
    await put(inStatic, 'not a program');
    await program(inInstaller, '4');
    expect((await findFfmpeg({ PATH: root }, root)).version).toBe('4');
  });

  it('passes over one on the PATH that may not be executed, and over relative entries', async () => {
    await program('first/ffmpeg', '1', 0o644);
    const second = await program('second/ffmpeg', '2');
    const entries = ['', '.', path.join(root, 'first'), path.join(root, 'second')];
    const env = { PATH: entries.join(path.delimiter) };
    expect((await findFfmpeg(env, root)).path).toBe(second);
  });

  it('makes the program of @ffmpeg-installer executable where npm left that out', async () => {
    const file = await installerPackage();
    await program(inInstaller, '4', 0o644);
    expect(await findFfmpeg({}, root)).toEqual({ path: file, version: '4', source: INSTALLER });
  });

  it('takes a bare name in FFMPEG_PATH from the PATH', async () => {
    const file = await program('bin/ffmpeg-7', '7');
    const env = { FFMPEG_PATH: 'ffmpeg-7', PATH: path.join(root, 'bin') };
    expect(await findFfmpeg(env, root)).toEqual({
      path: file,
      version: '7',
      source: 'FFMPEG_PATH',
    });
  });

  it('says what it tried: nothing installed', async () => {
    await expect(findFfmpeg({}, root)).rejects.toMatchObject({
      code: 'no-ffmpeg',
      message: `No ffmpeg was found (ffmpeg-static: not installed; the PATH: there is no ffmpeg on the PATH; ${INSTALLER}: not installed). Install ffmpeg, or set FFMPEG_PATH to the program.`,
    });
  });

  it('says what it tried: packages without their programs', async () => {
    await staticPackage();
    await installerPackage();
    await expect(findFfmpeg({}, root)).rejects.toMatchObject({
      message: `No ffmpeg was found (ffmpeg-static: installed without its program; the PATH: there is no ffmpeg on the PATH; ${INSTALLER}: installed without its program). Install ffmpeg, or set FFMPEG_PATH to the program.`,
    });
  });

  it('says what it tried: programs that do not start, or are something else', async () => {
    const ofStatic = await staticPackage();
    const ofInstaller = await installerPackage();
    const other = await put('bin/ffmpeg', '#!/bin/sh\necho hello\n');
    await put(inStatic, '#!/nowhere/interpreter\n');
    await put(inInstaller, '#!/bin/sh\nexit 3\n');
    await expect(findFfmpeg({ PATH: path.dirname(other) }, root)).rejects.toMatchObject({
      message: `No ffmpeg was found (ffmpeg-static: ${ofStatic} does not start (ENOENT); the PATH: ${other} does not answer \`-version\` as ffmpeg does; ${INSTALLER}: ${ofInstaller} does not start (exit status 3)). Install ffmpeg, or set FFMPEG_PATH to the program.`,
    });
  });

  it('never replaces what FFMPEG_PATH asks for: nothing there', async () => {
    await program('bin/ffmpeg', '3');
    const env = { FFMPEG_PATH: '/nowhere/ffmpeg', PATH: path.join(root, 'bin') };
    await expect(findFfmpeg(env, root)).rejects.toMatchObject({
      code: 'ffmpeg-path',
      message:
        'FFMPEG_PATH is "/nowhere/ffmpeg", but there is no such file. Set it to the ffmpeg program, or leave it out to use another one.',
    });
  });

  it('never replaces what FFMPEG_PATH asks for: it does not start', async () => {
    const file = await put('broken', 'garbage', 0o644);
    await expect(findFfmpeg({ FFMPEG_PATH: file }, root)).rejects.toMatchObject({
      code: 'ffmpeg-path',
      message: `FFMPEG_PATH is "${file}", but ${file} does not start (EACCES). Set it to the ffmpeg program, or leave it out to use another one.`,
    });
  });
});

describe('the ffmpeg that npm installed', () => {
  it('is there for whoever has no other, and answers', async () => {
    const found = await findFfmpeg({});
    expect(found.source).toMatch(/^(ffmpeg-static|@ffmpeg-installer\/ffmpeg, a build of 2018)$/);
    expect(await ffmpegVersion(found.path)).toBe(found.version);
    expect(found.version).not.toContain('Copyright');
  });
});
