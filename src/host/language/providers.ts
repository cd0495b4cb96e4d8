import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { complete } from '../../language/complete';
import type { Completion } from '../../language/completion';
import { costHints } from '../../language/costHints';
import { hover } from '../../language/hover';
import { links } from '../../language/links';
import { quickFixes } from '../../language/quickFixes';
import { symbols, type OutlineSymbol } from '../../language/symbols';
import type { DataInspection } from '../inspector/dataInspection';
import { toPosition, toRange } from './convert';
import type { ExperimentDiagnostics } from './diagnostics';
import { selector } from './selector';

/** Registers what the editor offers in experiment files. */
export function registerProviders(inspection: DataInspection, diagnostics: ExperimentDiagnostics): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    languages.registerCompletionItemProvider(
      selector,
      completionProvider(inspection),
      ' ',
      ':',
      '[',
      ',',
      '{',
      '"',
      "'",
    ),
    languages.registerHoverProvider(selector, hoverProvider(inspection)),
    languages.registerDocumentSymbolProvider(selector, symbolProvider),
    languages.registerDocumentLinkProvider(selector, linkProvider),
    languages.registerInlayHintsProvider(selector, costHintProvider(inspection)),
    languages.registerCodeActionsProvider(selector, quickFixProvider(diagnostics), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  );
}

function completionProvider(inspection: DataInspection): vscode.CompletionItemProvider {
  return {
    provideCompletionItems(document, position) {
      const found = complete(document.getText(), toPosition(position), inspection.tablesOf(document));
      return found.map(toItem);
    },
  };
}

const itemKinds: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  section: vscode.CompletionItemKind.Module,
  word: vscode.CompletionItemKind.EnumMember,
  method: vscode.CompletionItemKind.Method,
  value: vscode.CompletionItemKind.Value,
  column: vscode.CompletionItemKind.Field,
  level: vscode.CompletionItemKind.Constant,
  task: vscode.CompletionItemKind.Variable,
};

function toItem(completion: Completion): vscode.CompletionItem {
  const { label, kind, detail, documentation, insertText, snippet, range, sortText, filterText } = completion;
  const item = new vscode.CompletionItem(
    { label, ...(detail !== undefined && { description: detail }) },
    itemKinds[kind],
  );
  item.insertText = snippet ? new vscode.SnippetString(insertText) : insertText;
  item.range = toRange(range);
  item.sortText = sortText;
  item.filterText = filterText;
  if (documentation !== undefined) item.documentation = new vscode.MarkdownString(documentation);
  if (completion.suggestNext) item.command = { command: 'editor.action.triggerSuggest', title: '' };
  return item;
}

function hoverProvider(inspection: DataInspection): vscode.HoverProvider {
  return {
    provideHover(document, position) {
      const found = hover(document.getText(), toPosition(position), inspection.tablesOf(document));
      return found && new vscode.Hover(new vscode.MarkdownString(found.markdown), toRange(found.range));
    },
  };
}

function costHintProvider(inspection: DataInspection): vscode.InlayHintsProvider {
  return {
    onDidChangeInlayHints: inspection.onDidRead,
    provideInlayHints(document, range) {
      return costHints(document.getText(), inspection.costsOf(document))
        .map(({ position, label, markdown }) => {
          const hint = new vscode.InlayHint(new vscode.Position(position.line, position.column), label);
          hint.tooltip = new vscode.MarkdownString(markdown);
          hint.paddingLeft = true;
          return hint;
        })
        .filter((hint) => range.contains(hint.position));
    },
  };
}

const symbolKinds: Readonly<Record<OutlineSymbol['kind'], vscode.SymbolKind>> = {
  section: vscode.SymbolKind.Module,
  task: vscode.SymbolKind.Class,
  key: vscode.SymbolKind.Property,
};

const symbolProvider: vscode.DocumentSymbolProvider = {
  provideDocumentSymbols: (document) => symbols(document.getText()).map(toSymbol),
};

function toSymbol({ name, detail, kind, range, selectionRange, children }: OutlineSymbol): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(name, detail, symbolKinds[kind], toRange(range), toRange(selectionRange));
  symbol.children = children.map(toSymbol);
  return symbol;
}

const linkProvider: vscode.DocumentLinkProvider = {
  provideDocumentLinks(document) {
    const { uri } = document;
    if (uri.scheme !== 'file') return [];
    return links(document.getText()).map(({ range, target }) => {
      const path = isAbsolute(target) ? target : join(dirname(uri.fsPath), target);
      return new vscode.DocumentLink(toRange(range), vscode.Uri.file(path));
    });
  },
};

function quickFixProvider(diagnostics: ExperimentDiagnostics): vscode.CodeActionProvider {
  return {
    provideCodeActions(document, range) {
      return diagnostics
        .problemsOf(document)
        .filter((problem) => toRange(problem.range).intersection(range) !== undefined)
        .flatMap((problem) =>
          quickFixes(problem).map((fix, position) => {
            const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
            action.edit = new vscode.WorkspaceEdit();
            action.edit.replace(document.uri, toRange(fix.range), fix.newText);
            action.diagnostics = diagnostics.shownFor(document, problem);
            action.isPreferred = position === 0;
            return action;
          }),
        );
    },
  };
}
