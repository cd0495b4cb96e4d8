import type { RelatednessValues } from '../relatedness';
import type { TaskGroup } from '../relatedness/grouping';
import type { Dendrogram } from './dendrogram';
import type { Intervals } from './intervals';
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
  /** Where it is a mean over replicates. */
  readonly intervals?: Intervals;
  /** How the rows were joined, where they are in the order of that. */
  readonly dendrogram?: Dendrogram;
  /** Of what in training that is, where it is of another moment than the matrix. */
  readonly treeMoment?: string;
  /** Groups of the tasks, which are both rows and columns; positions are those of the rows. */
  readonly groups?: readonly TaskGroup[];
}

/** Where a matrix lies in its drawing; pixels, from the left top of what belongs to it. */
export interface MatrixPlace {
  /** Side of a cell. */
  readonly cell: number;
  /** Where the cells begin: beneath them lie names and titles. */
  readonly left: number;
  readonly top: number;
  /** Room beside and below the cells is this wide and high. */
  readonly width: number;
  readonly height: number;
  /** Room beneath the cells for the scale of a dendrogram; 0 where there is none. */
  readonly beneath: number;
  /** Font size of the values; 0 where they do not fit. */
  readonly valueSize: number;
  /** Font size of the names. */
  readonly nameSize: number;
  /** Whether column names stand upright. */
  readonly upright: boolean;
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
