import type { FromWebviewMessage } from '../../src/protocol/messages';
import { element, icon } from './dom';
import { oneLine, shorten } from '../../src/figures/labels';
import type { EmptyState, Words } from './emptyState';
import type { RunsView } from './runStore';
import { phaseOf, runLabel } from './runStore';
import type { Banner } from './runWords';
import { bannerOf, warningsTitle } from './runWords';
import { button } from './toolkit';

type Post = (message: FromWebviewMessage) => void;

/** A message in the middle of the panel, with a button that runs an experiment where that makes sense. */
export function createEmptyState(post: Post) {
  const node = element('section', { class: 'empty' });
  const run = button({
    label: 'Run experiment',
    icon: 'play',
    title: 'Run the experiment file in the active editor, or choose one',
    appearance: 'primary',
    press: () => post({ type: 'runExperiment' }),
  });
  let shown = '';
  return {
    node,
    update(words: EmptyState | undefined) {
      node.hidden = words === undefined;
      const key = JSON.stringify(words ?? null);
      if (words === undefined || key === shown) return;
      shown = key;
      node.replaceChildren(...message(words), ...(words.action ? [run.node] : []));
    },
  };
}

/** A message over a chart that has no points yet. */
export function createOverlay() {
  const node = element('div', { class: 'overlay' });
  let shown = '';
  return {
    node,
    update(words: Words | undefined) {
      node.hidden = words === undefined;
      const key = JSON.stringify(words ?? null);
      if (words === undefined || key === shown) return;
      shown = key;
      node.replaceChildren(...message(words));
    },
  };
}

function message({ icon: name, title, text }: Words): HTMLElement[] {
  const sign = icon(name);
  sign.classList.add('empty-icon');
  if (name === 'loading') sign.classList.add('is-turning');
  return [sign, element('h2', { text: title }), ...(text === '' ? [] : [element('p', { text })])];
}

/** The notices over the charts: paused, stopped, failed, interrupted; and the warnings of each run. */
export function createBanners(post: Post) {
  const node = element('div', { class: 'banners' });
  let shown = '';
  return {
    node,
    update(view: RunsView) {
      const entries = view.runs.map((run) => ({
        id: run.id,
        name: view.runs.length > 1 ? runLabel(run.id, view.listings) : '',
        banner: bannerOf(run, phaseOf(run, view.listings)),
        warnings: run.state.warnings,
      }));
      const key = JSON.stringify(entries);
      if (key === shown) return;
      shown = key;
      node.replaceChildren(
        ...entries.flatMap(({ id, name, banner, warnings }) => [
          ...(banner === undefined ? [] : [bannerNode(banner, name, id, post)]),
          ...(warnings.length === 0 ? [] : [warningsNode(warnings, name)]),
        ]),
      );
    },
  };
}

const bannerIcons = { information: 'info', warning: 'warning', error: 'error' } as const;

function bannerNode(banner: Banner, name: string, id: string, post: Post): HTMLElement {
  const open = (target: 'log' | 'experiment', label: string, sign: string) =>
    button({ label, icon: sign, title: label, press: () => post({ type: 'open', target, id }) }).node;
  return element('div', { class: `banner banner-${banner.tone}` }, [
    icon(bannerIcons[banner.tone]),
    element('div', { class: 'banner-text' }, [
      element('strong', { text: named(name, shortenLong(banner.title)), attributes: { title: oneLine(banner.title) } }),
      ...(banner.text === '' ? [] : [element('span', { text: banner.text })]),
    ]),
    ...(banner.remedies
      ? [
          element('div', { class: 'banner-buttons' }, [
            open('log', 'Show log', 'output'),
            open('experiment', 'Open experiment', 'go-to-file'),
          ]),
        ]
      : []),
  ]);
}

function warningsNode(warnings: readonly string[], name: string): HTMLElement {
  return element('details', { class: 'warnings' }, [
    element('summary', {}, [icon('warning'), element('span', { text: named(name, warningsTitle(warnings)) })]),
    element(
      'ul',
      {},
      warnings.map((text) => element('li', { text })),
    ),
  ]);
}

function named(name: string, text: string): string {
  return name === '' ? text : `${shorten(name, 60)}: ${text}`;
}

/** A failure names its task, and a task's name may be very long. */
function shortenLong(text: string): string {
  return shorten(text, 160);
}
