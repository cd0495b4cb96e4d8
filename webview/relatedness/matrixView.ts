import { element, setText } from '../shared/dom';
import type { Theme } from '../shared/theme';
import type { Cell } from './cellWords';
import type { ShownMatrix } from './drawing';
import type { HeatmapActions } from './heatmap';
import { createHeatmap } from './heatmap';
import { createMatrixLegend } from './legend';

export interface MatrixViewState {
  readonly matrix: ShownMatrix;
  readonly theme: Theme;
  readonly chosen: Cell | undefined;
  /** What stands over it, where another measure is shown beside it. */
  readonly heading: string | undefined;
  /** Whether one of those that are shown has captions at its axes: then both have room for them, and their rows are level. */
  readonly captioned: boolean;
  /** Whether one of them has a dendrogram: likewise. */
  readonly roomForDendrogram: boolean;
}

const directions = { rows: 'gives', columns: 'takes' };
const noDirections = { rows: '', columns: '' };

/**
 * One measure: the matrix and what its colours mean.
 * @param chooseTitle What choosing a cell does.
 */
export function createMatrixView(actions: HeatmapActions, chooseTitle = 'Show this pair over the epochs') {
  const title = element('h2', { class: 'matrix-title' });
  const heatmap = createHeatmap(actions);
  const legend = createMatrixLegend(actions.choose, chooseTitle);
  const node = element('section', { class: 'matrix-view' }, [title, heatmap.node, legend.node]);
  return {
    node,
    heatmap,
    legend,
    update({ matrix, theme, chosen, heading, captioned, roomForDendrogram }: MatrixViewState) {
      const { rows, columns, words, values, scale, description, legendState, dendrogram, groups, intervals } = matrix;
      title.hidden = heading === undefined;
      setText(title, heading ?? '');
      node.setAttribute('aria-label', words.title);
      legend.update(legendState);
      heatmap.draw({
        rows,
        columns,
        values,
        scale,
        theme,
        description,
        directed: words.directed,
        absent: words.absent,
        ...(words.say === undefined ? {} : { say: words.say }),
        roomForDendrogram,
        ...(intervals && { intervals }),
        ...(words.neutral === undefined ? {} : { neutral: words.neutral }),
        ...(dendrogram && { dendrogram }),
        ...(groups && { groups }),
        ...(captioned ? { captions: words.directed ? directions : noDirections } : {}),
        ...(chosen === undefined ? {} : { chosen }),
      });
    },
  };
}

export type MatrixView = ReturnType<typeof createMatrixView>;
