/** How long playing from the first epoch to the last takes at least, milliseconds, where steps need not be slower. */
const wholeTime = 12_000;
const fastestStep = 120;
const slowestStep = 600;

/** How training is played: every how many moments one is shown, and for how long, in milliseconds. */
export interface Pace {
  readonly stride: number;
  readonly interval: number;
}

/** Few moments are shown slowly; of very many some are left out, so that it never takes long. */
export function paceOf(moments: number): Pace {
  const interval = Math.min(slowestStep, Math.max(fastestStep, wholeTime / Math.max(1, moments)));
  return { stride: Math.max(1, Math.ceil((moments * fastestStep) / wholeTime)), interval };
}

/** The position after this one; undefined when the latest was reached. */
export function nextPosition(position: number, moments: number): number | undefined {
  if (position >= moments - 1) return undefined;
  return Math.min(moments - 1, position + paceOf(moments).stride);
}

export interface Playback {
  readonly playing: () => boolean;
  readonly toggle: () => void;
  readonly stop: () => void;
}

export interface PlaybackActions {
  readonly moments: () => number;
  readonly position: () => number;
  readonly show: (position: number) => void;
  /** Told when it begins or ends by itself or by hand. */
  readonly changed: () => void;
}

/** Goes through the moments by itself; from the first where the latest is shown. */
export function createPlayback({ moments, position, show, changed }: PlaybackActions): Playback {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    changed();
  }

  function wait(): void {
    timer = setTimeout(() => {
      const next = nextPosition(position(), moments());
      if (next !== undefined) show(next);
      if (next === undefined || next >= moments() - 1) stop();
      else wait();
    }, paceOf(moments()).interval);
  }

  return {
    playing: () => timer !== undefined,
    stop,
    toggle() {
      if (timer !== undefined) {
        stop();
        return;
      }
      if (moments() < 2) return;
      if (position() >= moments() - 1) show(0);
      wait();
      changed();
    },
  };
}
