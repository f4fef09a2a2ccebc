// @ts-check
import { readRanks } from './ranks.mjs';

readRanks({ name: 'Chinese', language: 'zh-cn' });
