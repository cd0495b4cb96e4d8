import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import { commands, views } from '../../src/protocol/commands';
import { panelNames } from '../../src/protocol/messages';

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
}
interface Manifest {
  readonly engines: { readonly vscode: string };
  readonly main: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly icon: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly keybindings: readonly MenuEntry[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly languages: readonly {
      readonly id: string;
      readonly configuration: string;
      readonly icon: { readonly light: string; readonly dark: string };
    }[];
    readonly grammars: readonly { readonly language: string; readonly path: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly media: { readonly svg: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

const root = join(__dirname, '..', '..');
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as unknown;
const manifest = read('package.json') as Manifest;
const texts = read('package.nls.json') as Readonly<Record<string, string>>;
const { contributes } = manifest;
const commandIds = new Set<string>(Object.values(commands));
const viewIds = new Set<string>([views.experiments, views.runs, views.session]);

describe('the manifest and the ids in the code are one', () => {
  test('commands', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...commandIds].sort());
  });

  test('the container and its views', () => {
    expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual([views.container]);
    expect(Object.keys(contributes.views)).toEqual([views.container]);
    expect(new Set(contributes.views[views.container].map(({ id }) => id))).toEqual(viewIds);
    for (const { view } of contributes.viewsWelcome) expect(viewIds).toContain(view);
  });

  test('menus and keys name commands and views that exist', () => {
    for (const { command, when = '' } of [...Object.values(contributes.menus).flat(), ...contributes.keybindings]) {
      expect(commandIds).toContain(command);
      for (const [, view] of when.matchAll(/view == ([\w.]+)/g)) expect(viewIds).toContain(view);
    }
  });

  test('links in welcome texts and walkthroughs name commands that exist', () => {
    const linked = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/command:(mtl\.\w+)/g)].map(([, id]) => id),
    );
    const events = contributes.walkthroughs.flatMap(({ steps }) =>
      steps.flatMap(({ completionEvents }) => completionEvents),
    );
    expect(linked.length).toBeGreaterThan(5);
    for (const id of [...linked, ...events.map((event) => event.replace('onCommand:', ''))])
      expect(commandIds).toContain(id);
  });

  test('panels wake the extension after a reload', () => {
    for (const name of panelNames) expect(manifest.activationEvents).toContain(`onWebviewPanel:mtl.${name}`);
  });

  test('the lower bound of VS Code, and where the extension runs', () => {
    expect(manifest.engines.vscode).toBe('^1.101.0');
    expect(manifest.extensionKind).toEqual(['workspace']);
  });
});

describe('texts', () => {
  test('every placeholder has a text, every text is used', () => {
    const used = new Set([...JSON.stringify(manifest).matchAll(/%([\w.]+)%/g)].map(([, key]) => key));
    expect([...used].sort()).toEqual(Object.keys(texts).sort());
  });
});

describe('files that the manifest names', () => {
  const languageFiles = contributes.languages.flatMap(({ configuration, icon }) => [
    configuration,
    icon.light,
    icon.dark,
  ]);
  const pictures = contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg));
  const icons = contributes.viewsContainers.activitybar.map(({ icon }) => icon);
  const grammars = contributes.grammars.map(({ path }) => path);
  test.each([manifest.icon, ...icons, ...languageFiles, ...grammars, ...pictures])('%s', (file) => {
    expect(existsSync(join(root, file))).toBe(true);
  });

  test('icons of commands are codicons', () => {
    const style = readFileSync(join(root, 'node_modules/@vscode/codicons/dist/codicon.css'), 'utf8');
    for (const { icon } of contributes.commands) {
      const name = /^\$\(([\w-]+)\)$/.exec(icon)?.[1];
      expect(style).toContain(`.codicon-${name}:before`);
    }
  });
});

describe('templates of new experiments', () => {
  const source = readFileSync(join(root, 'src/host/commands/newExperiment.ts'), 'utf8');
  const files = [...source.matchAll(/file: '([\w-]+\.mtl\.yaml)'/g)].map(([, file]) => file);
  test('there are four', () => expect(files).toHaveLength(4));
  test.each(files)('%s has no problem', (file) => {
    expect(checkExperiment(readFileSync(join(root, 'media/templates', file), 'utf8')).problems).toEqual([]);
  });
});
