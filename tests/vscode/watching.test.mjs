// @ts-check
import { watchRuns } from './watching.mjs';

watchRuns({ name: 'English', theme: 'Light 2026' });
