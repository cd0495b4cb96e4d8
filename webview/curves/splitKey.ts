import { element, setAttribute, svgElement } from '../shared/dom';
import { dashes } from '../shared/palette';
import { splitWords } from './lines';
import type { CurveSplit } from './settings';

const splits: readonly CurveSplit[] = ['train', 'validation'];

/** Says what solid and dashed lines are, and switches either off; with the sign of the best epoch. */
export function createSplitKey(change: (splits: readonly CurveSplit[]) => void) {
  let current: readonly CurveSplit[] = splits;
  const buttons = splits.map((split) => {
    const node = element(
      'button',
      {
        class: 'split-button',
        attributes: { type: 'button', title: `Show or hide the ${splitWords[split]} curves` },
        on: {
          click: () => {
            const next = splits.filter((other) => (other === split) !== current.includes(other));
            change(next.length > 0 ? next : splits.filter((other) => other !== split));
          },
        },
      },
      [sampleOf(split), splitWords[split]],
    );
    return { split, node };
  });
  const best = element('span', { class: 'split-best' }, [
    svgElement(
      'svg',
      { width: 14, height: 14, viewBox: '0 0 14 14', 'aria-hidden': 'true', fill: 'none', stroke: 'currentColor' },
      [
        svgElement('circle', { cx: 7, cy: 7, r: 5, 'stroke-width': 1.75 }),
        svgElement('circle', { cx: 7, cy: 7, r: 1.5, fill: 'currentColor' }),
      ],
    ),
    'best epoch',
  ]);
  const node = element('div', { class: 'split-key' }, [...buttons.map((entry) => entry.node), best]);
  return {
    node,
    update(next: readonly CurveSplit[], hasBest: boolean) {
      current = next;
      for (const { split, node: toggle } of buttons)
        setAttribute(toggle, 'aria-pressed', next.includes(split) ? 'true' : 'false');
      best.hidden = !hasBest;
    },
  };
}

function sampleOf(split: CurveSplit): SVGElement {
  const dash = dashes[split].join(' ');
  return svgElement('svg', { width: 28, height: 12, viewBox: '0 0 28 12', 'aria-hidden': 'true' }, [
    svgElement('path', {
      d: 'M0 6h28',
      stroke: 'currentColor',
      'stroke-width': 2,
      ...(dash === '' ? {} : { 'stroke-dasharray': dash }),
    }),
  ]);
}
