import path from 'node:path';
import { cacheFolder, root } from '../../../scripts/project.mjs';

/** Where the bundled tests lie that run in the extension host. */
export const hostTestsFolder = path.join(cacheFolder, 'test', 'host');
/** Where screenshots of the tests go. */
export const screenshotsFolder = path.join(cacheFolder, 'screenshots');
/** Profiles of the VS Code servers that tests start; removed by the next test run. */
export const profilesFolder = path.join(cacheFolder, 'test', 'profiles');
/** The examples that ship with the repository. */
export const examplesFolder = path.join(root, 'examples');
