import type { Colour } from '../../src/figures/colour';
import { cssColour } from '../../src/figures/colour';
import { element, svgElement } from '../shared/dom';
import { oneLine } from '../../src/figures/labels';
import type { Marker } from '../../src/figures/palette';

/** One entry of the legend: a task, or a run where runs are what differs. */
export interface LegendItem {
  readonly key: string;
  readonly label: string;
  readonly colour: Colour;
  readonly marker: Marker;
}

export interface LegendActions {
  /** Brings the lines of an entry forward, or none. */
  readonly emphasise: (key: string | undefined) => void;
  /** Asks for this entry alone, or for all again. */
  readonly pick: (key: string) => void;
}

/** Path of a marker around (14, 6), of the size that the chart draws. */
const markerPaths: Readonly<Record<Marker, string>> = {
  circle: 'M10 6a4 4 0 1 0 8 0a4 4 0 1 0-8 0z',
  triangle: 'M14 2l3.5 6h-7z',
  rect: 'M11 3h6v6h-6z',
  rectRot: 'M14 2l4 4l-4 4l-4-4z',
  cross: 'M14 2v8M10 6h8',
  crossRot: 'M11 3l6 6M17 3l-6 6',
  star: 'M14 2v8M10 6h8M11 3l6 6M17 3l-6 6',
};

/**
 * Names beside their colours and markers. Pointing at one, or focusing it, brings its lines forward; pressing it draws
 * it alone. One of them is in the order of tabs, arrow keys go to the others.
 */
export function createLegend(actions: LegendActions) {
  const list = element('ul', {
    class: 'legend-items',
    attributes: { 'aria-label': 'Lines' },
    on: { keydown: (event) => moveFocus(list, event as KeyboardEvent) },
  });
  let shown = '';
  return {
    node: list,
    update(items: readonly LegendItem[]) {
      const key = JSON.stringify(items);
      if (key === shown) return;
      shown = key;
      // An entry that goes away beneath the pointer does not say that the pointer left it.
      actions.emphasise(undefined);
      list.replaceChildren(...items.map((item, place) => itemNode(item, place === 0, actions)));
    },
  };
}

function moveFocus(list: HTMLElement, event: KeyboardEvent): void {
  const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  if (!Object.hasOwn(steps, event.key)) return;
  const buttons = [...list.querySelectorAll('button')];
  const from = buttons.findIndex((button) => button === document.activeElement);
  const to = buttons[from + steps[event.key]];
  if (from < 0 || to === undefined) return;
  buttons[from].tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
  event.preventDefault();
}

function itemNode(item: LegendItem, first: boolean, { emphasise, pick }: LegendActions): HTMLElement {
  const colour = cssColour(item.colour);
  const on = () => emphasise(item.key);
  const off = () => emphasise(undefined);
  const sample = svgElement('svg', { width: 28, height: 12, viewBox: '0 0 28 12', 'aria-hidden': 'true' }, [
    svgElement('path', { d: 'M0 6h28', stroke: colour, 'stroke-width': 2 }),
    svgElement('path', { d: markerPaths[item.marker], stroke: colour, 'stroke-width': 1.5, fill: colour }),
  ]);
  const node = element(
    'button',
    {
      class: 'legend-item',
      attributes: { type: 'button', title: item.label, tabindex: first ? 0 : -1 },
      on: { pointerenter: on, pointerleave: off, focus: on, blur: off, click: () => pick(item.key) },
    },
    [sample, element('span', { class: 'legend-label', text: oneLine(item.label) })],
  );
  return element('li', {}, [node]);
}

/** Draws an entry's sample on a canvas, for pictures. */
export function drawSample(
  context: CanvasRenderingContext2D,
  { colour, marker }: Pick<LegendItem, 'colour' | 'marker'>,
): void {
  context.strokeStyle = cssColour(colour);
  context.fillStyle = cssColour(colour);
  context.lineWidth = 2;
  context.stroke(new Path2D('M0 6h28'));
  const path = new Path2D(markerPaths[marker]);
  context.fill(path);
  context.stroke(path);
}
