import { element, setAttribute, setText, svgElement } from '../shared/dom';
import { dashes } from '../../src/figures/palette';
import { referenceDots } from './references';
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
      [sampleOf(dashes[split]), splitWords[split]],
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
  const word = element('span');
  const reference = element(
    'span',
    {
      class: 'split-best',
      attributes: {
        title:
          'What the class shares, or the mean, of the training rows reach on the validation split without a look at the inputs',
      },
    },
    [sampleOf(referenceDots), word],
  );
  const node = element('div', { class: 'split-key' }, [...buttons.map((entry) => entry.node), best, reference]);
  return {
    node,
    /** @param referenceWord What the faint dotted lines stand for; undefined where there is none. */
    update(next: readonly CurveSplit[], hasBest: boolean, referenceWord: string | undefined) {
      current = next;
      for (const { split, node: toggle } of buttons)
        setAttribute(toggle, 'aria-pressed', next.includes(split) ? 'true' : 'false');
      best.hidden = !hasBest;
      reference.hidden = referenceWord === undefined;
      setText(word, referenceWord ?? '');
    },
  };
}

function sampleOf(pattern: readonly number[]): SVGElement {
  const dash = pattern.join(' ');
  return svgElement('svg', { width: 28, height: 12, viewBox: '0 0 28 12', 'aria-hidden': 'true' }, [
    svgElement('path', {
      d: 'M0 6h28',
      stroke: 'currentColor',
      'stroke-width': 2,
      ...(dash === '' ? {} : { 'stroke-dasharray': dash }),
    }),
  ]);
}
