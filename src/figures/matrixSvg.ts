import { rangeOf } from '../common/numbers';
import { cssColour } from './colour';
import { unknownCells } from './extremePairs';
import type { MatrixFigure, MatrixPlace } from './matrixFigure';
import { figureCaption, paperScale } from './matrixFigure';
import { readingOf } from './measureWords';
import { cellValue, shortValue } from './numbers';
import {
  besideText,
  besideWidth,
  drawDendrogram,
  drawGroupBars,
  drawGroups,
  markedCell,
  scaleHeight,
} from './matrixSvgParts';
import type { ColourScale } from './palette';
import { decimalsOf, textOn } from './palette';
import { scaleMarks } from './scale';
import { fitted, lines, pale, svgFonts, textAt, textWidth, xml, xmlText } from './svgText';

const margin = 20;
const line = 16;
const nameSize = 12;
const smallSize = 11;
const longestName = 170;
/** Between two matrices. */
const between = 36;
const ink = '#1a1a1a';

/**
 * A vector drawing of one or two matrices side by side, as a document of its own: on white, with the names, the values
 * where they are not too many, the title and what the colours mean.
 * @param title What they are of, such as the run.
 */
export function matricesSvg(title: string, figures: readonly MatrixFigure[]): string {
  const head = 2 * line + 8;
  // Two matrices, and what their colours mean, begin at the same heights, whatever their names need.
  const own = figures.map(placeOf);
  const top = Math.max(...own.map((place) => place.top));
  const beneath = Math.max(...own.map((place) => place.beneath));
  const places = own.map((place) => ({
    ...place,
    top,
    beneath,
    height: place.height + top - place.top + beneath - place.beneath,
  }));
  const width = 2 * margin + places.reduce((sum, place) => sum + place.width, 0) + between * (places.length - 1);
  const height = 2 * margin + head + Math.max(...places.map((place) => place.height));
  let x = margin;
  const parts = figures.map((figure, at) => {
    const place = places[at];
    const drawn = xml(
      'g',
      { transform: `translate(${round(x)} ${round(margin + head)})` },
      drawMatrix(figure, place, `colours-${at + 1}`),
    );
    x += place.width + between;
    return drawn;
  });
  const whole = Math.ceil(height);
  const caption = figures.map(figureCaption).join(' | ');
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width: Math.ceil(width),
    height: whole,
    viewBox: `0 0 ${Math.ceil(width)} ${whole}`,
    role: 'img',
    'font-family': svgFonts,
    fill: ink,
  };
  const content = [
    xml('title', {}, xmlText(`${title}: ${caption}`)),
    xml('rect', { width: Math.ceil(width), height: whole, fill: '#ffffff' }),
    textAt(margin, margin + 12, fitted(title, 15, width - 2 * margin), { 'font-size': 15, 'font-weight': 'bold' }),
    ...parts,
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml('svg', attributes, `\n${content.join('\n')}\n`)}\n`;
}

/** How large everything of a matrix is. */
export function placeOf(figure: MatrixFigure): MatrixPlace {
  const { rows, columns, values, words } = figure;
  const count = Math.max(rows.length, columns.length);
  const cell = count <= 6 ? 56 : count <= 12 ? 44 : count <= 64 ? 30 : 8;
  const names = Math.min(nameSize, Math.max(5, cell * 0.75));
  const widest = (list: readonly string[]) =>
    Math.min(longestName, Math.max(16, ...list.map((name) => textWidth(fitted(name, names, longestName), names))));
  const upright = widest(columns) > cell - 4;
  const left = widest(rows) + 8 + (words.directed ? line : 0);
  const top = 2 * line + (upright ? widest(columns) : names) + 12 + (words.directed ? line : 0);
  const [, longest] = rangeOf([1, ...values.flat().map((value) => textWidth(valueText(figure, value), 1))]);
  const size = Math.min(12, (cell - 7) / longest);
  const width = Math.max(left + cell * columns.length + besideWidth(figure), 300);
  const below = 96 + lines(belowText(figure, cell), smallSize, width).length * line;
  const beneath = scaleHeight(figure);
  return {
    cell,
    left,
    top,
    width,
    height: top + cell * rows.length + beneath + below,
    beneath,
    valueSize: size >= 6 ? Math.floor(size * 10) / 10 : 0,
    nameSize: names,
    upright,
  };
}

/** What belongs to one matrix, layer upon layer: what is drawn later lies above. */
function drawMatrix(figure: MatrixFigure, place: MatrixPlace, gradient: string): string {
  const scale = paperScale(figure.scale);
  return [
    drawHeading(figure, place),
    drawCells(figure, place, scale),
    drawGroups(figure, place),
    drawNames(figure, place),
    drawGroupBars(figure, place),
    drawDendrogram(figure, place),
    drawLegend(figure, place, { scale, gradient }),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function drawHeading({ words, moment }: MatrixFigure, { width }: MatrixPlace): string {
  return [
    textAt(0, 12, fitted(words.title, 13, width), { 'font-size': 13, 'font-weight': 'bold' }),
    textAt(0, 12 + line, fitted(moment, smallSize, width), { 'font-size': smallSize, fill: pale }),
  ].join('\n');
}

function drawCells(figure: MatrixFigure, place: MatrixPlace, scale: ColourScale): string {
  const { cell, left, top, valueSize } = place;
  const [cells, marks, texts]: [string[], string[], string[]] = [[], [], []];
  figure.rows.forEach((_, row) =>
    figure.columns.forEach((__, column) => {
      const [x, y] = [left + column * cell, top + row * cell];
      const value = figure.values[row]?.[column] ?? null;
      if (value === null) {
        cells.push(unknownCell(x, y, cell));
        return;
      }
      const colour = scale.at(value);
      cells.push(xml('rect', { x, y, width: cell, height: cell, fill: cssColour(colour) }));
      marks.push(markedCell(figure, { row, column }, { x, y, cell, colour: cssColour(textOn(colour)) }));
      if (valueSize === 0) return;
      const place = { x: x + cell / 2, y: y + cell / 2 + valueSize * 0.36, fill: cssColour(textOn(colour)) };
      texts.push(xml('text', place, xmlText(valueText(figure, value))));
    }),
  );
  // In the colour of the ground, as on the screen.
  const line = { stroke: '#ffffff', 'stroke-width': cell >= 20 ? 1 : 0.25 };
  return [
    xml('g', line, `\n${cells.join('\n')}\n`),
    ...marks.filter((mark) => mark !== ''),
    ...(texts.length === 0
      ? []
      : [xml('g', { 'font-size': valueSize, 'text-anchor': 'middle' }, `\n${texts.join('\n')}\n`)]),
  ].join('\n');
}

/** A cell without a value: white, with a diagonal. Drawn and no pattern, which not every viewer has. */
function unknownCell(x: number, y: number, cell: number): string {
  return (
    xml('rect', { x, y, width: cell, height: cell, fill: '#ffffff' }) +
    xml('path', {
      d: `M${round(x + 2)} ${round(y + cell - 2)}L${round(x + cell - 2)} ${round(y + 2)}`,
      stroke: '#8c8c8c',
      'stroke-width': Math.min(1, cell / 20),
    })
  );
}

function drawNames({ rows, columns, words }: MatrixFigure, place: MatrixPlace): string {
  const { cell, left, top, nameSize: size, upright } = place;
  const rowNames = rows.map((name, row) =>
    textAt(left - 6, top + (row + 0.5) * cell + size * 0.36, fitted(name, size, longestName), {}),
  );
  const columnNames = columns.map((name, column) => {
    const x = left + (column + 0.5) * cell;
    const text = xmlText(fitted(name, size, longestName));
    if (!upright) return xml('text', { x, y: top - 7, 'text-anchor': 'middle' }, text);
    const across = round(x + size * 0.36);
    return xml('text', { transform: `translate(${across} ${round(top - 7)}) rotate(-90)` }, text);
  });
  const captions = words.directed
    ? [
        textAt(left + (cell * columns.length) / 2, 3 * line, 'takes', {
          'text-anchor': 'middle',
          'font-size': smallSize,
          fill: pale,
        }),
        xml(
          'text',
          {
            transform: `translate(10 ${round(top + (cell * rows.length) / 2)}) rotate(-90)`,
            'text-anchor': 'middle',
            'font-size': smallSize,
            fill: pale,
          },
          'gives',
        ),
      ]
    : [];
  return [
    xml('g', { 'font-size': size, 'text-anchor': 'end' }, `\n${rowNames.join('\n')}\n`),
    xml('g', { 'font-size': size }, `\n${columnNames.join('\n')}\n`),
    ...captions,
  ].join('\n');
}

function drawLegend(
  figure: MatrixFigure,
  { cell, left, top, width, beneath }: MatrixPlace,
  { scale, gradient }: { readonly scale: ColourScale; readonly gradient: string },
): string {
  const y = top + cell * figure.rows.length + beneath + 20;
  const bar = Math.min(320, width);
  const x = Math.max(0, Math.min(left, width - bar));
  const marks = scaleMarks(figure.words, scale);
  const [from, , to] = marks.map(({ value }) => value);
  const stops = Array.from({ length: 13 }, (_, place) =>
    xml('stop', { offset: place / 12, 'stop-color': cssColour(scale.at(from + ((to - from) * place) / 12)) }),
  );
  const anchors = ['start', 'middle', 'end'];
  const under = marks.flatMap(({ value, word }, at) => {
    const style = { 'text-anchor': anchors[at], 'font-size': smallSize };
    const room = bar * (at === 1 ? 0.28 : 0.36);
    return [
      textAt(x + (bar * at) / 2, y + 10 + line, shortValue(Number(value.toPrecision(3))), style),
      textAt(x + (bar * at) / 2, y + 10 + 2 * line, fitted(word, smallSize, room), { ...style, fill: pale }),
    ];
  });
  const words = lines(belowText(figure, cell), smallSize, width).map((text, at) =>
    textAt(0, y + 10 + (3.5 + at) * line, text, { 'font-size': smallSize, fill: pale }),
  );
  return [
    xml('defs', {}, xml('linearGradient', { id: gradient }, stops.join(''))),
    xml('rect', { x, y, width: bar, height: 10, fill: `url(#${gradient})`, stroke: '#8c8c8c', 'stroke-width': 0.5 }),
    ...under,
    ...words,
  ].join('\n');
}

/** What stands below the bar of colours. */
function belowText(figure: MatrixFigure, cell: number): string {
  const { words, values } = figure;
  return [
    readingOf(words),
    ...(unknownCells(values) > 0 ? [`White with a diagonal: ${words.absent}.`] : []),
    ...besideText(figure, cell),
    words.summary,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function valueText({ scale }: MatrixFigure, value: number | null): string {
  return value === null ? '' : cellValue(value, decimalsOf(scale));
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
