import { describe, expect, test } from 'vitest';
import { parseArff } from '../../src/data/read/arff';
import { valuesOf } from './support';

const header = `@relation r\n@attribute 'a b' numeric\n@attribute "c" {x, 'y z', "q\\"q"}\n@attribute d string\n`;

function table(text: string, missing: string[] = []) {
  const result = parseArff(text, missing);
  if ('reason' in result) throw new Error(`${result.line}: ${result.reason}`);
  return result;
}

describe('ARFF', () => {
  test('quoted names and values, comments, marks of missing values', () => {
    const read = table(`${header}@data\n1, 'y z', "it's"\n% comment\n\n?,"q\\"q",?\n3,x,none\n`, ['none']);
    expect(read.columns.map(({ name }) => name)).toEqual(['a b', 'c', 'd']);
    expect(valuesOf(read, 'a b')).toEqual([1, null, 3]);
    expect(valuesOf(read, 'c')).toEqual(['y z', 'q"q', 'x']);
    expect(valuesOf(read, 'd')).toEqual(["it's", null, null]);
  });

  test('sparse rows leave out zeros and the first nominal value', () => {
    const read = table(`${header}@data\n{0 5, 1 'y z'}\n{2 text}\n{}\n{1 ?}\n`);
    expect(valuesOf(read, 'a b')).toEqual([5, 0, 0, 0]);
    expect(valuesOf(read, 'c')).toEqual(['y z', 'x', 'x', null]);
  });

  test('CRLF and a byte order mark', () => {
    expect(table(`\ufeff${header}@data\n1,x,t\n`.replaceAll('\n', '\r\n')).rows).toBe(1);
  });

  test.each([
    ['a row that is cut', `${header}@data\n1,x,t\n2,x`, 7, 'its values are 2, and the attributes 3'],
    ['text in a numeric attribute', `${header}@data\nabc,x,t\n`, 6, 'is numeric, and its value here is "abc"'],
    ['no data', header, 5, 'ends before its @data'],
    ['no attributes', '@relation r\n@data\n1\n', 2, 'no @attribute'],
    ['another format', 'a,b\n1,2\n', 1, 'neither an @attribute nor @data'],
    ['an unknown type', '@attribute a relational\n@data\n', 1, 'is not supported'],
    ['an open quote', `${header}@data\n1,x,'t\n`, 6, 'quote does not end'],
    ['a bad sparse row', `${header}@data\n{7 x}\n`, 6, 'pairs of position and value'],
  ])('says what is wrong: %s', (_, text, line, reason) => {
    expect(parseArff(text, [])).toEqual({ line, reason: expect.stringContaining(reason) as string });
  });
});
