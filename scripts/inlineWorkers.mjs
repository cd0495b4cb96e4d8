// @ts-check
import path from 'node:path';
import esbuild from 'esbuild';

/**
 * Puts the bundled script of a worker into the page that starts it, as a text: `import { script } from
 * 'worker:./search'`. A page may start a worker from its own text only, and so has nothing to load for it.
 * @type {esbuild.Plugin}
 */
export const inlineWorkers = {
  name: 'inline-workers',
  setup(build) {
    const { absWorkingDir, target } = build.initialOptions;
    build.onResolve({ filter: /^worker:/ }, ({ path: name, resolveDir }) => ({
      path: path.resolve(resolveDir, `${name.slice('worker:'.length)}.ts`),
      namespace: 'worker',
    }));
    build.onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path: file }) => {
      const { outputFiles, metafile } = await esbuild.build({
        absWorkingDir,
        target,
        entryPoints: [file],
        bundle: true,
        write: false,
        metafile: true,
        platform: 'browser',
        format: 'iife',
        minify: true,
        logLevel: 'silent',
      });
      return {
        contents: `export const script = ${JSON.stringify(outputFiles[0].text)};`,
        watchFiles: Object.keys(metafile.inputs).map((input) => path.resolve(absWorkingDir ?? '.', input)),
      };
    });
  },
};
