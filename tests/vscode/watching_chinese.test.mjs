// @ts-check
import { watchRuns } from './watching.mjs';

watchRuns({ name: 'Chinese, high contrast', language: 'zh-cn', theme: 'Dark High Contrast' });
