import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { feedRuns } from '../../src/host/panels/feed';
import { exportName, parseFromWebview, parsePanelState } from '../../src/host/panels/fromWebview';
import { panelPage } from '../../src/host/panels/page';
import {
  defaultSelection,
  followsNewRuns,
  newestStart,
  selectionAfterStart,
  type SelectableRun,
} from '../../src/host/panels/selection';
import type { RunEvent } from '../../src/runs/events';
import { openJournal } from '../../src/runs/journal';
import { createRunFolder, type StoredRun } from '../../src/runs/store';

function run(id: string, file: string, group: string, created: number): SelectableRun {
  return { id, file, group, created };
}

const old = run('old', '/a', 'g1', 1);
const first = run('first', '/a', 'g2', 2);
const second = run('second', '/a', 'g2', 3);
const other = run('other', '/b', 'g3', 4);
const runs = [other, second, first, old];

describe('which runs a panel shows', () => {
  test.each([
    [[], true],
    [['gone'], true],
    [['second'], true],
    [['second', 'first'], true],
    [['first'], false],
    [['old'], false],
    [['second', 'old'], false],
    [['second', 'other'], false],
  ])('%j follows new runs: %s', (ids, follows) => expect(followsNewRuns(ids, runs)).toBe(follows));

  test.each([
    ['nothing', [], ['new']],
    ['the newest run of the experiment', ['second', 'first'], ['new']],
    ['an older run, picked by hand', ['old'], ['old']],
    ['another experiment', ['other'], ['other']],
  ])('a new start takes over a panel that showed %s', (_, shown, expected) => {
    expect(selectionAfterStart(shown, run('new', '/a', 'g4', 5), runs)).toEqual(expected);
  });

  test('a further replicate joins those before it', () => {
    const third = run('third', '/a', 'g2', 5);
    expect(selectionAfterStart(['second', 'first'], third, runs)).toEqual(['third', 'second', 'first']);
    expect(selectionAfterStart(['second'], third, runs)).toEqual(['third', 'second', 'first']);
    expect(selectionAfterStart(['third'], third, runs)).toEqual(['third']);
  });

  test('baselines give way to the runs that are compared with them', () => {
    const baseline = (id: string, created: number): SelectableRun => ({
      ...run(id, '/a', 'g5', created),
      role: 'baseline',
    });
    const known: SelectableRun[] = [...runs];
    let shown: readonly string[] = ['second', 'first'];
    const steps: (readonly [SelectableRun, readonly string[]])[] = [
      [baseline('alone 1', 5), ['alone 1']],
      [run('shared 1', '/a', 'g5', 6), ['shared 1']],
      [baseline('alone 2', 7), ['shared 1']],
      [run('shared 2', '/a', 'g5', 8), ['shared 2', 'shared 1']],
    ];
    for (const [started, expected] of steps) {
      shown = selectionAfterStart(shown, started, known);
      known.push(started);
      expect(shown).toEqual(expected);
    }
    expect(newestStart(known, '/a')).toEqual(['shared 2', 'shared 1']);
    // A baseline that was picked by hand stays.
    const next = run('shared 3', '/a', 'g5', 9);
    expect(selectionAfterStart(['shared 2', 'alone 2'], next, known)).toEqual(['shared 2', 'alone 2']);
  });

  test('a panel opens with the newest start of the file at hand, or of all', () => {
    expect(defaultSelection(runs, '/a')).toEqual(['second', 'first']);
    expect(defaultSelection(runs, '/never run')).toEqual(['other']);
    expect(defaultSelection(runs, undefined)).toEqual(['other']);
    expect(defaultSelection([], '/a')).toEqual([]);
    expect(newestStart(runs, '/never run')).toEqual([]);
  });
});

