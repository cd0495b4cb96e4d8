import type { FromWebviewMessage, PanelName, RunListing } from '../../src/protocol/messages';
import { createChecklist } from './checklist';
import { element, icon, setAttribute, setText } from './dom';
import { plural } from '../../src/figures/numbers';
import type { Phase, Run, RunsView } from './runStore';
import { phaseOf, runLabel, startOf } from './runStore';
import { isLive, phaseIcons, phaseWords, progressOf, progressText } from './runWords';
import { button } from './toolkit';

export interface Header {
  readonly node: HTMLElement;
  readonly update: (view: RunsView) => void;
}

type Request = Extract<FromWebviewMessage, { type: 'request' }>['request'];

/** A request is believed lost after this long, and its button can be pressed again. Milliseconds. */
const patience = 15_000;

/** Which runs are shown, how they stand, and what can be done to them. */
export function createHeader(panel: PanelName, post: (message: FromWebviewMessage) => void): Header {
  let view: RunsView | undefined;
  const picker = createChecklist({
    label: panel === 'curves' ? 'Runs' : 'Run',
    multiple: panel === 'curves',
    change: (ids) => {
      if (ids.length > 0) post({ type: 'select', ids });
    },
  });
  const badges = element('div', { class: 'badges', attributes: { role: 'status' } });
  const text = element('div', { class: 'progress-text' });
  const progress = createProgress();
  const requests = createRequests(post, () => {
    if (view !== undefined) update(view);
  });
  const other: PanelName = panel === 'curves' ? 'relatedness' : 'curves';
  const open = button({
    label: other === 'curves' ? 'Loss curves' : 'Relatedness',
    icon: other === 'curves' ? 'graph-line' : 'table',
    title: other === 'curves' ? 'Open loss curves' : 'Open relatedness',
    press: () => {
      const id = view?.runs[0]?.id;
      if (id !== undefined) post({ type: 'open', target: other, id });
    },
  });
  const node = element('header', { class: 'panel-header' }, [
    element('div', { class: 'header-row' }, [
      picker.node,
      badges,
      text,
      element('div', { class: 'header-buttons' }, [requests.pause, requests.stop, open.node]),
    ]),
    progress.node,
  ]);

  function update(next: RunsView): void {
    view = next;
    const { listings, runs } = next;
    node.hidden = listings.length === 0 && runs.length === 0;
    const phases = runs.map((run) => phaseOf(run, listings));
    const first = runs.at(0);
    picker.update({
      items: [...listings]
        .sort((one, two) => two.created - one.created)
        .map(({ id, phase, created }) => ({
          key: id,
          label: runLabel(id, listings),
          detail: `${phaseWords[phase].toLowerCase()} · ${startOf(created)}`,
        })),
      chosen: new Set(runs.map(({ id }) => id)),
      summary:
        first === undefined
          ? 'Choose a run'
          : runs.length === 1
            ? runLabel(first.id, listings)
            : plural(runs.length, 'run'),
    });
    drawBadges(badges, phases);
    setText(text, runs.length === 1 && first !== undefined ? progressText(first, phases[0]) : '');
    progress.update(
      first === undefined ? undefined : runs.length === 1 ? progressOf(first, phases[0]) : mean(runs, phases),
      phases,
    );
    requests.update(runs, phases, listings);
    open.update({ hidden: first === undefined });
  }
  return { node, update };
}

function mean(runs: readonly Run[], phases: readonly Phase[]): number | undefined {
  return runs.reduce((sum, run, place) => sum + (progressOf(run, phases[place]) ?? 0), 0) / runs.length;
}

/** One badge per phase, with a count where there are several runs; touched only when its words change. */
function drawBadges(node: HTMLElement, phases: readonly Phase[]): void {
  const counts = new Map<Phase, number>();
  for (const phase of phases) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  const words = [...counts].map(([phase, number]) => ({
    phase,
    text: phases.length === 1 ? phaseWords[phase] : `${number} ${phaseWords[phase].toLowerCase()}`,
  }));
  const key = words.map(({ text }) => text).join(', ');
  if (node.dataset.shown === key) return;
  node.dataset.shown = key;
  node.replaceChildren(
    ...words.map(({ phase, text }) =>
      element('span', { class: `badge badge-${phase}` }, [icon(phaseIcons[phase]), text]),
    ),
  );
}

