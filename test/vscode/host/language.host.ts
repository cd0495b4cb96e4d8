import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../../src/protocol/commands';
import { experimentText, openExperiment, until, workspaceFolder } from './workspace';

/** Where a text begins in a document. */
function find(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `the document has "${text}"`);
  return document.positionAt(offset);
}

function errorsOf({ uri }: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
}

function oneError(document: vscode.TextDocument): Promise<vscode.Diagnostic> {
  return until('an error is shown', () => errorsOf(document).at(0));
}

/** A table whose columns an experiment may name. */
function writeTable(name: string): void {
  const rows = Array.from(
    { length: 60 },
    (_, row) => `${String(row)},${String((row * 7) % 13)},${row % 2 ? 'yes' : 'no'}`,
  );
  writeFileSync(path.join(workspaceFolder(), name), ['height,weight,tall', ...rows].join('\n'));
}

function tableExperiment(target: string): string {
  return `name: People
data:
  source: people.csv
tasks:
  weight: { target: ${target}, kind: regression }
training: { epochs: 2 }
`;
}

describe('the editor of experiment files', () => {
  it('underlines an unknown key, names the nearest known one, and mends it', async () => {
    const document = await openExperiment('key.mtl.yaml', experimentText().replace('epochs:', 'epoch:'));
    const error = await oneError(document);
    assert.match(error.message, /epochs/);
    assert.deepEqual(error.range.start, find(document, 'epoch:'));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      error.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const edit = actions.find((action) => action.edit !== undefined)?.edit;
    assert.ok(edit, 'there is a quick fix');
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), experimentText());
    await until('the error goes', () => errorsOf(document).length === 0);
  });

  it('underlines a wrong type and a syntax error at their places', async () => {
    const wrong = await openExperiment('type.mtl.yaml', experimentText().replace('epochs: 3', 'epochs: many'));
    assert.equal((await oneError(wrong)).range.start.line, find(wrong, 'epochs').line);
    const broken = await openExperiment('syntax.mtl.yaml', experimentText().replace('tasks: 2', 'tasks: [2'));
    await oneError(broken);
  });

  it('underlines a column that the data does not have', async () => {
    writeTable('people.csv');
    const document = await openExperiment('column.mtl.yaml', tableExperiment('wieght'));
    const error = await oneError(document);
    assert.match(error.message, /weight/);
    assert.deepEqual(error.range.start, find(document, 'wieght'));
  });

  it('says where a data file is not there', async () => {
    const document = await openExperiment(
      'missing.mtl.yaml',
      tableExperiment('weight').replace('people.csv', 'nobody.csv'),
    );
    const error = await oneError(document);
    assert.match(error.message, /nobody\.csv/);
    assert.equal(error.range.start.line, find(document, 'nobody.csv').line);
  });

  it('completes keys, methods and the columns of the data', async () => {
    writeTable('people.csv');
    const labelsAt = async (document: vscode.TextDocument, position: vscode.Position): Promise<string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        position,
      );
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    const withoutRelatedness = experimentText().replace(/relatedness:.*\n/, '');
    const keys = await openExperiment('complete-key.mtl.yaml', `${withoutRelatedness}rel`);
    const offered = await labelsAt(keys, keys.positionAt(keys.getText().length));
    assert.ok(offered.includes('relatedness') && !offered.includes('training'), offered.join(', '));

    const kinds = await openExperiment('complete-kind.mtl.yaml', experimentText());
    const kind = await labelsAt(kinds, find(kinds, 'regression }'));
    assert.ok(kind.includes('binary') && kind.includes('multiclass'), kind.join(', '));

    const columns = await openExperiment('complete-column.mtl.yaml', tableExperiment('w'));
    await until('the columns are completed', async () =>
      (await labelsAt(columns, find(columns, 'w, kind').translate(0, 1))).includes('weight'),
    );
  });

  it('explains a key under the pointer', async () => {
    const document = await openExperiment('hover.mtl.yaml', experimentText());
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      find(document, 'batchSize').translate(0, 2),
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === 'string' ? part : part.value)),
    );
    assert.match(text.join('\n'), /batch/i);
  });

  it('has lenses that run and validate, and an outline', async () => {
    const document = await openExperiment('lenses.mtl.yaml', experimentText());
    const lenses = await until('the lenses are there', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      return found.length > 0 ? found : undefined;
    });
    const ids = lenses.map(({ command }) => command?.command);
    assert.ok(ids.includes(commands.run) && ids.includes(commands.validate), ids.join(', '));

    const outline = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.ok(outline.some(({ name }) => name === 'tasks'));
  });

  it('tells behind a measure what it is about to cost', async () => {
    const document = await openExperiment('costs.mtl.yaml', experimentText());
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const [hint] = await until('there is a hint', async () => {
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        all,
      );
      return found.length > 0 ? found : undefined;
    });
    assert.ok(typeof hint.label === 'string');
    assert.match(hint.label, /^≈ \+[\d.]+ %$/);
    assert.deepEqual(hint.position, find(document, '], every: 5'));
  });

  it('survives a file that is not YAML and one without anything', async () => {
    const other = await openExperiment('other.mtl.yaml', '{{{::: - - - %PDF \u0007 <html>\n\t]]');
    await oneError(other);
    const empty = await openExperiment('empty.mtl.yaml', '');
    await oneError(empty);
  });
});