describe('what a webview says', () => {
  test.each([
    { type: 'ready' },
    { type: 'select', ids: ['a', 'b'] },
    { type: 'request', id: 'a', request: 'pause' },
    { type: 'open', target: 'log', id: 'a' },
    { type: 'runExperiment' },
    { type: 'export', name: 'curves.csv', format: 'csv', content: 'a,b' },
  ])('$type is known', (message) => expect(parseFromWebview(message)).toEqual(message));

  test.each([
    undefined,
    null,
    'ready',
    [],
    {},
    { type: 'delete' },
    { type: 'select', ids: 'a' },
    { type: 'select', ids: [1] },
    { type: 'request', id: 'a', request: 'kill' },
    { type: 'open', target: '/etc/passwd', id: 'a' },
    { type: 'export', name: 'x', format: 'exe', content: '' },
  ])('%j is ignored', (message) => expect(parseFromWebview(message)).toBeUndefined());

  test.each([
    [{ ids: ['a'] }, ['a']],
    [{ ids: ['a'], zoom: 2 }, ['a']],
    [undefined, []],
    [{ ids: [1] }, []],
    ['a', []],
  ])('the state %j stands for %j', (state, ids) => expect(parsePanelState(state)).toEqual(ids));

  test.each([
    ['curves.csv', 'csv', 'curves.csv'],
    ['curves', 'png', 'curves.png'],
    ['../../etc/passwd', 'svg', 'etc-passwd.svg'],
    ['<b>"x"</b> 🙂', 'csv', 'b-x-b.csv'],
    ['Größe 1', 'csv', 'Größe 1.csv'],
    ['', 'csv', 'export.csv'],
    ['x'.repeat(500), 'csv', `${'x'.repeat(100)}.csv`],
  ])('the name %s (%s) is offered as %s', (name, format, offered) => expect(exportName(name, format)).toBe(offered));
});

describe('the page of a panel', () => {
  const page = {
    title: 'Loss <Curves>',
    script: 'https://x/a.js?a&b',
    styles: ['https://x/a.css'],
    source: 'https://x',
    language: 'en',
  };
  const html = panelPage(page);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';

  test('lets in nothing but its one script, and its own styles, fonts and pictures', () => {
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toMatch(/unsafe|\*|https?:(?!\/\/x)/);
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain(`<script nonce="${nonce}" src="https://x/a.js?a&amp;b">`);
  });

  test('has another nonce each time, and escapes what it is given', () => {
    expect(panelPage(page)).not.toBe(html);
    expect(html).toContain('<title>Loss &lt;Curves></title>');
  });
});

describe('feeding a panel', () => {
  let root: string;
  const controller = { current: new AbortController() };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mtl-feed-'));
    controller.current = new AbortController();
  });
  afterEach(() => {
    controller.current.abort();
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  });

  const makeRun = (): Promise<StoredRun> => {
    const body = { group: 'g', experiment: 'x', file: '/x', folder: '/', seed: 1, engine: 'cpu' as const };
    return createRunFolder(root, { ...body, overrides: [], version: '0.1.0' }, '');
  };

  test('the snapshot comes once, then what is new, every event once and in order', async () => {
    const stored = await makeRun();
    const journal = openJournal(stored.folder);
    for (let step = 0; step < 10_000; step++) journal.append({ type: 'warning', message: `${step}` });
    const snapshots: (readonly RunEvent[])[] = [];
    const later: RunEvent[] = [];
    feedRuns(
      [stored],
      {
        snapshot: ([{ events }]) => snapshots.push([...events]),
        events: (id, events) => {
          expect(id).toBe(stored.record.id);
          later.push(...events);
        },
        restart: () => expect.fail('the journal did not begin anew'),
      },
      controller.current.signal,
    );
    await vi.waitFor(() => expect(snapshots).toHaveLength(1));
    journal.append({ type: 'warning', message: 'last' });
    await vi.waitFor(() => expect(later.at(-1)).toMatchObject({ message: 'last' }), 5000);
    const all = [...snapshots[0], ...later].map(({ sequence }) => sequence);
    expect(all).toEqual(Array.from({ length: 10_001 }, (_, sequence) => sequence));
    expect(snapshots).toHaveLength(1);
    await journal.close();
  });

  test('without runs the snapshot is empty and comes all the same', async () => {
    const snapshots: unknown[] = [];
    const nothing = () => expect.fail('there is nothing more to tell');
    feedRuns(
      [],
      { snapshot: (shown) => snapshots.push(shown), events: nothing, restart: nothing },
      controller.current.signal,
    );
    await vi.waitFor(() => expect(snapshots).toEqual([[]]));
  });
});
