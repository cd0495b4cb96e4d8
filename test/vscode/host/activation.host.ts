import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../src/protocol/commands';
import { until } from './workspace';

const extensionId = 'mtl-workbench.mtl-workbench';

describe('the extension', () => {
  it('activates in a folder of experiments by itself', async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension, 'the extension is installed');
    await until('it is active', () => extension.isActive);
  });

  it('has every command that it contributes', async () => {
    const present = new Set(await vscode.commands.getCommands(true));
    for (const id of Object.values(commands)) assert.ok(present.has(id), `${id} exists`);
  });

  it('has runs look for the native engine in its own storage', () => {
    assert.match(process.env.MTL_ENGINE_FOLDER ?? '', /globalStorage[\\/]mtl-workbench\.mtl-workbench[\\/]engine$/);
  });
});
