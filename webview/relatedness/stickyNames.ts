import { element } from '../shared/dom';
import type { MatrixLayout } from './layout';

/**
 * The names of a matrix that stay in sight where it is scrolled beneath them: copies of what its canvas has at the left
 * and at the top.
 * @param canvas That of the matrix.
 * @param box What holds it, and is as large.
 */
export function createStickyNames(canvas: HTMLCanvasElement, box: HTMLElement) {
  const rows = nameCanvas('row-names');
  const columns = nameCanvas('column-names');
  const corner = element('div', { class: 'names-corner' });
  const edge = element('div', { class: 'names-edge' }, [rows, corner]);
  let layout: MatrixLayout | undefined;
  box.append(columns, edge);
  document.addEventListener('scroll', place, { capture: true, passive: true });

  /** Both are there only where they are needed: the canvas has the same. */
  function place(): void {
    if (layout === undefined || box.clientWidth === 0) return;
    const { left, top, height, bottom, cell } = layout;
    const from = Math.round(coveredAbove() - box.getBoundingClientRect().top);
    const was = [rows.hidden, columns.hidden].join();
    rows.hidden = (box.parentElement?.scrollLeft ?? 0) <= 0;
    columns.hidden = corner.hidden = from <= 0 || from > height - bottom - top - cell;
    columns.style.top = corner.style.top = `${from}px`;
    corner.style.width = `${left}px`;
    corner.style.height = `${top}px`;
    if (was !== [rows.hidden, columns.hidden].join()) copy();
  }

  function copy(): void {
    if (layout === undefined) return;
    copyCorner(canvas, rows, layout.left, layout.height);
    copyCorner(canvas, columns, layout.width, layout.top);
  }

  return {
    /** Once the canvas is drawn. */
    copy,
    update(next: MatrixLayout) {
      layout = next;
      place();
      copy();
    },
  };
}

function nameCanvas(name: string): HTMLCanvasElement {
  const node = element('canvas', { class: `sticky-names ${name}`, attributes: { 'aria-hidden': 'true' } });
  node.hidden = true;
  return node;
}

/** Where the part of the page begins that the header does not cover. */
function coveredAbove(): number {
  return document.querySelector('.panel-header')?.getBoundingClientRect().bottom ?? 0;
}

/** The left top of a canvas on another one, in the same resolution. */
function copyCorner(from: HTMLCanvasElement, to: HTMLCanvasElement, width: number, height: number): void {
  if (to.hidden || from.clientWidth === 0) return;
  const sharpness = from.width / from.clientWidth;
  to.style.width = `${width}px`;
  to.style.height = `${height}px`;
  // Which empties it as well.
  to.width = Math.round(width * sharpness);
  to.height = Math.round(height * sharpness);
  to.getContext('2d')?.drawImage(from, 0, 0);
}
