import { config } from 'zod';

// To find out whether it may compile schemas zod looks at `navigator`, which VS Code reports as an error of the extension.
config({ jitless: true });
