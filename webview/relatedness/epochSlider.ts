import { element, setAttribute, setText } from '../shared/dom';
import { count } from '../../src/figures/numbers';
import { button, checkbox } from '../shared/toolkit';
import { epochOf } from '../../src/figures/moments';
import type { Moment } from './matrixModel';
import { createPlayback } from './playback';
import type { RelatednessSettings } from './settings';

export interface EpochState {
  /** Each of an epoch. */
  readonly moments: readonly Moment[];
  readonly position: number;
  /** Whether the latest epoch is followed. */
  readonly following: boolean;
}

/** Goes through training, by hand or by itself. The right end is the latest epoch; left there, it goes along with a run. */
export function createEpochSlider(change: (settings: Pick<RelatednessSettings, 'epoch'>) => void) {
  let state: EpochState = { moments: [], position: -1, following: true };
  const text = element('output', { class: 'range-value epoch-value' });
  const range = element('input', {
    attributes: { type: 'range', min: 0, step: 1, 'aria-label': 'Epoch', 'aria-keyshortcuts': 'Space' },
    on: { input: () => move(Number(range.value)) },
  });
  const playback = createPlayback({
    moments: () => state.moments.length,
    position: () => state.position,
    show,
    changed: sayPlaying,
  });
  const play = button({ icon: 'play', title: 'Play training', appearance: 'icon', press: playback.toggle });
  const follow = checkbox({
    label: 'Follow latest',
    title: 'Always show the latest epoch',
    change: (checked) => {
      playback.stop();
      change({ epoch: checked ? undefined : epochAt(state.moments.length - 1) });
    },
  });
  range.addEventListener('keydown', (event) => {
    if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    playback.toggle();
  });

  function show(position: number): void {
    const { moments } = state;
    // Known at once, because the panel draws only at the next frame.
    state = { ...state, position };
    change({ epoch: position >= moments.length - 1 ? undefined : epochAt(position) });
  }

  function epochAt(position: number): number | undefined {
    const moment = state.moments.at(position);
    return moment && epochOf(moment.at);
  }

  function move(position: number): void {
    playback.stop();
    show(position);
  }

  function sayPlaying(): void {
    const playing = playback.playing();
    play.update({ icon: playing ? 'debug-pause' : 'play', title: playing ? 'Stop playing' : 'Play training' });
  }

  const node = element('div', { class: 'epoch-slider' }, [
    play.node,
    element('label', { class: 'field' }, [
      element('span', { class: 'field-label', text: 'Epoch' }),
      element('span', { class: 'range' }, [range, text]),
    ]),
    element('div', { class: 'checks' }, [follow.node]),
  ]);
  return {
    node,
    update(next: EpochState) {
      state = next;
      const { moments, position, following } = next;
      setAttribute(range, 'max', Math.max(0, moments.length - 1));
      if (Number(range.value) !== position) range.value = String(position);
      range.disabled = moments.length < 2;
      play.update({ disabled: moments.length < 2 });
      const moment = moments.at(position);
      const words = moment === undefined ? '' : `epoch ${count(epochOf(moment.at) ?? 0)}, step ${count(moment.step)}`;
      setText(text, words);
      setAttribute(range, 'aria-valuetext', words);
      follow.update({ checked: following });
    },
  };
}
