import type { RelatednessValues } from '../relatedness';
import type { MeasureWords } from './measureWords';
import type { ColourScale } from './palette';
import { colourScale } from './palette';

/** A matrix with all that a figure of it says. */
export interface MatrixFigure {
  readonly words: MeasureWords;
  /** Of what in training it is, such as `epoch 20`. */
  readonly moment: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: RelatednessValues;
  /** Its colours, whatever they are for. */
  readonly scale: ColourScale;
}

/** The same values in the colours of white paper. */
export function paperScale({ low, high, middle, lowerIsCloser }: ColourScale): ColourScale {
  return colourScale(low, high, 'light', { neutral: middle, lowerIsCloser });
}

/** The measure, the moment and the direction, in a line. */
export function figureCaption({ words, moment }: MatrixFigure): string {
  return [
    `${words.title}, ${moment}`,
    ...(words.directed ? ["from the row's task to the column's"] : []),
    ...(words.higherIsCloser ? [] : ['lower is closer']),
  ].join('; ');
}
