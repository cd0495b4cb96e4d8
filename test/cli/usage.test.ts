import { describe, expect, test } from 'vitest';
import { version } from '../../package.json';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine } from './fixtures/commandLine';
import { writeExperiment } from './fixtures/experiments';

const mtl = commandLine();

describe('how commands are called', () => {
  test.each([
    [['rnu', 'x'], 'Unknown command "rnu". Did you mean "run"?'],
    [['vlaidate', 'x'], 'Unknown command "vlaidate". Did you mean "validate"?'],
    [
      ['something'],
      'Unknown command "something". Commands: run, validate, list, show, gain, group, agree, matrix, study, stop, pause, resume, predict, export, engine, schema.',
    ],
    [['run'], 'Write what it is for: mtl run <file>. See: mtl run --help'],
    [['show'], 'Write what it is for: mtl show <run>. See: mtl show --help'],
    [['run', 'a', '--enigne', 'cpu'], 'Unknown option --enigne. Did you mean --engine?'],
    [['run', 'a', '--frobnicate'], 'Unknown option --frobnicate. See: mtl run --help'],
    [['list', '-x'], 'Unknown option -x. See: mtl list --help'],
    [['run', 'a', 'b'], '"b" is too much here. See: mtl run --help'],
    [['run', 'a', '--engine'], 'Option --engine needs a value. See: mtl run --help'],
    [['run', 'a', '--engine', 'gpu'], 'Unknown engine "gpu". Use auto, native, wasm or cpu.'],
    [['run', 'a', '--threads', '0'], '"0" is no number of threads. Use auto or a whole number from 1 to 256.'],
    [['run', 'a', '--seed', '-1'], '"-1" is no seed. Use a whole number from 0 to 4294967295.'],
    [['run', 'a', '--seed', 'x'], '"x" is no seed. Use a whole number from 0 to 4294967295.'],
    [['run', 'a', '--seed', '4294967296'], '"4294967296" is no seed. Use a whole number from 0 to 4294967295.'],
    ...['group', 'study less-data'].flatMap((command) => {
      const words = [...command.split(' '), 'a'];
      return [
        ...['1,one', '1,1', '4294967296'].map((seeds) => [
          [...words, '--seeds', seeds],
          `"${seeds}" is no list of seeds. Write different whole numbers from 0 to 4294967295 with commas between: 1,2,3.`,
        ]),
        ...['0', '257'].map((number) => [
          [...words, '--at-once', number],
          `"${number}" is no number of runs. Use a whole number from 1 to 256.`,
        ]),
      ] as [string[], string][];
    }),
    [['run', 'a', '--seed', '1', '--seed', '2'], 'Option --seed is given more than once.'],
    [['--frobnicate'], 'Unknown option --frobnicate. See: mtl --help'],
  ])('%j', async (words, message) => {
    expect(await mtl(words, temporaryFolder())).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
  });

  test.each([[[]], [['--help']], [['-h']]])('%j lists the commands', async (words) => {
    const { code, stdout, stderr } = await mtl(words, temporaryFolder());
    expect([code, stderr]).toEqual([0, '']);
    for (const name of ['run', 'validate', 'list', 'show', 'stop', 'pause', 'resume', 'schema']) {
      expect(stdout).toContain(`mtl ${name}`);
    }
  });

  test.each(['run', 'validate', 'list', 'show', 'stop', 'pause', 'resume', 'schema'])(
    'the help of %s has examples',
    async (name) => {
      const { code, stdout } = await mtl([name, '--help'], temporaryFolder());
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`Examples:\n {2}mtl ${name} `));
    },
  );

  test('--version is that of the package', async () => {
    expect((await mtl(['--version'], temporaryFolder())).stdout).toBe(`${version}\n`);
  });

  test('schema prints a JSON Schema of experiment files', async () => {
    const { code, stdout } = await mtl(['schema'], temporaryFolder());
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ properties: { tasks: {}, training: {} } });
  });

  test('colours only where they are asked for', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder);
    const environment = { MTL_TEST_RUN: '{"epochs":1,"milliseconds":1}' };
    const escape = '\u001b[';
    expect((await mtl(['run', file], folder, environment)).stdout).not.toContain(escape);
    expect((await mtl(['run', file], folder, { ...environment, FORCE_COLOR: '1' })).stdout).toContain(escape);
    const both = { ...environment, FORCE_COLOR: '1', NO_COLOR: '1' };
    expect((await mtl(['run', file], folder, both)).stdout).not.toContain(escape);
  });
});