function createProgress() {
  const bar = element('div', { class: 'progress-bar' });
  const node = element(
    'div',
    {
      class: 'progress',
      attributes: {
        role: 'progressbar',
        'aria-label': 'Progress of the run',
        'aria-valuemin': 0,
        'aria-valuemax': 100,
      },
    },
    [bar],
  );
  return {
    node,
    update(share: number | undefined, phases: readonly Phase[]) {
      const live = phases.some(isLive);
      node.classList.toggle('is-hidden', !live);
      node.classList.toggle('is-unknown', live && share === undefined);
      node.classList.toggle(
        'is-paused',
        phases.every((phase) => phase === 'paused'),
      );
      bar.style.width = share === undefined ? '' : `${(100 * share).toFixed(1)}%`;
      setAttribute(node, 'aria-valuenow', share === undefined ? undefined : Math.round(100 * share));
    },
  };
}

/** The buttons that ask runs for something, and what was asked but not done yet. */
function createRequests(post: (message: FromWebviewMessage) => void, changed: () => void) {
  const asked = new Map<string, { request: Request; phase: Phase }>();
  let targets: readonly { run: Run; phase: Phase; continuable: boolean }[] = [];
  const ask = (request: Request) => {
    for (const { run, phase, continuable } of targets) {
      const takes = {
        stop: isLive(phase),
        pause: phase === 'running',
        resume: (isLive(phase) && phase !== 'running') || continuable,
      };
      if (!takes[request]) continue;
      const entry = { request, phase };
      asked.set(run.id, entry);
      setTimeout(() => {
        if (asked.get(run.id) !== entry) return;
        asked.delete(run.id);
        changed();
      }, patience);
      post({ type: 'request', id: run.id, request });
    }
    changed();
  };
  const mayPause = () => targets.some(({ phase }) => phase === 'running');
  const pause = button({
    label: 'Pause',
    icon: 'debug-pause',
    title: 'Pause training after the step that is being computed',
    press: () => ask(mayPause() ? 'pause' : 'resume'),
  });
  const stop = button({
    label: 'Stop',
    icon: 'debug-stop',
    title: 'Stop training and keep the best epoch',
    press: () => ask('stop'),
  });
  return {
    pause: pause.node,
    stop: stop.node,
    update(runs: readonly Run[], phases: readonly Phase[], listings: readonly RunListing[]) {
      targets = runs.map((run, place) => {
        const phase = phases[place];
        const listing = listings.find(({ id }) => id === run.id);
        return { run, phase, continuable: !isLive(phase) && phase !== 'finished' && listing?.continuable === true };
      });
      for (const { run, phase } of targets) if (asked.get(run.id)?.phase !== phase) asked.delete(run.id);
      const live = targets.filter(({ phase }) => isLive(phase));
      const ended = targets.filter(({ continuable }) => continuable);
      const waits = (request: Request) => [...live, ...ended].some(({ run }) => asked.get(run.id)?.request === request);
      const manyOf = (count: number) => (count > 1 ? ` ${count} runs` : '');
      const many = manyOf(live.length);
      const paused = live.filter(({ phase }) => phase === 'paused').length;
      const resumes = !mayPause() && (paused > 0 || (live.length === 0 && ended.length > 0));
      const verb = resumes ? 'Resume' : 'Pause';
      pause.update({
        hidden: live.length === 0 && ended.length === 0,
        disabled:
          (!resumes && live.every(({ phase }) => phase === 'starting')) ||
          waits('pause') ||
          waits('resume') ||
          waits('stop'),
        label: waits('pause')
          ? 'Pausing'
          : waits('resume')
            ? 'Resuming'
            : `${verb}${resumes ? manyOf(paused + ended.length) : many}`,
        icon: resumes ? 'debug-continue' : 'debug-pause',
        title: resumes
          ? 'Resume training where it was paused, or from the last checkpoint'
          : 'Pause training after the step that is being computed',
      });
      stop.update({
        hidden: live.length === 0,
        disabled: waits('stop'),
        label: waits('stop') ? 'Stopping' : `Stop${many}`,
      });
    },
  };
}
