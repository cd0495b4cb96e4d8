import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const extensionId = 'mtl-workbench.mtl-workbench';

describe('the extension', () => {
  it('activates in a folder of experiments', async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension, 'the extension is installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
